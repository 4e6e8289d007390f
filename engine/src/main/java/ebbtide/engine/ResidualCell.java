package ebbtide.engine;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import ebbtide.kernels.Pointwise;
import java.util.List;

/**
 * Residual recurrence, h_t = h_{t−1} + φ(z_t): the identity carries states and gradients through time (K.
 * He et al., CVPR 2016, over time instead of depth). Saves φ(z), and in a second segment ∂L/∂z.
 */
record ResidualCell(Activation activation) implements Cell {
    @Override
    public int gates() {
        return 1;
    }

    @Override
    public int segments() {
        return 2;
    }

    @Override
    public int[] inputSegments() {
        return new int[] {1};
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        return List.of(weights.fromBefore(state, new Forward(kernels.pointwise(), state)));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        return List.of(
                weights.fromLater(state, new Backward(kernels.pointwise(), state, adjointLimit)));
    }

    private final class Forward extends CellStep {
        private final Pointwise pointwise;
        private final LayerState state;

        Forward(Pointwise pointwise, LayerState state) {
            this.pointwise = pointwise;
            this.state = state;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int unit = panel * Panels.WIDTH;
            int columns = panels * Panels.WIDTH;
            int stride = state.projections.rowStride;
            int z = state.projections.index(t, first + row) + unit;
            int after = state.after(t, first + row) + unit;
            int before = state.before(t, first + row) + unit;
            pointwise.activate(
                    activation, sums, 0, FusedProduct.STRIDE, state.gates, z, stride, rows,
                    columns);
            for (int r = 0; r < rows; r++) {
                int row0 = r * state.stride;
                System.arraycopy(state.h, before + row0, state.h, after + row0, columns);
            }
            pointwise.accumulate(
                    state.gates, z, stride, state.h, after, state.stride, rows, columns);
        }
    }

    private final class Backward extends CellStep {
        private final Pointwise pointwise;
        private final LayerState state;
        private final float limit;
        private final float[] nothing = new float[FusedProduct.TILE];

        Backward(Pointwise pointwise, LayerState state, float limit) {
            this.pointwise = pointwise;
            this.state = state;
            this.limit = limit;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int unit = panel * Panels.WIDTH;
            int columns = panels * Panels.WIDTH;
            int stride = state.projections.rowStride;
            int z = state.projections.index(t, first + row) + unit;
            int dz = z + state.segment;
            int after = state.after(t, first + row) + unit;
            int before = state.before(t, first + row) + unit;
            pointwise.differentiate(
                    Activation.IDENTITY, limit, sums, 0, FusedProduct.STRIDE, state.h, after,
                    state.stride, state.dh, after, state.stride, rows, columns);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(
                        state.dh, after + r * state.stride, state.gates, dz + r * stride, columns);
            }
            pointwise.accumulate(
                    state.dh, after, state.stride, state.dh, before, state.stride, rows, columns);
            pointwise.differentiate(
                    activation, Float.POSITIVE_INFINITY, nothing, 0, FusedProduct.STRIDE,
                    state.gates, z, stride, state.gates, dz, stride, rows, columns);
        }
    }
}
