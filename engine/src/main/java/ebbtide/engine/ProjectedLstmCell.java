package ebbtide.engine;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.List;

/**
 * The LSTM whose H outputs are projected to P states, h_t = W_hr·(o ⊙ tanh c_t) (H. Sak et al.,
 * Interspeech 2014; PyTorch's proj_size). U reads the P states. A fifth segment keeps what is projected.
 *
 * @param lstm the cell without projection
 * @param projection P, below H
 */
record ProjectedLstmCell(LstmCell lstm, int projection) implements Cell {
    private static final int PROJECTED = 4;

    @Override
    public int gates() {
        return lstm.gates();
    }

    @Override
    public int segments() {
        return PROJECTED + 1;
    }

    @Override
    public int features(int hidden) {
        return projection;
    }

    @Override
    public boolean hasCellState() {
        return true;
    }

    @Override
    public void initialize(Layout layout, float[] flat, String suffix, Generator random) {
        lstm.initialize(layout, flat, suffix, random);
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        StepRows unprojected = state.segmentRows(PROJECTED);
        return List.of(
                weights.fromBefore(
                        state, new LstmCell.Forward(kernels.cells(), state, unprojected)),
                Stage.within(
                        Term.of(weights.projection),
                        unprojected,
                        Panels.count(projection),
                        new Project(state)));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        StepRows nothing = new StepRows(new float[weights.padded], 0, 0, 0);
        return List.of(
                weights.fromLater(state, new CompleteAdjoint(kernels, state, adjointLimit)),
                Stage.within(
                        Term.of(weights.projectionBack),
                        state.adjoints(),
                        Panels.count(weights.hidden),
                        new LstmCell.Backward(
                                kernels.cells(), state, nothing, Float.POSITIVE_INFINITY)));
    }

    /** h_t = sums. */
    private static final class Project extends CellStep {
        private final LayerState state;

        Project(LayerState state) {
            this.state = state;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int columns = panels * Panels.WIDTH;
            for (int r = 0; r < rows; r++) {
                int to = state.after(t, first + row + r) + panel * Panels.WIDTH;
                System.arraycopy(sums, r * FusedProduct.STRIDE, state.h, to, columns);
            }
        }
    }
}
