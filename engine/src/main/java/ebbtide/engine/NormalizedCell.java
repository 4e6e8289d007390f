package ebbtide.engine;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import ebbtide.kernels.Pointwise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Elman and leaky cells with layer normalisation before φ (J. Ba, J. Kiros, G. Hinton, 2016, equation
 * 4): a = (W·x_t + b_ih) + U·h_{t−1}, z = g ⊙ {@linkplain LayerNorm x̂(a)} + b_hh in place of z. The gain
 * g, {@code gain_l0} [H], starts at 1. Two stages a step, since a row must be complete to be normalised.
 * After the segments of the cell itself, of which the first holds a, later ∂L/∂a, a row of gates keeps
 * x̂, ∂L/∂z and 1/√(σ² + ε).
 *
 * @param cell an Elman cell without skip connections, or leaky units
 */
record NormalizedCell(Cell cell) implements Cell {
    @Override
    public int gates() {
        return 1;
    }

    @Override
    public int segments() {
        return scale() + 1;
    }

    private int normalized() {
        return Math.max(1, cell.segments());
    }

    private int slope() {
        return normalized() + 1;
    }

    private int scale() {
        return normalized() + 2;
    }

    @Override
    public boolean hiddenBiasApart(int gate) {
        return true;
    }

    @Override
    public int hiddenBiasSegment(int gate) {
        return slope();
    }

    @Override
    public List<Extra> extras() {
        List<Extra> all = new ArrayList<>(cell.extras());
        all.add(new Extra("gain", 1));
        return all;
    }

    @Override
    public int extraSegments() {
        return cell.extraSegments() + 1;
    }

    @Override
    public void initialize(Layout layout, float[] flat, String suffix, Generator random) {
        cell.initialize(layout, flat, suffix, random);
        Layout.Slot gain = layout.slot("gain" + suffix);
        Arrays.fill(flat, gain.offset(), gain.offset() + gain.columns(), 1f);
    }

    @Override
    public void pack(LayerWeights weights, float[] flat) {
        cell.pack(weights, flat);
        extras().getLast().copy(weights, flat, gain(weights), cell.extraSegments());
    }

    private static Layout.Slot gain(LayerWeights weights) {
        return weights.extraSlots[weights.extraSlots.length - 1];
    }

    @Override
    public List<ColumnSum> columnSums(LayerWeights weights, LayerState state) {
        List<ColumnSum> all = new ArrayList<>(cell.columnSums(weights, state));
        StepRows normalized = state.segmentRows(normalized());
        all.add(new ColumnSum(gain(weights), 0, slope(), normalized, 0));
        return all;
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        return List.of(
                weights.fromBefore(state, new Complete(kernels.pointwise(), state)),
                Stage.rows(weights, new Forward(kernels, weights, state)));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        return List.of(
                weights.fromLater(state, new CompleteAdjoint(kernels, state, adjointLimit)),
                Stage.rows(weights, new Backward(kernels, weights, state)));
    }

    /** Where the cell reads z, and leaves ∂L/∂z: an Elman cell in its states, others in gates. */
    private StepRows place(LayerState state, StepRows states) {
        return cell.segments() == 0 ? states : state.segmentRows(0);
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

    private final class Forward extends RowStep {
        private final LayerWeights weights;
        private final LayerState state;
        private final LayerNorm norm;
        private final StepRows z;
        private final int gain;

        Forward(Kernels kernels, LayerWeights weights, LayerState state) {
            super(cell.forward(kernels, weights, state).getFirst().step());
            this.weights = weights;
            this.state = state;
            norm = new LayerNorm(kernels.reductions(), weights.hidden, 1);
            z = place(state, state.outputs());
            gain = cell.extraSegments() * weights.padded;
        }

        @Override
        void rows(int row, int rows) {
            for (int r = row; r < row + rows; r++) {
                int a = state.projections.index(t, r);
                int normalized = a + normalized() * state.segment;
                float s = norm.normalize(state.gates, a, 1, state.gates, normalized);
                state.gates[a + scale() * state.segment] = s;
                int to = z.index(t, r);
                for (int i = 0; i < state.segment; i++) {
                    z.data[to + i] =
                            Math.fma(
                                    weights.extras[gain + i], state.gates[normalized + i],
                                    weights.hiddenBias[i]);
                }
            }
            cell(row, rows, weights.padded, 1);
        }
    }

    private final class Backward extends RowStep {
        private final LayerWeights weights;
        private final LayerState state;
        private final LayerNorm norm;
        private final StepRows dz;
        private final int gain;

        Backward(Kernels kernels, LayerWeights weights, LayerState state) {
            super(
                    cell.backward(kernels, weights, state, Float.POSITIVE_INFINITY)
                            .getFirst()
                            .step());
            this.weights = weights;
            this.state = state;
            norm = new LayerNorm(kernels.reductions(), weights.hidden, 1);
            dz = place(state, state.adjoints());
            gain = cell.extraSegments() * weights.padded;
        }

        @Override
        void rows(int row, int rows) {
            cell(row, rows, weights.padded, 1);
            float[] gates = state.gates;
            for (int r = row; r < row + rows; r++) {
                int from = dz.index(t, r);
                int a = state.projections.index(t, r);
                int kept = a + slope() * state.segment;
                System.arraycopy(dz.data, from, gates, kept, state.segment);
                for (int i = 0; i < state.segment; i++) {
                    gates[a + i] = weights.extras[gain + i] * gates[kept + i];
                }
                float s = gates[a + scale() * state.segment];
                int normalized = a + normalized() * state.segment;
                norm.differentiate(gates, a, 1, gates, normalized, s, gates, a);
            }
        }
    }
}
