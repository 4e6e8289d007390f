package ebbtide.engine;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Cells;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.List;

/**
 * Leaky units, h_t = (1 − α)·h_{t−1} + α·φ(z_t) with one rate for each unit; see {@link
 * Cells#leakyForward}. Saves φ(z), which becomes ∂L/∂z in place.
 */
record LeakyCell(Activation activation, float[] rates) implements Cell {
    @Override
    public int gates() {
        return 1;
    }

    @Override
    public int segments() {
        return 1;
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        return List.of(weights.fromBefore(state, new Forward(kernels.cells(), state)));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        return List
                .of(weights.fromLater(state, new Backward(kernels.cells(), state, adjointLimit)));
    }

    private final class Forward extends CellStep {
        private final Cells cells;
        private final LayerState state;
        private int t;
        private int first;

        Forward(Cells cells, LayerState state) {
            this.cells = cells;
            this.state = state;
        }

        @Override
        void at(int t, int row) {
            this.t = t;
            this.first = row;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int unit = panel * Panels.WIDTH;
            int after = state.after(t, first + row) + unit;
            int before = state.before(t, first + row) + unit;
            cells.leakyForward(
                    activation,
                    sums,
                    0,
                    FusedProduct.STRIDE,
                    state.gates,
                    state.projections.index(t, first + row) + unit,
                    state.projections.rowStride,
                    rates,
                    unit,
                    state.h,
                    before,
                    after,
                    state.stride,
                    rows,
                    panels * Panels.WIDTH);
        }
    }

    private final class Backward extends CellStep {
        private final Cells cells;
        private final LayerState state;
        private final float limit;
        private int t;
        private int first;

        Backward(Cells cells, LayerState state, float limit) {
            this.cells = cells;
            this.state = state;
            this.limit = limit;
        }

        @Override
        void at(int t, int row) {
            this.t = t;
            this.first = row;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int unit = panel * Panels.WIDTH;
            int after = state.after(t, first + row) + unit;
            int before = state.before(t, first + row) + unit;
            cells.leakyBackward(
                    activation,
                    limit,
                    sums,
                    0,
                    FusedProduct.STRIDE,
                    state.gates,
                    state.projections.index(t, first + row) + unit,
                    state.projections.rowStride,
                    rates,
                    unit,
                    null,
                    0,
                    0,
                    state.h,
                    before,
                    state.stride,
                    state.dh,
                    after,
                    before,
                    state.stride,
                    rows,
                    panels * Panels.WIDTH);
        }
    }
}
