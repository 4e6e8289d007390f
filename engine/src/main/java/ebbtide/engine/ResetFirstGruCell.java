package ebbtide.engine;

import ebbtide.kernels.GatedVariants;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.List;

/**
 * The GRU of the 2014 paper (K. Cho et al., EMNLP), with the reset gate before the product: n = tanh(W·x
 * + U_n·(r ⊙ h_{t−1}) + b). Two stages a step: gates r and z, then n. A row of gates keeps r, z, n, r ⊙
 * h_{t−1}, and on the way back d·z.
 */
record ResetFirstGruCell() implements Cell {
    private static final int RESET = 3;

    @Override
    public int gates() {
        return 3;
    }

    @Override
    public int segments() {
        return 5;
    }

    @Override
    public int[][] stages() {
        return new int[][] {{0, 1}, {2}};
    }

    @Override
    public StepRows within(int stage, LayerState state) {
        return state.segmentRows(RESET);
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        return List.of(
                weights.fromBefore(state, new Part(PartOf.RESET, kernels, state, 0)),
                Stage.within(
                        Term.of(weights.recurrent[0][1]),
                        state.segmentRows(RESET),
                        Panels.count(weights.hidden),
                        new Part(PartOf.CANDIDATE, kernels, state, 0)));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        return List.of(
                weights.fromLater(
                        state, new Part(PartOf.CANDIDATE_BACK, kernels, state, adjointLimit)),
                Stage.within(
                        weights.back(0, 1),
                        state.gradients,
                        Panels.count(weights.hidden),
                        new Part(PartOf.RESET_BACK, kernels, state, 0)));
    }

    /** The pointwise parts, all of which work on blocks of 16 units. */
    private enum PartOf {
        RESET,
        CANDIDATE,
        CANDIDATE_BACK,
        RESET_BACK
    }

    private static final class Part extends CellStep {
        private final PartOf part;
        private final GatedVariants variants;
        private final LayerState state;
        private final float limit;
        private final float[] work = new float[FusedProduct.ROWS * GatedVariants.WORK];

        Part(PartOf part, Kernels kernels, LayerState state, float limit) {
            this.part = part;
            this.variants = kernels.gatedVariants();
            this.state = state;
            this.limit = limit;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int gates = part == PartOf.RESET ? 2 : 1;
            for (int p = 0; p < panels; p += gates) {
                int unit = (panel + p) / gates * Panels.WIDTH;
                int from = p * Panels.WIDTH;
                int z = state.projections.index(t, first + row) + unit;
                block(sums, from, z, rows, first + row, unit);
            }
        }

        private void block(float[] sums, int from, int z, int rows, int row, int unit) {
            int before = state.before(t, row) + unit;
            int after = state.after(t, row) + unit;
            int stride = state.projections.rowStride;
            switch (part) {
                case RESET ->
                    variants.resetForward(
                            sums, from, FusedProduct.STRIDE, state.gates, z, stride,
                            state.segment, state.h, before, state.stride, rows, work);
                case CANDIDATE ->
                    variants.candidateForward(
                            sums, from, FusedProduct.STRIDE, state.gates, z, stride,
                            state.segment, state.h, before, after, state.stride, rows, work);
                case CANDIDATE_BACK ->
                    variants.candidateBackward(
                            sums, from, FusedProduct.STRIDE, limit, state.gates, z, stride,
                            state.segment, state.h, before, state.stride, state.dh, after,
                            state.stride, rows);
                case RESET_BACK ->
                    variants.resetBackward(
                            sums, from, FusedProduct.STRIDE, state.gates, z, stride,
                            state.segment, state.h, before, state.stride, state.dh, before,
                            state.stride, rows);
            }
        }
    }
}
