package ebbtide.engine;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * LSTM and GRU with layer normalisation (J. Ba, J. Kiros, G. Hinton, 2016, supplement, equations 20 to 22
 * and 27 to 29): in place of W·x_t + b_ih a gate reads g_ih ⊙ x̂(W·x_t) + b_ih, in place of U·h_{t−1} +
 * b_hh it reads g_hh ⊙ x̂(U·h_{t−1}) + b_hh, and an LSTM gives o ⊙ tanh(g_c ⊙ x̂(c_t) + b_c). An LSTM's
 * four gates are {@linkplain LayerNorm normalised} together, a GRU's r and z together, and n alone.
 * Parameters {@code gain_ih_l0} and {@code gain_hh_l0} [G·H], and of an LSTM {@code gain_c_l0}, {@code
 * bias_c_l0} [H]; gains start at 1, b_c at 0.
 *
 * <p>After the cell's own segments a row of gates keeps, G segments each: x̂(U·h), x̂(W·x), ∂L/∂(U·h),
 * ∂L/∂(W·x); then a segment for 1/√(σ² + ε) of each, and of an LSTM x̂(c) and ∂L/∂(g_c ⊙ x̂(c) + b_c).
 *
 * @param cell PyTorch's LSTM or GRU
 */
record NormalizedGatesCell(Cell cell) implements Cell {
    /** Gates of each group that is normalised together. */
    int[] groups() {
        return hasCellState() ? new int[] {4} : new int[] {2, 1};
    }

    @Override
    public int gates() {
        return cell.gates();
    }

    @Override
    public int segments() {
        return scales() + (hasCellState() ? 3 : 1);
    }

    /** The first segment of x̂(U·h). */
    int recurrent() {
        return cell.segments();
    }

    /** The first segment of x̂(W·x). */
    int input() {
        return recurrent() + gates();
    }

    /** The first segment of ∂L/∂(U·h). */
    int recurrentSlope() {
        return input() + gates();
    }

    /** The first segment of ∂L/∂(W·x). */
    int inputSlope() {
        return recurrentSlope() + gates();
    }

    /** The segment of 1/√(σ² + ε): of W·x and U·h of each group, then of c. */
    int scales() {
        return inputSlope() + gates();
    }

    /** The segment of x̂(c). */
    int normalizedCell() {
        return scales() + 1;
    }

    /** The segment of the gradient of what tanh takes for c. */
    int cellSlope() {
        return scales() + 2;
    }

    @Override
    public int[] inputSegments() {
        return from(inputSlope());
    }

    @Override
    public int[] stateSegments() {
        return from(recurrentSlope());
    }

    private int[] from(int segment) {
        int[] all = new int[gates()];
        Arrays.setAll(all, gate -> segment + gate);
        return all;
    }

    @Override
    public int inputBiasSegment(int gate) {
        return cell.inputSegments()[gate];
    }

    @Override
    public int hiddenBiasSegment(int gate) {
        return cell.stateSegments()[gate];
    }

    @Override
    public boolean biasesApart() {
        return true;
    }

    @Override
    public boolean hasCellState() {
        return cell.hasCellState();
    }

    @Override
    public int cellStateStage() {
        return 1;
    }

    @Override
    public List<Extra> extras() {
        List<Extra> all = new ArrayList<>();
        all.add(new Extra("gain_ih", gates()));
        all.add(new Extra("gain_hh", gates()));
        if (hasCellState()) {
            all.add(new Extra("gain_c", 1));
            all.add(new Extra("bias_c", 1));
        }
        return all;
    }

    /** The packed extras in their order, then b_ih + b_hh of each gate, or b_ih where b_hh is apart. */
    @Override
    public int extraSegments() {
        return bias() + gates();
    }

    /** The first segment of the packed extras that is a bias. */
    int bias() {
        return 2 * gates() + (hasCellState() ? 2 : 0);
    }

    @Override
    public void initialize(Layout layout, float[] flat, String suffix, Generator random) {
        cell.initialize(layout, flat, suffix, random);
        for (Extra extra : extras()) {
            Layout.Slot slot = layout.slot(extra.name() + suffix);
            float start = extra.name().equals("bias_c") ? 0f : 1f;
            Arrays.fill(flat, slot.offset(), slot.offset() + slot.columns(), start);
        }
    }

    @Override
    public void pack(LayerWeights weights, float[] flat) {
        int segment = 0;
        for (int i = 0; i < weights.extraSlots.length; i++) {
            Extra extra = extras().get(i);
            extra.copy(weights, flat, weights.extraSlots[i], segment);
            segment += extra.gates();
        }
        for (int gate = 0; gate < gates(); gate++) {
            int to = (bias() + gate) * weights.padded;
            for (int i = 0; i < weights.hidden; i++) {
                float in = flat[weights.biasInput.offset() + gate * weights.hidden + i];
                float hid = flat[weights.biasHidden.offset() + gate * weights.hidden + i];
                weights.extras[to + i] = cell.hiddenBiasApart(gate) ? in : in + hid;
            }
        }
    }

    @Override
    public List<ColumnSum> columnSums(LayerWeights weights, LayerState state) {
        List<ColumnSum> sums = new ArrayList<>();
        for (int gate = 0; gate < gates(); gate++) {
            int first = gate * weights.hidden;
            sums.add(new ColumnSum(
                    weights.extraSlots[0], first, inputBiasSegment(gate),
                    state.segmentRows(input() + gate), 0));
            sums.add(new ColumnSum(
                    weights.extraSlots[1], first, hiddenBiasSegment(gate),
                    state.segmentRows(recurrent() + gate), 0));
        }
        if (hasCellState()) {
            StepRows normalized = state.segmentRows(normalizedCell());
            sums.add(new ColumnSum(weights.extraSlots[2], 0, cellSlope(), normalized, 0));
            sums.add(ColumnSum.biases(0, cellSlope(), weights.extraSlots[3]));
        }
        return sums;
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        return List.of(
                weights.fromBefore(state, new Keep(state)),
                Stage.rows(weights, new NormalizedForward(this, kernels, weights, state)));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        return List.of(
                weights.fromLater(state, new CompleteAdjoint(kernels, state, adjointLimit)),
                Stage.rows(weights, new NormalizedBackward(this, kernels, weights, state)));
    }

    /** Keeps U·h. */
    private final class Keep extends CellStep {
        private final LayerState state;

        Keep(LayerState state) {
            this.state = state;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            for (int r = 0; r < rows; r++) {
                int base = state.projections.index(t, first + row + r);
                for (int p = 0; p < panels; p++) {
                    int gate = (panel + p) % gates();
                    int unit = (panel + p) / gates() * Panels.WIDTH;
                    System.arraycopy(
                            sums,
                            r * FusedProduct.STRIDE + p * Panels.WIDTH,
                            state.gates,
                            base + (recurrent() + gate) * state.segment + unit,
                            Panels.WIDTH);
                }
            }
        }
    }
}
