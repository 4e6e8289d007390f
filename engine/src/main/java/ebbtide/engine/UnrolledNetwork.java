package ebbtide.engine;

/**
 * A network over T steps: its memory and its workers. Runs passes whose arguments a {@link Plan} or a
 * {@link CheckpointedPlan} has checked.
 */
final class UnrolledNetwork {
    final Workspace workspace;
    final Workers workers;
    /** Views of y and ∂L/∂y inside the workspace, or copies in the caller's order. */
    final Tensor output;
    final Tensor outputGradient;
    final long bytes;

    private final Rnn rnn;
    private final Cancellation cancellation;
    private final Passes[] passes;
    private final Workers.Task forwardTask = this::forwardPart;
    private final Workers.Task backwardTask = this::backwardPart;
    /** Inputs in the workspace's order, where lengths may differ; else null. */
    private final StagedInput staged;
    private final StepRows input = new StepRows();
    private final StepRows dxRows = new StepRows();
    private Tensor dy;
    private boolean wantsDx;
    private Gradients gradients;

    UnrolledNetwork(Planner planner, int steps) {
        this(planner, steps, planner.rnn.kernels().libraryOnTrial());
    }

    /** @param trial whether it is to be measured what a library computes faster */
    UnrolledNetwork(Planner planner, int steps, boolean trial) {
        rnn = planner.rnn;
        int batch = planner.batch;
        workers = planner.useful();
        cancellation = planner.cancellation;
        bytes = planner.workspaceBytes(steps);
        workspace = new Workspace(rnn, steps, batch, planner.keep());
        passes = new Passes[workers.threads()];
        for (int worker = 0; worker < passes.length; worker++) {
            passes[worker] = new Passes(rnn, workspace, workers, worker, planner.adjointLimit);
        }
        LayerOutput top = workspace.top();
        if (planner.variableLengths) {
            staged = new StagedInput(rnn, workspace.active);
            output = Tensor.zeros(steps, batch, rnn.outputs());
            outputGradient = Tensor.zeros(steps, batch, rnn.outputs());
        } else {
            staged = null;
            output = top.view(top.y);
            outputGradient = top.view(top.dy);
        }
        if (trial) {
            new ProductTrial(planner, steps).settle(workspace.runs);
        } else if (rnn.kernels().library() != null) {
            for (LayerState run : workspace.runs) {
                run.byLibrary.addAll(ProductKind.unmeasured(rnn.kernels()));
            }
        }
    }

    int steps() {
        return workspace.active.steps;
    }

    /** Whether sequences may differ in length. */
    boolean variableLengths() {
        return staged != null;
    }

    /**
     * Looks at longer sequences through a window that begins at step {@code from}.
     *
     * @param lengths of the whole sequences, or null where all are full
     */
    void window(int from, int[] lengths) {
        if (lengths == null) {
            workspace.active.window(from);
        } else {
            workspace.active.of(lengths, from);
        }
    }

    /**
     * Runs forward over floats, or over tokens; the other one is null.
     *
     * @return the version of the parameters that the pass saw
     */
    long forward(
            Tensor x, Tokens tokens, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        long version = rnn.pack();
        read(x, tokens);
        workspace.states.begin(h0, c0);
        workers.run(forwardTask);
        if (staged != null) {
            workspace.copyOut(workspace.top().y, output);
        }
        if (y != null) {
            workspace.copyOut(workspace.top().y, y);
        }
        workspace.states.end(hn, cn);
        return version;
    }

    private void read(Tensor x, Tokens tokens) {
        if (tokens != null) {
            workspace.input(input, staged == null ? tokens : staged.copy(tokens));
        } else if (staged == null) {
            input.at(x);
            workspace.input(input, null);
        } else {
            staged.copy(x);
            workspace.input(staged.rows(), null);
        }
    }

    /**
     * Runs backward; the workspace has been seeded with ∂L/∂ of the last states. A network that is the
     * second direction of a layer adds to {@code dx}.
     */
    void backward(Tensor dy, Tensor dx, Tensor dh0, Tensor dc0, Gradients gradients) {
        this.dy = dy;
        wantsDx = dx != null;
        if (wantsDx) {
            dxRows.at(dx);
            if (!workspace.active.full() && !rnn.reversed()) {
                workspace.clear(dx);
            }
        }
        this.gradients = gradients;
        workers.run(backwardTask);
        workspace.states.initialGradients(dh0, dc0);
    }

    /** Runs the part of the passes that holds products of one kind; afterwards the workspace is of no use. */
    void part(ProductKind kind, int run, StepRows dx, Gradients gradients) {
        workers.run((worker, count) -> passes[worker].part(
                kind, run, workers, cancellation, dx, gradients));
    }

    private void forwardPart(int worker, int count) {
        passes[worker].forward(workers, cancellation);
    }

    private void backwardPart(int worker, int count) {
        if (staged != null || dy != outputGradient) {
            passes[worker].copyIn(dy);
        }
        passes[worker]
                .backward(
                        workers,
                        cancellation,
                        wantsDx ? dxRows : null,
                        workspace.active.full() ? null : workspace.active,
                        gradients);
    }
}
