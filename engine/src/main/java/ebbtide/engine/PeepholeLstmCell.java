package ebbtide.engine;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.GatedVariants;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.Arrays;
import java.util.List;

/**
 * The LSTM whose gates look at the cell state through weights of their own, {@code weight_ci_l0}, {@code
 * weight_cf_l0} and {@code weight_co_l0} [H], which start at 0; see {@link
 * GatedVariants#peepholeForward}. Saves what {@link LstmCell} does.
 */
record PeepholeLstmCell(LstmCell lstm) implements Cell {
    @Override
    public int gates() {
        return lstm.gates();
    }

    @Override
    public int segments() {
        return lstm.segments();
    }

    @Override
    public boolean hasCellState() {
        return true;
    }

    @Override
    public List<Extra> extras() {
        return List.of(
                new Extra("weight_ci", 1), new Extra("weight_cf", 1), new Extra("weight_co", 1));
    }

    @Override
    public int extraSegments() {
        return 3;
    }

    @Override
    public void initialize(Layout layout, float[] flat, String suffix, Generator random) {
        lstm.initialize(layout, flat, suffix, random);
        for (Extra extra : extras()) {
            Layout.Slot slot = layout.slot(extra.name() + suffix);
            Arrays.fill(flat, slot.offset(), slot.offset() + slot.columns(), 0f);
        }
    }

    @Override
    public void pack(LayerWeights weights, float[] flat) {
        for (int i = 0; i < weights.extraSlots.length; i++) {
            extras().get(i).copy(weights, flat, weights.extraSlots[i], i);
        }
    }

    /** di ⊙ c_{t−1}, df ⊙ c_{t−1} and do ⊙ c_t. */
    @Override
    public List<ColumnSum> columnSums(LayerWeights weights, LayerState state) {
        StepRows cells = state.cells();
        int before = state.axis.before(0, 1);
        return List.of(
                new ColumnSum(weights.extraSlots[0], 0, 0, cells, before),
                new ColumnSum(weights.extraSlots[1], 0, 1, cells, before),
                new ColumnSum(weights.extraSlots[2], 0, 3, cells, state.axis.after(0)));
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        return List.of(
                weights.fromBefore(state, new Forward(kernels.gatedVariants(), weights, state)));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        return List.of(
                weights.fromLater(
                        state,
                        new Backward(kernels.gatedVariants(), weights, state, adjointLimit)));
    }

    private static final class Forward extends CellStep {
        private final GatedVariants variants;
        private final LayerWeights weights;
        private final LayerState state;
        private final float[] work = new float[FusedProduct.ROWS * GatedVariants.WORK];

        Forward(GatedVariants variants, LayerWeights weights, LayerState state) {
            this.variants = variants;
            this.weights = weights;
            this.state = state;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            for (int p = 0; p < panels; p += 4) {
                int unit = (panel + p) / 4 * Panels.WIDTH;
                variants.peepholeForward(
                        sums,
                        p * Panels.WIDTH,
                        FusedProduct.STRIDE,
                        state.gates,
                        state.projections.index(t, first + row) + unit,
                        state.projections.rowStride,
                        state.segment,
                        weights.extras,
                        unit,
                        state.c,
                        state.cellIndex(state.axis.before(t, 1), first + row) + unit,
                        state.cellIndex(state.axis.after(t), first + row) + unit,
                        state.segment,
                        state.h,
                        state.after(t, first + row) + unit,
                        state.stride,
                        rows,
                        work);
            }
        }
    }

    private static final class Backward extends CellStep {
        private final GatedVariants variants;
        private final LayerWeights weights;
        private final LayerState state;
        private final float limit;
        private final float[] work = new float[FusedProduct.ROWS * GatedVariants.WORK];

        Backward(
                GatedVariants variants, LayerWeights weights, LayerState state, float limit) {
            this.variants = variants;
            this.weights = weights;
            this.state = state;
            this.limit = limit;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            for (int p = 0; p < panels; p++) {
                int unit = (panel + p) * Panels.WIDTH;
                variants.peepholeBackward(
                        sums,
                        p * Panels.WIDTH,
                        FusedProduct.STRIDE,
                        limit,
                        state.gates,
                        state.projections.index(t, first + row) + unit,
                        state.projections.rowStride,
                        state.segment,
                        weights.extras,
                        unit,
                        state.c,
                        state.cellIndex(state.axis.before(t, 1), first + row) + unit,
                        state.cellIndex(state.axis.after(t), first + row) + unit,
                        state.segment,
                        state.dh,
                        state.after(t, first + row) + unit,
                        state.stride,
                        state.dc,
                        (first + row) * state.segment + unit,
                        state.segment,
                        rows,
                        work);
            }
        }
    }
}
