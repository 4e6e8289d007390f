package ebbtide.engine;

import ebbtide.kernels.Panels;

/**
 * Dropout of the states that U multiplies, with the same units dropped at every step (Y. Gal, Z.
 * Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks", NIPS
 * 2016). States as such, and what a cell carries past U, are left whole.
 */
final class RecurrentDropout {
    private RecurrentDropout() {}

    /** Writes the masked state beside the state. */
    static final class Forward extends AroundStep {
        private final LayerState state;
        private final int gates;
        private int after;

        /** @param gates panels of a block of units */
        Forward(CellStep cell, LayerState state, int gates) {
            super(cell);
            this.state = state;
            this.gates = gates;
        }

        @Override
        void at(int t, int row) {
            super.at(t, row);
            after = state.after(t, row);
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            inner.apply(sums, row, rows, panel, panels);
            int unit = panel / gates * Panels.WIDTH;
            int units = panels / gates * Panels.WIDTH;
            for (int r = row; r < row + rows; r++) {
                state.maskRow(after + r * state.stride, first + r, unit, units);
            }
        }
    }

    /** Masks what comes back through U. */
    static final class Backward extends AroundStep {
        private final LayerState state;
        private final int terms;

        Backward(CellStep cell, LayerState state, int terms) {
            super(cell);
            this.state = state;
            this.terms = terms;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            mask(state, terms, sums, first + row, rows, panel, panels);
            inner.apply(sums, row, rows, panel, panels);
        }
    }

    /** Masks what comes back to initial states. */
    static final class AddToInitial extends Epilogue.ToRows {
        private final Epilogue.Add add;
        private final LayerState state;
        private final int terms;

        AddToInitial(Epilogue.Add add, LayerState state, int terms) {
            this.add = add;
            this.state = state;
            this.terms = terms;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int first = offset / stride % state.batch;
            mask(state, terms, sums, first + row, rows, panel, panels);
            add.at(target, offset, stride);
            add.apply(sums, row, rows, panel, panels);
        }
    }

    private static void mask(
            LayerState state, int terms, float[] sums, int first, int rows, int panel, int panels) {
        for (int term = 0; term < terms; term++) {
            for (int r = 0; r < rows; r++) {
                int from = term * FusedProduct.TILE + r * FusedProduct.STRIDE;
                int mask = (first + r) * state.stride + panel * Panels.WIDTH;
                for (int i = 0; i < panels * Panels.WIDTH; i++) {
                    sums[from + i] *= state.mask[mask + i];
                }
            }
        }
    }
}
