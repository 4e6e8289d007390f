package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/**
 * The backward time loop of one worker and layer: what comes back from later steps, Σ dz_{t+d}·U, meets
 * ∂L/∂h_t from above in the cell's pointwise part, t descending. Then the gradient of the initial state
 * and dx_t = dz_t·W. Parameter gradients are {@link GradientPass}.
 */
final class BackwardPass {
    private final Kernels kernels;
    private final Partition partition;
    private final int worker;
    private final int steps;
    private final int batch;
    private final LayerWeights weights;
    private final LayerState state;
    private final FusedProduct product;
    private final Term[] recurrences;
    private final Term[] inputTerm;
    private final int[] delays;
    private final CellStep cell;
    private final Epilogue.Add addToInitial;
    private final Epilogue.Store storeInput;

    BackwardPass(
            Kernels kernels,
            float adjointLimit,
            Partition partition,
            int worker,
            int steps,
            int batch,
            LayerWeights weights,
            LayerState state,
            FusedProduct product) {
        this.kernels = kernels;
        this.partition = partition;
        this.worker = worker;
        this.steps = steps;
        this.batch = batch;
        this.weights = weights;
        this.state = state;
        this.product = product;
        delays = weights.cell.delays().stream().mapToInt(Integer::intValue).toArray();
        recurrences = new Term[delays.length];
        int[] stateSegments = offsets(weights.cell.stateSegments());
        for (int i = 0; i < delays.length; i++) {
            recurrences[i] = new Term(weights.recurrentBack[i], stateSegments);
        }
        inputTerm =
                weights.tokens
                        ? null
                        : new Term[] {
                            new Term(weights.inputBack, offsets(weights.cell.inputSegments()))
                        };
        product.reserve(delays.length);
        CellStep step = weights.cell.backward(kernels, weights, state, adjointLimit);
        cell =
                state.adjoint == null
                        ? step
                        : new AdjointRecorder(step, kernels.pointwise(), state, delays.length);
        addToInitial = new Epilogue.Add(kernels.pointwise(), delays.length);
        storeInput = new Epilogue.Store(weights.inputs);
    }

    private int[] offsets(int[] segments) {
        int[] offsets = new int[segments.length];
        for (int i = 0; i < segments.length; i++) {
            offsets[i] = segments[i] * state.stride;
        }
        return offsets;
    }

    /** Runs the recurrence; afterwards ∂L/∂z and ∂L/∂h0 of this worker's outputs are there. */
    void run(Workers workers, Cancellation cancellation) {
        addSeed();
        for (int t = steps - 1; t >= 0; t--) {
            cancellation.check();
            cell.at(t, partition.row(worker));
            fromLater(t, cell);
            if (partition.byColumns) {
                workers.await();
            }
        }
        addToInitial.at(state.dh, state.index(0, partition.row(worker)), state.stride);
        fromLater(-1, addToInitial);
    }

    /** The gradient of the final state joins that of the last step's output. */
    private void addSeed() {
        int blocks = Panels.count(weights.hidden);
        int row = partition.row(worker);
        int column = partition.panel(worker, blocks) * Panels.WIDTH;
        kernels.pointwise()
                .accumulate(
                        state.seed,
                        row * state.stride + column,
                        state.stride,
                        state.dh,
                        state.index(steps, row) + column,
                        state.stride,
                        partition.rowEnd(worker) - row,
                        partition.panelEnd(worker, blocks) * Panels.WIDTH - column);
    }

    /** Products of the steps that read the state after step {@code t}. */
    private void fromLater(int t, Epilogue epilogue) {
        int row = partition.row(worker);
        int blocks = Panels.count(weights.hidden);
        for (int i = 0; i < delays.length; i++) {
            int later = t + delays[i];
            recurrences[i].present = later < steps;
            if (later < steps) {
                recurrences[i].at(state.gradients, later, row);
            }
        }
        product.run(
                recurrences,
                partition.rowEnd(worker) - row,
                partition.panel(worker, blocks),
                partition.panelEnd(worker, blocks),
                FusedProduct.PANELS,
                epilogue);
    }

    /** dx_t = Σ_g dz_t·W_g for all steps, merged over time where the rows allow it. */
    void inputs(float[] dx, int offset, int stepStride, int rowStride) {
        int row = partition.row(worker);
        int rows = partition.rowEnd(worker) - row;
        boolean merge = rows == batch && stepStride == batch * rowStride;
        int panels = Panels.count(weights.inputs);
        int chunk = merge ? steps : 1;
        for (int t = 0; t < steps; t += chunk) {
            storeInput.at(dx, offset + t * stepStride + row * rowStride, rowStride);
            inputTerm[0].at(state.gradients, t, row);
            product.run(
                    inputTerm,
                    rows * chunk,
                    partition.panel(worker, panels),
                    partition.panelEnd(worker, panels),
                    FusedProduct.PANELS,
                    storeInput);
        }
    }
}
