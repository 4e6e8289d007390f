package ebbtide.engine;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import ebbtide.kernels.Pointwise;
import java.util.ArrayList;
import java.util.List;

/**
 * h_t = φ(((W·x_t + b) + U·h_{t−1}) + V·h_{t−d} + …) (J. Elman, Cognitive Science 14, 1990; connections
 * that skip d steps: T. Lin et al., IEEE Transactions on Neural Networks 7, 1996). Saves nothing but
 * the states: they are written over the projections, and ∂L/∂z over ∂L/∂h.
 */
record ElmanCell(Activation activation, List<Integer> delays) implements Cell {
    /** The same cell with connections that skip {@code further} steps, each at least 2. */
    ElmanCell withSkips(int... further) {
        List<Integer> all = new ArrayList<>(List.of(1));
        for (int delay : further) {
            if (delay < 2) {
                throw new IllegalArgumentException(
                        "delay of a skip connection: expected at least 2, got %d"
                                .formatted(delay));
            }
            all.add(delay);
        }
        return new ElmanCell(activation, List.copyOf(all));
    }

    @Override
    public int gates() {
        return 1;
    }

    @Override
    public int segments() {
        return 0;
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
        private int h;

        Forward(Pointwise pointwise, LayerState state) {
            this.pointwise = pointwise;
            this.state = state;
        }

        @Override
        void at(int t, int row) {
            h = state.after(t, row);
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int columns = panels * Panels.WIDTH;
            int to = h + row * state.stride + panel * Panels.WIDTH;
            int last = addAllButLast(
                    pointwise, delays.size(), sums, state.h, to, state.stride, rows, columns);
            pointwise.activate(
                    activation, sums, last, FusedProduct.STRIDE, state.h, to, state.stride, rows,
                    columns);
        }
    }

    private final class Backward extends CellStep {
        private final Pointwise pointwise;
        private final LayerState state;
        private final float limit;
        private int h;

        Backward(Pointwise pointwise, LayerState state, float limit) {
            this.pointwise = pointwise;
            this.state = state;
            this.limit = limit;
        }

        @Override
        void at(int t, int row) {
            h = state.after(t, row);
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int columns = panels * Panels.WIDTH;
            int to = h + row * state.stride + panel * Panels.WIDTH;
            int last = addAllButLast(
                    pointwise, delays.size(), sums, state.dh, to, state.stride, rows, columns);
            pointwise.differentiate(
                    activation,
                    limit,
                    sums,
                    last,
                    FusedProduct.STRIDE,
                    state.h,
                    to,
                    state.stride,
                    state.dh,
                    to,
                    state.stride,
                    rows,
                    columns);
        }
    }

    /** Adds the tiles of all terms but the last in their order; returns where the last one stands. */
    private static int addAllButLast(
            Pointwise pointwise,
            int terms,
            float[] sums,
            float[] target,
            int to,
            int stride,
            int rows,
            int columns) {
        for (int i = 0; i < terms - 1; i++) {
            pointwise.accumulate(
                    sums, i * FusedProduct.TILE, FusedProduct.STRIDE, target, to, stride, rows,
                    columns);
        }
        return (terms - 1) * FusedProduct.TILE;
    }
}
