package ebbtide.engine;

import ebbtide.kernels.Panels;
import java.util.Arrays;

/**
 * Zoneout (D. Krueger et al., ICLR 2017) of the states h: units chosen anew at every step keep the state
 * of the step before; without masks every unit takes the mean of both, h_t = p·h_{t−1} + (1 − p)·h̃_t.
 * Cell states of an LSTM are zoned apart; {@link CellZoneout} goes back over that.
 */
final class Zoneout {
    private Zoneout() {}

    /** Of h, or of c; {@code zoned} are their rows by slot. */
    static final class Forward extends AroundStep {
        private final LayerState state;
        private final StepRows zoned;
        private final int gates;
        private final Masks masks;
        private final float rate;
        private final ActiveRows active;

        /** @param gates panels of a block of units */
        Forward(
                CellStep cell,
                LayerState state,
                StepRows zoned,
                int gates,
                Masks masks,
                float rate,
                ActiveRows active) {
            super(cell);
            this.state = state;
            this.zoned = zoned;
            this.gates = gates;
            this.masks = masks;
            this.rate = rate;
            this.active = active;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            inner.apply(sums, row, rows, panel, panels);
            int unit = panel / gates * Panels.WIDTH;
            int end = unit + panels / gates * Panels.WIDTH;
            float[] values = zoned.data;
            for (int r = first + row; r < first + row + rows; r++) {
                int after = zoned.index(state.axis.after(t), r);
                int before = zoned.index(state.axis.before(t, 1), r);
                long random = masks.row(active.absolute(t), active.order(r));
                for (int i = unit; i < end; i++) {
                    if (!masks.drawn()) {
                        values[after + i] =
                                rate * values[before + i] + (1 - rate) * values[after + i];
                    } else if (masks.chosen(random, i)) {
                        values[after + i] = values[before + i];
                    }
                }
            }
        }
    }

    /** Of h. */
    static final class Backward extends AroundStep {
        private final LayerState state;
        private final int terms;
        private final Masks masks;
        private final ActiveRows active;

        Backward(
                CellStep cell, LayerState state, int terms, Masks masks, ActiveRows active) {
            super(cell);
            this.state = state;
            this.terms = terms;
            this.masks = masks;
            this.active = active;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int unit = panel * Panels.WIDTH;
            int units = panels * Panels.WIDTH;
            float[] dh = state.dh;
            for (int r = 0; r < rows; r++) {
                int after = state.after(t, first + row + r) + unit;
                int before = state.before(t, first + row + r) + unit;
                long random = masks.row(active.absolute(t), active.order(first + row + r));
                for (int term = 0; term < terms; term++) {
                    int from = term * FusedProduct.TILE + r * FusedProduct.STRIDE;
                    for (int i = 0; i < units; i++) {
                        dh[after + i] += sums[from + i];
                    }
                    Arrays.fill(sums, from, from + units, 0f);
                }
                boolean sent = sent(first + row + r);
                for (int i = 0; i < units; i++) {
                    if (masks.chosen(random, unit + i)) {
                        if (sent) {
                            state.toEarlier.passBy(first + row + r, unit + i, dh[after + i]);
                        } else {
                            dh[before + i] += dh[after + i];
                        }
                        dh[after + i] = 0f;
                    }
                }
            }
            inner.apply(sums, row, rows, panel, panels);
        }

        /** Whether the state before belongs to an earlier segment, which adds it in its turn. */
        private boolean sent(int row) {
            TimeAxis axis = state.axis;
            return state.toEarlier != null
                    && axis.writer(axis.before(t, 1)) == TimeAxis.NONE
                    && row < active.began(axis.reverse());
        }
    }
}
