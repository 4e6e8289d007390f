package ebbtide.engine;

import ebbtide.kernels.Panels;

/**
 * Zoneout (D. Krueger et al., ICLR 2017) of an LSTM's cell states: with c̃_t = f ⊙ c_{t−1} + i ⊙ g, units
 * chosen anew at every step keep c_{t−1}; without masks every unit takes the mean, c_t = p·c_{t−1} + (1 −
 * p)·c̃_t. The state h_t comes from c̃_t, as in the paper.
 */
final class CellZoneout {
    private CellZoneout() {}

    static final class Forward extends CellStep {
        private final CellStep cell;
        private final LayerState state;
        private final int gates;
        private final Masks masks;
        private final float rate;
        private final ActiveRows active;

        /** @param gates panels of a block of units */
        Forward(
                CellStep cell,
                LayerState state,
                int gates,
                Masks masks,
                float rate,
                ActiveRows active) {
            this.cell = cell;
            this.state = state;
            this.gates = gates;
            this.masks = masks;
            this.rate = rate;
            this.active = active;
        }

        @Override
        void at(int t, int row) {
            super.at(t, row);
            cell.at(t, row);
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            cell.apply(sums, row, rows, panel, panels);
            int unit = panel / gates * Panels.WIDTH;
            int end = unit + panels / gates * Panels.WIDTH;
            float[] c = state.c;
            for (int r = first + row; r < first + row + rows; r++) {
                int after = state.cellIndex(state.axis.after(t), r);
                int before = state.cellIndex(state.axis.before(t, 1), r);
                long random = masks.row(active.absolute(t), active.order(r));
                for (int i = unit; i < end; i++) {
                    if (!masks.drawn()) {
                        c[after + i] = rate * c[before + i] + (1 - rate) * c[after + i];
                    } else if (masks.chosen(random, i)) {
                        c[after + i] = c[before + i];
                    }
                }
            }
        }
    }

    /** Gives the cell its c̃_t back, and takes ∂L/∂c_t of chosen units past it. */
    static final class Backward extends CellStep {
        private final CellStep cell;
        private final LayerState state;
        private final Masks masks;
        private final ActiveRows active;

        Backward(CellStep cell, LayerState state, Masks masks, ActiveRows active) {
            this.cell = cell;
            this.state = state;
            this.masks = masks;
            this.active = active;
        }

        @Override
        void at(int t, int row) {
            super.at(t, row);
            cell.at(t, row);
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
            cell.apply(sums, row, rows, panel, panels);
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
}
