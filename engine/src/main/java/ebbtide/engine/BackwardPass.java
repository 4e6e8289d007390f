package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.Arrays;
import java.util.List;

/**
 * The backward time loop of one worker, layer and direction: what comes back from later steps, Σ
 * dz_{t+d}·U, meets ∂L/∂h_t from above in the cell's stages, last step first. In the slots of initial
 * states it is only added. Then dx_t = dz_t·W. Parameter gradients are {@link GradientPass}.
 */
final class BackwardPass {
    private final Kernels kernels;
    private final Partition partition;
    private final int worker;
    private final ActiveRows active;
    private final LayerWeights weights;
    private final LayerState state;
    private final FusedProduct product;
    private final List<Stage> stages;
    private final Epilogue.ToRows addToInitial;
    private final Carry.Store storeCarry = new Carry.Store();
    private final Term[] inputTerm;
    private final Epilogue.Store storeInput;
    private final Epilogue.AddReal addInput;
    private final LibraryProducts library;

    BackwardPass(
            WorkerContext context,
            LayerWeights weights,
            LayerState state,
            List<Stage> stages,
            Epilogue.ToRows addToInitial) {
        kernels = context.kernels();
        partition = context.partition();
        worker = context.worker();
        active = context.active();
        product = context.product();
        this.weights = weights;
        this.state = state;
        this.stages = stages;
        this.addToInitial = addToInitial;
        inputTerm = weights.tokens ? null : new Term[] {weights.inputBack()};
        storeInput = new Epilogue.Store(weights.inputs);
        addInput = new Epilogue.AddReal(weights.inputs);
        library = new LibraryProducts(context, weights, state);
        for (Stage stage : stages) {
            product.reserve(stage.terms());
        }
        if (inputTerm != null) {
            product.reserve(inputTerm);
        }
    }

    /** Seeds the last states; then {@link #run} runs the recurrence over the slots, in as many parts as one likes. */
    void begin(Workers workers) {
        seed();
        if (partition.waits(active)) {
            workers.await();
        }
    }

    /**
     * Runs the recurrence over the slots {@code from} to {@code to} − 1 of the backward pass; afterwards ∂L/∂z of
     * the steps that write them is there, or the gradients of initial states.
     */
    void run(int from, int to, Workers workers, Cancellation cancellation) {
        TimeAxis axis = state.axis;
        boolean together = partition.waits(active);
        for (int i = from; i < to; i++) {
            cancellation.check();
            int slot = axis.slotBack(i);
            int t = axis.writer(slot);
            if (t != TimeAxis.NONE) {
                step(t, slot, workers, together);
            }
            initial(slot, active.at(t));
            if (together) {
                workers.await();
            }
            if (state.kept != null && t != TimeAxis.NONE) {
                measure(t, active.at(t));
            }
        }
    }

    /** Initial states start from nothing; the gradient of the last ones joins that of the outputs. */
    private void seed() {
        TimeAxis axis = state.axis;
        int end = partition.wholeRow(worker + 1, active.batch);
        for (int row = partition.wholeRow(worker, active.batch); row < end; row++) {
            for (int age = 0; age < axis.history; age++) {
                int initial = state.index(axis.initial(age, active.length(row)), row);
                Arrays.fill(state.dh, initial, initial + state.stride, 0f);
            }
            for (int age = 0; age < axis.history; age++) {
                int last = state.index(axis.last(age, active.length(row)), row);
                int from = (age * active.batch + row) * state.stride;
                if (state.fromLater != null && age == 0) {
                    state.fromLater.addPassedBy(row, state.dh, last);
                }
                for (int i = 0; i < state.stride; i++) {
                    state.dh[last + i] += state.seed[from + i];
                }
            }
        }
    }

    private void measure(int t, int rows) {
        state.kept.measure(
                kernels.reductions(), t, partition.wholeRow(worker, rows),
                partition.wholeRow(worker + 1, rows), weights.features);
    }

    private void step(int t, int slot, Workers workers, boolean together) {
        int row = partition.row(worker, active.at(t));
        int rows = partition.rowEnd(worker, active.at(t)) - row;
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            if (i == 0) {
                stage.readLater(state, active, slot, row);
            } else {
                if (together) {
                    workers.await();
                }
                if (stage.wholeRows()) {
                    stage.runRows(partition, worker, t, active.at(t));
                    continue;
                }
                stage.readBefore(state.axis, t, row, rows);
            }
            stage.step().at(t, row);
            run(stage, rows, stage.step());
        }
    }

    /** Rows of a slot from {@code first} on that later steps read, but none wrote. */
    private void initial(int slot, int first) {
        Stage stage = stages.getFirst();
        int last = first;
        for (int delay : stage.delays()) {
            last = Math.max(last, active.at(state.axis.reader(slot, delay)));
            if (state.fromLater != null && state.axis.readAfterTheEnd(slot, delay)) {
                last = Math.max(last, active.goOn(state.axis.reverse()));
            }
        }
        int row = first + partition.row(worker, last - first);
        int rows = first + partition.rowEnd(worker, last - first) - row;
        // Rows that began before this segment come first; others begin in it, and their states are h0's.
        int carried =
                state.toEarlier == null
                        ? 0
                        : Math.clamp(active.began(state.axis.reverse()) - row, 0, rows);
        if (carried > 0) {
            stage.readLater(state, active, slot, row);
            storeCarry.at(
                    state.toEarlier, state.axis.beforeFirst(slot) * active.batch + row);
            run(stage, carried, storeCarry);
        }
        if (carried < rows) {
            stage.readLater(state, active, slot, row + carried);
            addToInitial.at(state.dh, state.index(slot, row + carried), state.stride);
            run(stage, rows - carried, addToInitial);
        }
    }

    private void run(Stage stage, int rows, Epilogue epilogue) {
        stage.run(
                product,
                rows,
                partition.panel(worker, stage.blocks()),
                partition.panelEnd(worker, stage.blocks()),
                epilogue);
    }

    /** Whether a library computes ∂L/∂x of all steps at once, by {@link #allInputs}. */
    boolean leavesInputs(StepRows dx, ActiveRows order) {
        return order == null && library.takesInputs(dx);
    }

    /** dx of all steps by a library. */
    void allInputs(Workers workers, StepRows dx, boolean add) {
        library.inputs(workers, dx, add);
    }

    /**
     * dx_t = Σ_g dz_t·W_g of the steps {@code from} to {@code to} − 1 of the backward pass. Where the rows allow it
     * these are one product, and workers share its rows, whatever rows of a step they have in the recurrence: W is
     * read once for many rows then. An LSTM of 512 units took 1 to 5 % less time on two threads for it.
     *
     * @param order rows of {@code dx} in the workspace's order, or null where they stand in it
     * @param add whether dx has a part already
     */
    void inputs(int from, int to, StepRows dx, ActiveRows order, boolean add) {
        Epilogue.ToReal epilogue = add ? addInput : storeInput;
        int panels = Panels.count(weights.inputs);
        boolean merge = active.full() && dx.merges(active.batch);
        int chunk = merge ? to - from : 1;
        for (int i = from; i < to; i += chunk) {
            int t = state.axis.chunkBack(i, chunk);
            int row = partition.row(worker, chunk * active.at(t));
            int rows = partition.rowEnd(worker, chunk * active.at(t)) - row;
            epilogue.at(dx, t, row, order);
            inputTerm[0].at(state.gradients, t, row, rows);
            product.run(
                    inputTerm,
                    rows,
                    partition.panel(worker, panels),
                    partition.panelEnd(worker, panels),
                    1,
                    epilogue);
        }
    }
}
