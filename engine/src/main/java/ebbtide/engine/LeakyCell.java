package ebbtide.engine;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import ebbtide.kernels.Cells;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.Arrays;
import java.util.List;

/**
 * Leaky units, h_t = (1 − α)·h_{t−1} + α·φ(z_t) with one rate for each unit; see {@link
 * Cells#leakyForward}. Saves φ(z), which becomes ∂L/∂z in place. Learned rates are α = σ(ρ) of a
 * parameter ρ, {@code leak_l0} [H], so that they stay in (0, 1); a second segment then keeps ∂L/∂α.
 *
 * @param rates one rate a unit, or a single one from which learning starts
 */
record LeakyCell(Activation activation, float[] rates, boolean learned) implements Cell {
    /**
     * Fixed rates.
     *
     * @param rates one for each unit, or one for all, in [0, 1]
     */
    static LeakyCell fixed(Activation activation, int hidden, float... rates) {
        if (rates.length != 1 && rates.length != hidden) {
            throw new IllegalArgumentException(
                    "rates: expected 1 or %d, got %d".formatted(hidden, rates.length));
        }
        float[] padded = new float[Panels.padded(hidden)];
        for (int i = 0; i < hidden; i++) {
            float rate = rates[rates.length == 1 ? 0 : i];
            if (!(rate >= 0 && rate <= 1)) {
                throw new IllegalArgumentException(
                        "rate of unit %d: expected a number in [0, 1], got %s".formatted(i, rate));
            }
            padded[i] = rate;
        }
        return new LeakyCell(activation, padded, false);
    }

    /** Rates to be learned, all from {@code start} in (0, 1). */
    static LeakyCell learned(Activation activation, float start) {
        if (!(start > 0 && start < 1)) {
            throw new IllegalArgumentException(
                    "rate at the start: expected a number above 0 and below 1, got " + start);
        }
        return new LeakyCell(activation, new float[] {start}, true);
    }

    @Override
    public int gates() {
        return 1;
    }

    @Override
    public int segments() {
        return learned ? 2 : 1;
    }

    @Override
    public int[] inputSegments() {
        return new int[] {0};
    }

    @Override
    public void initialize(Layout layout, float[] flat, String suffix, Generator random) {
        if (learned) {
            Layout.Slot leak = layout.slot("leak" + suffix);
            double odds = rates[0] / (1.0 - rates[0]);
            Arrays.fill(
                    flat,
                    leak.offset(),
                    leak.offset() + leak.columns(),
                    (float) StrictMath.log(odds));
        }
    }

    /** α and α·(1 − α), which is dα/dρ. */
    @Override
    public void pack(LayerWeights weights, float[] flat) {
        int padded = weights.padded;
        if (!learned) {
            System.arraycopy(rates, 0, weights.extras, 0, padded);
            return;
        }
        int leak = weights.extraSlots[0].offset();
        weights.kernels
                .pointwise()
                .apply(Activation.SIGMOID, flat, leak, weights.extras, 0, weights.hidden);
        for (int i = 0; i < weights.hidden; i++) {
            float alpha = weights.extras[i];
            weights.extras[padded + i] = Math.fma(-alpha, alpha, alpha);
        }
    }

    @Override
    public List<Extra> extras() {
        return learned ? List.of(new Extra("leak", 1)) : List.of();
    }

    @Override
    public int extraSegments() {
        return 2;
    }

    @Override
    public List<ColumnSum> columnSums(LayerWeights weights, LayerState state) {
        if (!learned) {
            return List.of();
        }
        StepRows slope = new StepRows(weights.extras, weights.padded, 0, 0);
        return List.of(new ColumnSum(weights.extraSlots[0], 0, 1, slope, 0));
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        return List
                .of(weights.fromBefore(state, new Forward(kernels.cells(), weights.extras, state)));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        return List
                .of(weights.fromLater(state,
                        new Backward(kernels.cells(), weights.extras, state, adjointLimit)));
    }

    private final class Forward extends CellStep {
        private final Cells cells;
        private final float[] alpha;
        private final LayerState state;

        Forward(Cells cells, float[] alpha, LayerState state) {
            this.cells = cells;
            this.alpha = alpha;
            this.state = state;
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
                    alpha,
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
        private final float[] alpha;
        private final LayerState state;
        private final float limit;

        Backward(Cells cells, float[] alpha, LayerState state, float limit) {
            this.cells = cells;
            this.alpha = alpha;
            this.state = state;
            this.limit = limit;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int unit = panel * Panels.WIDTH;
            int after = state.after(t, first + row) + unit;
            int before = state.before(t, first + row) + unit;
            int z = state.projections.index(t, first + row) + unit;
            for (int r = 0; learned && r < rows; r++) {
                int at = z + state.segment + r * state.projections.rowStride;
                Arrays.fill(state.gates, at, at + panels * Panels.WIDTH, 0f);
            }
            cells.leakyBackward(
                    activation,
                    limit,
                    sums,
                    0,
                    FusedProduct.STRIDE,
                    state.gates,
                    z,
                    state.projections.rowStride,
                    alpha,
                    unit,
                    learned ? state.gates : null,
                    z + state.segment,
                    state.projections.rowStride,
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
