package ebbtide.engine;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import ebbtide.kernels.Pointwise;
import java.util.Arrays;
import java.util.List;

/**
 * Elman cells with layer normalisation (J. Ba, J. Kiros, G. Hinton, 2016, equation 4): with a = (W·x_t +
 * b_ih) + U·h_{t−1}, mean μ and variance σ² over the H units, x̂ = (a − μ)/√(σ² + ε), h_t = φ(g ⊙ x̂ +
 * b_hh), ε = 1e-5. The gain g, {@code gain_l0} [H], starts at 1. Two stages a step, since a row must be
 * complete to be normalised. A row of gates keeps a, then ∂L/∂a; x̂; ∂L/∂z; and 1/√(σ² + ε).
 */
record NormalizedCell(Activation activation) implements Cell {
    private static final float EPSILON = 1e-5f;
    private static final int NORMALIZED = 1;
    private static final int SLOPE = 2;
    private static final int SCALE = 3;

    @Override
    public int gates() {
        return 1;
    }

    @Override
    public int segments() {
        return 4;
    }

    @Override
    public boolean hiddenBiasApart(int gate) {
        return true;
    }

    @Override
    public int hiddenBiasSegment(int gate) {
        return SLOPE;
    }

    @Override
    public List<String> extras() {
        return List.of("gain");
    }

    @Override
    public int extraSegments() {
        return 1;
    }

    @Override
    public void initialize(Layout layout, float[] flat, String suffix, Generator random) {
        Layout.Slot gain = layout.slot("gain" + suffix);
        Arrays.fill(flat, gain.offset(), gain.offset() + gain.columns(), 1f);
    }

    @Override
    public void pack(LayerWeights weights, float[] flat) {
        int gain = weights.extraSlots[0].offset();
        System.arraycopy(flat, gain, weights.extras, 0, weights.hidden);
    }

    @Override
    public List<ColumnSum> columnSums(LayerWeights weights, LayerState state) {
        return List.of(
                new ColumnSum(
                        weights.extraSlots[0], 0, SLOPE, state.segmentRows(NORMALIZED), 0));
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        int blocks = Panels.count(weights.hidden);
        Normalize normalize = new Normalize(kernels.pointwise(), weights, state);
        return List.of(
                weights.fromBefore(state, new Complete(kernels.pointwise(), state)),
                new Stage(new Term[0], state.gradients, null, blocks, 1, normalize));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        int blocks = Panels.count(weights.hidden);
        Back back = new Back(weights, state);
        return List.of(
                weights.fromLater(
                        state, new Differentiate(kernels.pointwise(), state, adjointLimit)),
                new Stage(new Term[0], state.gradients, null, blocks, 1, back));
    }

    /** 1/√(σ² + ε) of a row of a. */
    private static float deviation(float[] a, int at, int hidden, float mean) {
        float sum = 0;
        for (int i = 0; i < hidden; i++) {
            float d = a[at + i] - mean;
            sum = Math.fma(d, d, sum);
        }
        return 1 / (float) Math.sqrt(sum / hidden + EPSILON);
    }

    private static float mean(float[] a, int at, int hidden) {
        float sum = 0;
        for (int i = 0; i < hidden; i++) {
            sum += a[at + i];
        }
        return sum / hidden;
    }

    /** a = projection + sums. */
    private static final class Complete extends CellStep {
        private final Pointwise pointwise;
        private final LayerState state;

        Complete(Pointwise pointwise, LayerState state) {
            this.pointwise = pointwise;
            this.state = state;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            pointwise.accumulate(
                    sums, 0, FusedProduct.STRIDE, state.gates,
                    state.projections.index(t, first + row) + panel * Panels.WIDTH,
                    state.projections.rowStride, rows, panels * Panels.WIDTH);
        }
    }

    private final class Normalize extends CellStep {
        private final Pointwise pointwise;
        private final LayerWeights weights;
        private final LayerState state;

        Normalize(Pointwise pointwise, LayerWeights weights, LayerState state) {
            this.pointwise = pointwise;
            this.weights = weights;
            this.state = state;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int unit = panel * Panels.WIDTH;
            int columns = panels * Panels.WIDTH;
            float[] gates = state.gates;
            for (int r = first + row; r < first + row + rows; r++) {
                int a = state.projections.index(t, r);
                int h = state.after(t, r);
                float mean = mean(gates, a, weights.hidden);
                float scale = deviation(gates, a, weights.hidden, mean);
                int normalized = a + NORMALIZED * state.segment;
                for (int i = unit; i < unit + columns; i++) {
                    float value = (gates[a + i] - mean) * scale;
                    gates[normalized + i] = value;
                    gates[a + SCALE * state.segment + i] = scale;
                    state.h[h + i] = Math.fma(weights.extras[i], value, weights.hiddenBias[i]);
                }
                pointwise.apply(activation, state.h, h + unit, state.h, h + unit, columns);
            }
        }
    }

    /** ∂L/∂z = clip(∂L/∂h + sums)·φ′. */
    private final class Differentiate extends CellStep {
        private final Pointwise pointwise;
        private final LayerState state;
        private final float limit;

        Differentiate(Pointwise pointwise, LayerState state, float limit) {
            this.pointwise = pointwise;
            this.state = state;
            this.limit = limit;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int unit = panel * Panels.WIDTH;
            int columns = panels * Panels.WIDTH;
            int after = state.after(t, first + row) + unit;
            int stride = state.projections.rowStride;
            int dz = state.projections.index(t, first + row) + SLOPE * state.segment + unit;
            for (int r = 0; r < rows; r++) {
                System.arraycopy(
                        state.dh, after + r * state.stride, state.gates, dz + r * stride, columns);
            }
            pointwise.differentiate(
                    activation, limit, sums, 0, FusedProduct.STRIDE, state.h, after, state.stride,
                    state.gates, dz, stride, rows, columns);
        }
    }

    /** ∂L/∂a = (g⊙dz − mean(g⊙dz) − x̂·mean(g⊙dz⊙x̂))/√(σ² + ε). */
    private static final class Back extends CellStep {
        private final LayerWeights weights;
        private final LayerState state;

        Back(LayerWeights weights, LayerState state) {
            this.weights = weights;
            this.state = state;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int unit = panel * Panels.WIDTH;
            float[] gates = state.gates;
            float[] gain = weights.extras;
            int hidden = weights.hidden;
            for (int r = first + row; r < first + row + rows; r++) {
                int a = state.projections.index(t, r);
                int x = a + NORMALIZED * state.segment;
                int dz = a + SLOPE * state.segment;
                int scale = a + SCALE * state.segment;
                float mean = 0;
                float along = 0;
                for (int i = 0; i < hidden; i++) {
                    float d = gain[i] * gates[dz + i];
                    mean += d;
                    along = Math.fma(d, gates[x + i], along);
                }
                mean /= hidden;
                along /= hidden;
                for (int i = unit; i < unit + panels * Panels.WIDTH; i++) {
                    float d = gain[i] * gates[dz + i];
                    gates[a + i] = (d - mean - gates[x + i] * along) * gates[scale + i];
                }
            }
        }
    }
}
