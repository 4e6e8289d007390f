package ebbtide.engine;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Cells;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.List;

/**
 * The LSTM of PyTorch, gates i, f, g, o; see {@link Cells#lstmForward}. Saves the activated gates, which
 * become ∂L/∂z in place, and the cell states.
 *
 * @param forgetBias added to the input bias of the forget gates at the start (R. Jozefowicz et al., ICML
 *     2015, advise 1)
 * @param chronoSteps the longest dependency expected, for chrono initialisation, or 0 for none
 */
record LstmCell(float forgetBias, int chronoSteps) implements Cell {
    @Override
    public int gates() {
        return 4;
    }

    @Override
    public int segments() {
        return 4;
    }

    @Override
    public boolean hasCellState() {
        return true;
    }

    @Override
    public List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state) {
        return List.of(
                weights.fromBefore(state, new Forward(kernels.cells(), state, state.outputs())));
    }

    @Override
    public List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit) {
        return List
                .of(weights.fromLater(state,
                        new Backward(kernels.cells(), state, state.adjoints(), adjointLimit)));
    }

    static final class Forward extends CellStep {
        private final Cells cells;
        private final LayerState state;
        private final StepRows output;
        private final float[] work = new float[FusedProduct.ROWS * Cells.WORK];

        /** @param output where h_t goes, by step */
        Forward(Cells cells, LayerState state, StepRows output) {
            this.cells = cells;
            this.state = state;
            this.output = output;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            for (int p = 0; p < panels; p += 4) {
                int unit = (panel + p) / 4 * Panels.WIDTH;
                int c = state.cellIndex(state.axis.after(t), first + row) + unit;
                int cBefore = state.cellIndex(state.axis.before(t, 1), first + row) + unit;
                cells.lstmForward(
                        sums,
                        p * Panels.WIDTH,
                        FusedProduct.STRIDE,
                        state.gates,
                        state.projections.index(t, first + row) + unit,
                        state.projections.rowStride,
                        state.segment,
                        state.c,
                        cBefore,
                        c,
                        state.segment,
                        output.data,
                        output.index(t, first + row) + unit,
                        output.rowStride,
                        rows,
                        work);
            }
        }
    }

    static final class Backward extends CellStep {
        private final Cells cells;
        private final LayerState state;
        private final StepRows adjoint;
        private final float limit;
        private final float[] work = new float[FusedProduct.ROWS * Cells.WORK];

        /** @param adjoint ∂L/∂h_t from above, by step */
        Backward(Cells cells, LayerState state, StepRows adjoint, float limit) {
            this.cells = cells;
            this.state = state;
            this.adjoint = adjoint;
            this.limit = limit;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            for (int p = 0; p < panels; p++) {
                int unit = (panel + p) * Panels.WIDTH;
                int c = state.cellIndex(state.axis.after(t), first + row) + unit;
                int cBefore = state.cellIndex(state.axis.before(t, 1), first + row) + unit;
                cells.lstmBackward(
                        sums,
                        p * Panels.WIDTH,
                        FusedProduct.STRIDE,
                        limit,
                        state.gates,
                        state.projections.index(t, first + row) + unit,
                        state.projections.rowStride,
                        state.segment,
                        state.c,
                        cBefore,
                        c,
                        state.segment,
                        adjoint.data,
                        adjoint.index(t, first + row) + unit,
                        adjoint.rowStride,
                        state.dc,
                        (first + row) * state.segment + unit,
                        state.segment,
                        rows,
                        work);
            }
        }
    }

    /**
     * The forget bias, or chrono initialisation (C. Tallec, Y. Ollivier, ICLR 2018): b_f = ln u with u
     * uniform in [1, T − 1], b_i = −b_f, both as the input bias, the hidden bias of both gates zero.
     */
    @Override
    public void initialize(Layout layout, float[] flat, String suffix, Generator random) {
        Layout.Slot in = layout.slot("bias_ih" + suffix);
        int hid = layout.slot("bias_hh" + suffix).offset();
        int hidden = in.columns() / 4;
        for (int i = 0; i < hidden; i++) {
            int gateI = in.offset() + i;
            int gateF = gateI + hidden;
            if (chronoSteps > 0) {
                double u = 1 + random.nextDouble() * (chronoSteps - 2);
                flat[gateF] = (float) StrictMath.log(u);
                flat[gateI] = -flat[gateF];
                flat[hid + i] = 0f;
                flat[hid + hidden + i] = 0f;
            }
            flat[gateF] += forgetBias;
        }
    }
}
