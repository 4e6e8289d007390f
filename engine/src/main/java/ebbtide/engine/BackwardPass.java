package ebbtide.engine;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/**
 * The backward time loop of one worker and layer: dz_t = clip(dh_t + dz_{t+1}·U) ⊙ φ′(h_t), t
 * descending, then dh0 = dz_0·U and dx_t = dz_t·W. Parameter gradients are {@link WeightGradients}.
 */
final class BackwardPass {
    private final Partition partition;
    private final int worker;
    private final int steps;
    private final int batch;
    private final LayerWeights weights;
    private final LayerState state;
    private final FusedProduct product;
    private final Epilogue.Differentiate differentiate;
    private final Epilogue.Store storeState;
    private final Epilogue.Store storeInput;

    BackwardPass(
            Kernels kernels,
            Activation activation,
            float adjointLimit,
            Partition partition,
            int worker,
            int steps,
            int batch,
            LayerWeights weights,
            LayerState state,
            FusedProduct product) {
        this.partition = partition;
        this.worker = worker;
        this.steps = steps;
        this.batch = batch;
        this.weights = weights;
        this.state = state;
        this.product = product;
        differentiate =
                new Epilogue.Differentiate(
                        kernels.pointwise(), activation, adjointLimit, state.h);
        storeState = new Epilogue.Store(weights.hidden);
        storeInput = new Epilogue.Store(weights.inputs);
    }

    /** Runs the recurrence; afterwards every dz of this worker's outputs is there. */
    void run(Workers workers, Cancellation cancellation) {
        int row = partition.row(worker);
        int rows = partition.rowEnd(worker) - row;
        int panels = Panels.count(weights.hidden);
        int panel = partition.panel(worker, panels);
        int panelEnd = partition.panelEnd(worker, panels);
        for (int t = steps - 1; t >= 0; t--) {
            cancellation.check();
            differentiate.at(state.dz, state.gradient(t, row), state.stride);
            differentiate.state(state.state(t + 1, row));
            if (t == steps - 1) {
                int column = panel * Panels.WIDTH;
                int columns = (panelEnd - panel) * Panels.WIDTH;
                int from = row * state.stride + column;
                differentiate.apply(state.seed, from, state.stride, 0, rows, column, columns);
            } else {
                product.run(
                        state.dz,
                        state.gradient(t + 1, row),
                        state.stride,
                        rows,
                        weights.recurrentBack,
                        panel,
                        panelEnd,
                        differentiate);
            }
            if (partition.byColumns) {
                workers.await();
            }
        }
    }

    /** dh0 = dz_0·U, into layer {@code layer} of the tensor. */
    void initialState(Tensor dh0, int layer) {
        int row = partition.row(worker);
        int panels = Panels.count(weights.hidden);
        storeState.at(dh0.data(), dh0.index(layer, row), dh0.rowStride());
        product.run(
                state.dz,
                state.gradient(0, row),
                state.stride,
                partition.rowEnd(worker) - row,
                weights.recurrentBack,
                partition.panel(worker, panels),
                partition.panelEnd(worker, panels),
                storeState);
    }

    /** dx_t = dz_t·W for all steps, merged over time where the rows allow it. */
    void inputs(float[] dx, int offset, int stepStride, int rowStride) {
        int row = partition.row(worker);
        int rows = partition.rowEnd(worker) - row;
        boolean merge = rows == batch && stepStride == batch * rowStride;
        int panels = weights.inputBack.panels();
        int chunk = merge ? steps : 1;
        for (int t = 0; t < steps; t += chunk) {
            storeInput.at(dx, offset + t * stepStride + row * rowStride, rowStride);
            product.run(
                    state.dz,
                    state.gradient(t, row),
                    state.stride,
                    rows * chunk,
                    weights.inputBack,
                    partition.panel(worker, panels),
                    partition.panelEnd(worker, panels),
                    storeInput);
        }
    }
}
