package ebbtide.engine;

import ebbtide.kernels.Cells;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.List;

/**
 * The GRU of PyTorch and cuDNN (K. Cho et al., EMNLP 2014, with the reset gate after the product), gates
 * r, z, n; see {@link Cells#gruForward}. A row of gates keeps a fourth segment: U·h + b of gate n, which
 * becomes that gate's ∂L/∂z as the state sees it.
 */
record GruCell() implements Cell {

    @Override
    public int gates() {
        return 3;
    }

    @Override
    public int segments() {
        return 4;
    }

    @Override
    public int[] inputSegments() {
        return new int[] {0, 1, 2};
    }

    @Override
    public int[] stateSegments() {
        return new int[] {0, 1, 3};
    }

    @Override
    public boolean hiddenBiasApart(int gate) {
        return gate == 2;
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        return List.of(weights.fromBefore(state, new Forward(kernels.cells(), weights, state)));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        return List
                .of(weights.fromLater(state, new Backward(kernels.cells(), state, adjointLimit)));
    }

    private static final class Forward extends CellStep {
        private final Cells cells;
        private final LayerWeights weights;
        private final LayerState state;
        private final float[] work = new float[FusedProduct.ROWS * Cells.WORK];

        Forward(Cells cells, LayerWeights weights, LayerState state) {
            this.cells = cells;
            this.weights = weights;
            this.state = state;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            for (int p = 0; p < panels; p += 3) {
                int unit = (panel + p) / 3 * Panels.WIDTH;
                int after = state.after(t, first + row) + unit;
                int before = state.before(t, first + row) + unit;
                cells.gruForward(
                        sums,
                        p * Panels.WIDTH,
                        FusedProduct.STRIDE,
                        state.gates,
                        state.projections.index(t, first + row) + unit,
                        state.projections.rowStride,
                        state.segment,
                        weights.hiddenBias,
                        2 * state.segment + unit,
                        state.h,
                        before,
                        after,
                        state.stride,
                        rows,
                        work);
            }
        }
    }

    private static final class Backward extends CellStep {
        private final Cells cells;
        private final LayerState state;
        private final float limit;

        Backward(Cells cells, LayerState state, float limit) {
            this.cells = cells;
            this.state = state;
            this.limit = limit;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            for (int p = 0; p < panels; p++) {
                int unit = (panel + p) * Panels.WIDTH;
                int after = state.after(t, first + row) + unit;
                int before = state.before(t, first + row) + unit;
                cells.gruBackward(
                        sums,
                        p * Panels.WIDTH,
                        FusedProduct.STRIDE,
                        limit,
                        state.gates,
                        state.projections.index(t, first + row) + unit,
                        state.projections.rowStride,
                        state.segment,
                        state.h,
                        before,
                        state.stride,
                        state.dh,
                        after,
                        before,
                        state.stride,
                        rows);
            }
        }
    }
}
