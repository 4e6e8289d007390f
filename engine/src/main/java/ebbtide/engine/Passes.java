package ebbtide.engine;

import ebbtide.kernels.Panels;

/** The passes of one worker over all layers and directions of a plan, and the buffers they share. */
final class Passes {
    private final int worker;
    private final int workers;
    private final int outputs;
    private final Workspace workspace;
    private final Partition partition;
    private final ForwardPass[] forward;
    private final BackwardPass[] backward;
    private final GradientPass[] gradient;

    Passes(Rnn rnn, Workspace workspace, Workers pool, int worker, float adjointLimit) {
        this.worker = worker;
        outputs = rnn.outputs();
        this.workspace = workspace;
        workers = pool.threads();
        partition = new Partition(workers, workspace.active.batch, rnn.hidden());
        FusedProduct product = new FusedProduct(rnn.kernels());
        WorkerContext context =
                new WorkerContext(
                        rnn.kernels(), partition, worker, workers, workspace.active, product);
        WeightGradients products =
                new WeightGradients(
                        rnn.kernels(),
                        workspace.active,
                        widest(rnn),
                        GradientPass.segments(rnn.cell()),
                        units(rnn, worker, workers));
        int runs = workspace.runs.length;
        forward = new ForwardPass[runs];
        backward = new BackwardPass[runs];
        gradient = new GradientPass[runs];
        for (int i = 0; i < runs; i++) {
            LayerWeights weights = rnn.weights()[i];
            LayerState state = workspace.runs[i];
            StepChain chain = new StepChain(rnn, workspace, i, adjointLimit);
            forward[i] = new ForwardPass(context, weights, state, chain.forward());
            backward[i] =
                    new BackwardPass(
                            context, weights, state, chain.backward(), chain.addToInitial());
            gradient[i] = new GradientPass(context, weights, state, products);
        }
    }

    /** Floats of the buffers of one worker. */
    static long floats(Rnn rnn, int steps, int batch, int worker, int workers) {
        int units = units(rnn, worker, workers);
        int terms = rnn.cell().delays().size();
        long gates = Math.max(rnn.cell().gates(), terms * (long) GradientPass.segments(rnn.cell()));
        long floats = FusedProduct.floats(terms, gates * Math.max(widest(rnn), rnn.hidden()));
        floats += WeightGradients.floats(
                steps, batch, widest(rnn), GradientPass.segments(rnn.cell()), units);
        if (rnn.kernels().library() != null) {
            floats += rnn.weights().length * LibraryFactor.floats(rnn.cell(), batch, rnn.hidden());
        }
        if (rnn.tokens() && units > 0) {
            floats += TokenGradients.floats(steps, batch, rnn.inputs(), units);
        }
        return floats;
    }

    private static int widest(Rnn rnn) {
        int widest = rnn.hidden();
        widest = Math.max(widest, rnn.tokens() ? 0 : rnn.inputs());
        return Math.max(widest, rnn.layers() > 1 ? rnn.outputs() : 0);
    }

    /** The units, or states they are projected to, whose gradients a worker computes. */
    private static int units(Rnn rnn, int worker, int workers) {
        int units = share(Panels.count(rnn.hidden()), worker, workers);
        return Math.max(units, share(Panels.count(rnn.features()), worker, workers));
    }

    private static int share(int panels, int worker, int workers) {
        int first = Partition.share(panels, worker, workers);
        return (Partition.share(panels, worker + 1, workers) - first) * Panels.WIDTH;
    }

    void forward(Workers pool, Cancellation cancellation) {
        int directions = workspace.directions;
        for (int i = 0; i < forward.length; i++) {
            forward[i].run(pool, cancellation);
            LayerOutput output = workspace.outputs[i / directions];
            if (i % directions == directions - 1 && !output.direct()) {
                pool.await();
                output.forward(step(worker), step(worker + 1));
                pool.await();
            }
        }
    }

    /** Copies this worker's part of ∂L/∂y to the workspace: what it will read or add to first. */
    void copyIn(Tensor dy) {
        LayerOutput top = workspace.top();
        int batch = workspace.active.batch;
        if (top.direct()) {
            workspace.copyIn(
                    dy, top.dy, outputs, 0, workspace.active.steps,
                    partition.wholeRow(worker, batch),
                    partition.wholeRow(worker + 1, batch));
        } else {
            workspace.copyIn(dy, top.dy, outputs, step(worker), step(worker + 1), 0, batch);
        }
    }

    /**
     * All layers top down, then, when every worker is done with them, the parameter gradients.
     *
     * @param dx where ∂L/∂x goes, or null
     * @param order the order of the rows of dx, or null for that of the workspace
     */
    void backward(
            Workers pool,
            Cancellation cancellation,
            StepRows dx,
            ActiveRows order,
            Gradients gradients) {
        for (int layer = workspace.outputs.length - 1; layer >= 0; layer--) {
            layerBack(layer, pool, cancellation, dx, order);
        }
        if (gradients != null) {
            pool.await();
            for (GradientPass pass : gradient) {
                pass.run(gradients.array(), cancellation);
            }
        }
    }

    private void layerBack(
            int layer, Workers pool, Cancellation cancellation, StepRows dx, ActiveRows order) {
        LayerOutput output = workspace.outputs[layer];
        if (!output.direct()) {
            output.backward(step(worker), step(worker + 1));
            pool.await();
        }
        int directions = workspace.directions;
        for (int direction = 0; direction < directions; direction++) {
            BackwardPass pass = backward[layer * directions + direction];
            boolean second = workspace.runs[layer * directions + direction].axis.reverse();
            pass.run(pool, cancellation);
            if (layer > 0) {
                pass.inputs(pool, workspace.outputs[layer - 1].dy, null, second);
            } else if (dx != null) {
                pass.inputs(pool, dx, order, second);
            }
        }
        if (layer > 0 && (partition.waits(workspace.active) || workspace.crossesWorkers())) {
            pool.await();
            output.passBy(step(worker), step(worker + 1));
            pool.await();
        }
    }

    /** Runs the part of the passes that holds products of one kind, over what the workspace has. */
    void part(
            ProductKind kind,
            int run,
            Workers pool,
            Cancellation cancellation,
            StepRows dx,
            Gradients gradients) {
        int layer = run / workspace.directions;
        switch (kind) {
            case PROJECTION, STEP -> forward[run].run(pool, cancellation);
            case STEP_BACK -> backward[run].run(pool, cancellation);
            case INPUTS -> backward[run].inputs(
                    pool, layer > 0 ? workspace.outputs[layer - 1].dy : dx, null, false);
            case WEIGHTS -> gradient[run].run(gradients.array(), cancellation);
        }
    }

    /** Where a worker's share of the steps begins, for what is not a recurrence. */
    private int step(int worker) {
        return Partition.share(workspace.active.steps, worker, workers);
    }
}
