package ebbtide.engine;

import ebbtide.kernels.Panels;

/** The passes of one worker over all layers and directions of a plan, and the buffers they share. */
final class Passes {
    private final int worker;
    private final int workers;
    private final int outputs;
    /** Steps of a block: as many as gradients are summed over. */
    private final int block;
    private final Rnn rnn;
    private final Workspace workspace;
    private final Partition partition;
    private final ForwardPass[] forward;
    private final BackwardPass[] backward;
    private final GradientPass[] gradient;

    Passes(Rnn rnn, Workspace workspace, Workers pool, int worker, float adjointLimit) {
        this.worker = worker;
        outputs = rnn.outputs();
        this.rnn = rnn;
        this.workspace = workspace;
        block = WeightGradients.blockSteps(workspace.active.batch);
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
     * All layers top down.
     *
     * @param dx where ∂L/∂x goes, or null
     * @param order the order of the rows of dx, or null for that of the workspace
     * @param gradients what parameter gradients are added to, or null
     */
    void backward(
            Workers pool,
            Cancellation cancellation,
            StepRows dx,
            ActiveRows order,
            Gradients gradients) {
        for (int layer = workspace.outputs.length - 1; layer >= 0; layer--) {
            layerBack(layer, pool, cancellation, dx, order, gradients);
        }
    }

    private void layerBack(
            int layer,
            Workers pool,
            Cancellation cancellation,
            StepRows dx,
            ActiveRows order,
            Gradients gradients) {
        LayerOutput output = workspace.outputs[layer];
        if (!output.direct()) {
            output.backward(step(worker), step(worker + 1));
            pool.await();
        }
        int directions = workspace.directions;
        for (int direction = 0; direction < directions; direction++) {
            int run = layer * directions + direction;
            if (layer > 0) {
                runBack(run, pool, cancellation, workspace.outputs[layer - 1].dy, null, gradients);
            } else {
                runBack(run, pool, cancellation, dx, order, gradients);
            }
        }
        if (layer > 0) {
            pool.await();
            output.passBy(step(worker), step(worker + 1));
            pool.await();
        }
    }

    /** One layer and direction, some steps at a time: the recurrence, then what only reads ∂L/∂z of these steps. */
    private void runBack(
            int run,
            Workers pool,
            Cancellation cancellation,
            StepRows dx,
            ActiveRows order,
            Gradients gradients) {
        BackwardPass pass = backward[run];
        TimeAxis axis = workspace.runs[run].axis;
        boolean add = axis.reverse();
        boolean inputsLater = dx != null && pass.leavesInputs(dx, order);
        boolean inputsNow = dx != null && !inputsLater;
        int span = span(run);
        pass.begin(pool);
        for (int done = 0; done < axis.steps; done += span) {
            int next = Math.min(done + span, axis.steps);
            pass.run(done, next, pool, cancellation);
            // Rows of dz of other workers are read from here on.
            pool.await();
            if (inputsNow) {
                pass.inputs(done, next, dx, order, add);
            }
            if (gradients != null) {
                gradientBlocks(run, done, next, cancellation, gradients);
            }
        }
        pass.run(axis.steps, axis.slots(), pool, cancellation);
        if (inputsLater) {
            pass.allInputs(pool, dx, add);
        }
        if (gradients != null) {
            gradient[run].allSteps(gradients.array());
        }
    }

    private void gradientBlocks(
            int run, int from, int to, Cancellation cancellation, Gradients gradients) {
        for (int done = from; done < to; done += block) {
            cancellation.check();
            gradient[run].block(done, gradients.array());
        }
    }

    /**
     * Steps between two turns of the recurrence: one block, which is in the cache still when it is read again, or all
     * where the weights alone fill the cache and would have to be fetched anew. With 2^14 to 2^16 of them (LSTM and
     * GRU of 64 units, 128 sequences of 200 steps) backward passes ran at 1.06 to 1.1 times the speed for blocks,
     * with 2^21 at 0.9.
     */
    private int span(int run) {
        return rnn.weights()[run].hot() ? block : workspace.active.steps;
    }

    /** Runs the part of the passes that holds products of one kind, over what the workspace has. */
    void part(
            ProductKind kind,
            int run,
            Workers pool,
            Cancellation cancellation,
            StepRows dx,
            Gradients gradients) {
        TimeAxis axis = workspace.runs[run].axis;
        switch (kind) {
            case PROJECTION, STEP -> forward[run].run(pool, cancellation);
            case STEP_BACK -> {
                backward[run].begin(pool);
                backward[run].run(0, axis.slots(), pool, cancellation);
            }
            case INPUTS -> inputsPart(run, pool, dx);
            case WEIGHTS -> {
                gradientBlocks(run, 0, axis.steps, cancellation, gradients);
                gradient[run].allSteps(gradients.array());
            }
        }
    }

    private void inputsPart(int run, Workers pool, StepRows dx) {
        int layer = run / workspace.directions;
        StepRows to = layer > 0 ? workspace.outputs[layer - 1].dy : dx;
        if (backward[run].leavesInputs(to, null)) {
            backward[run].allInputs(pool, to, false);
        } else {
            backward[run].inputs(0, workspace.active.steps, to, null, false);
        }
    }

    /** Where a worker's share of the steps begins, for what is not a recurrence. */
    private int step(int worker) {
        return Partition.share(workspace.active.steps, worker, workers);
    }
}
