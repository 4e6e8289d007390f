package ebbtide.engine;

import ebbtide.kernels.Panels;

/**
 * The backward part of zoneout (D. Krueger et al., ICLR 2017) of an LSTM's cell states: with c̃_t = f ⊙
 * c_{t−1} + i ⊙ g, units chosen anew at every step keep c_{t−1}, the others take c̃_t. The state h_t comes
 * from c̃_t, as in the paper, so the cell is given its c̃_t back, and ∂L/∂c_t of chosen units is taken
 * past it.
 */
final class CellZoneout extends AroundStep {
    private final LayerState state;
    private final Masks masks;
    private final ActiveRows active;

    CellZoneout(CellStep cell, LayerState state, Masks masks, ActiveRows active) {
        super(cell);
        this.state = state;
        this.masks = masks;
        this.active = active;
    }

    @Override
    void apply(float[] sums, int row, int rows, int panel, int panels) {
        int unit = panel * Panels.WIDTH;
        int end = unit + panels * Panels.WIDTH;
        for (int r = first + row; r < first + row + rows; r++) {
            long random = masks.row(active.absolute(t), active.order(r));
            int dc = r * state.segment;
            for (int i = unit; i < end; i++) {
                boolean kept = masks.chosen(random, i);
                state.passedBy[dc + i] = kept ? state.dc[dc + i] : 0f;
                if (kept) {
                    state.dc[dc + i] = 0f;
                    restore(r, i);
                }
            }
        }
        inner.apply(sums, row, rows, panel, panels);
        for (int r = first + row; r < first + row + rows; r++) {
            int dc = r * state.segment;
            for (int i = unit; i < end; i++) {
                state.dc[dc + i] += state.passedBy[dc + i];
            }
        }
    }

    /** c̃_t once more, as {@link ebbtide.kernels.Cells#lstmForward} computed it. */
    private void restore(int row, int unit) {
        int gate = state.projections.index(t, row) + unit;
        float i = state.gates[gate];
        float f = state.gates[gate + state.segment];
        float g = state.gates[gate + 2 * state.segment];
        int before = state.cellIndex(state.axis.before(t, 1), row) + unit;
        state.c[state.cellIndex(state.axis.after(t), row) + unit] =
                Math.fma(f, state.c[before], i * g);
    }
}
