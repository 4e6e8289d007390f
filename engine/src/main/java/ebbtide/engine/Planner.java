package ebbtide.engine;

import ebbtide.kernels.Panels;

/** What a plan is to be. */
public final class Planner {
    final Rnn rnn;
    final int steps;
    final int batch;
    Workers workers = Workers.single();
    float adjointLimit = Float.POSITIVE_INFINITY;
    Cancellation cancellation = new Cancellation();
    private boolean keepAdjoints;
    private boolean keepAdjointNorms;
    boolean variableLengths;

    Planner(Rnn rnn, int steps, int batch) {
        this.rnn = rnn;
        this.steps = Shapes.positive("steps", steps);
        this.batch = Shapes.positive("batch", batch);
        Shapes.size(
                Math.addExact(steps, rnn.cell().history()),
                batch,
                Panels.padded(rnn.features()));
    }

    /**
     * Runs on this pool; the caller closes it. Default: the calling thread alone, and so it stays where the batch
     * and the layer are too small to be shared.
     */
    public Planner workers(Workers workers) {
        this.workers = workers;
        return this;
    }

    /** The pool, or the calling thread alone where others would have nothing to do most of the time. */
    Workers useful() {
        boolean shared = workers.threads() == 1
                || Partition.shares(workers.threads(), batch, rnn.hidden());
        return shared ? workers : Workers.single();
    }

    /**
     * Limits each element of the adjoint ∂L/∂h_t to [−limit, limit] at every time step (A.
     * Graves, "Generating sequences with recurrent neural networks", 2013). Default: no limit.
     *
     * @throws IllegalArgumentException unless limit is above 0
     */
    public Planner clipAdjoint(float limit) {
        if (!(limit > 0)) {
            throw new IllegalArgumentException(
                    "limit of the adjoint: expected a number above 0, got %s".formatted(limit));
        }
        this.adjointLimit = limit;
        return this;
    }

    /** Keeps ∂L/∂h_t of every backward pass for {@link Plan#adjoint}: T·B·H floats a layer more. */
    public Planner keepAdjoints() {
        this.keepAdjoints = true;
        return this;
    }

    /** Keeps ‖∂L/∂h_t‖ of every backward pass for {@link Plan#adjointNorms}: T·B floats a layer. */
    public Planner keepAdjointNorms() {
        this.keepAdjointNorms = true;
        return this;
    }

    KeptAdjoints.Choice keep() {
        return new KeptAdjoints.Choice(keepAdjoints, keepAdjointNorms);
    }

    /**
     * Allows sequences of different lengths, to be set by {@link Plan#lengths}: inputs and outputs
     * are copied, so that those that are left at a step stand together.
     */
    public Planner variableLengths() {
        this.variableLengths = true;
        return this;
    }

    /** Watches this switch at every time step. */
    public Planner cancellation(Cancellation cancellation) {
        this.cancellation = cancellation;
        return this;
    }

    /**
     * Returns the bytes of the workspace that {@link #build} will allocate: for each layer and
     * direction 2·T + 3 rows of B·H floats and the cell's gates, H rounded up to 16, and for each
     * thread the pack buffers of the weight gradients, which depend on I and H alone once T·B
     * passes 256. The packed weights belong to the network.
     */
    public long workspaceBytes() {
        return workspaceBytes(steps);
    }

    /** The bytes of a workspace of fewer steps. */
    long workspaceBytes(int steps) {
        int threads = useful().threads();
        long floats = Workspace.floats(rnn, steps, batch, keep());
        for (int worker = 0; worker < threads; worker++) {
            floats += Passes.floats(rnn, steps, batch, worker, threads);
        }
        if (variableLengths) {
            floats +=
                    StagedInput.floats(rnn, steps, batch) + 2L * steps * batch * rnn.outputs();
        }
        return floats * Float.BYTES;
    }

    /** Allocates the workspace. */
    public Plan build() {
        return new Plan(this);
    }

    /** The same of one layer in one direction. */
    Planner run(int run) {
        Planner planner = new Planner(rnn.run(run), steps, batch);
        planner.workers = workers;
        planner.adjointLimit = adjointLimit;
        planner.cancellation = cancellation;
        planner.variableLengths = variableLengths;
        return planner;
    }

    /** Allocates the workspace of a plan that keeps few states and computes the others twice. */
    public CheckpointedPlan buildCheckpointed() {
        return new CheckpointedPlan(this);
    }
}
