package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Forward and backward passes of an {@link Rnn} over a fixed number of steps and sequences. The plan
 * owns the workspace; after it is built, passes allocate nothing. Any number of threads gives the same
 * bits.
 *
 * <p>A plan serves one thread at a time and says so if two call it at once. Inputs of a forward pass
 * must not change until its backward passes are done.
 */
public final class Plan {
    private final Rnn rnn;
    private final int steps;
    private final int batch;
    private final Workers workers;
    private final Cancellation cancellation;
    private final Workspace workspace;
    private final Passes[] passes;
    private final Workers.Task forwardTask = this::forwardPart;
    private final Workers.Task backwardTask = this::backwardPart;
    private final AtomicReference<Thread> owner = new AtomicReference<>();
    private final Tensor output;
    private final Tensor outputGradient;
    private final long workspaceBytes;
    private long forwardVersion = -1;
    private boolean goneBack;
    private boolean masksDrawn;
    /** Inputs in the workspace's order, where lengths may differ; else null. */
    private final StagedInput staged;
    private final StepRows input = new StepRows();
    private final StepRows dxRows = new StepRows();
    private Tensor x;
    private boolean wantsDx;
    private Gradients gradients;

    private Plan(Builder builder, int steps) {
        rnn = builder.rnn;
        this.steps = steps;
        batch = builder.batch;
        workers = builder.workers;
        cancellation = builder.cancellation;
        workspaceBytes = builder.workspaceBytes(steps);
        workspace = new Workspace(rnn, steps, batch, builder.keepAdjoints);
        passes = new Passes[workers.threads()];
        for (int worker = 0; worker < passes.length; worker++) {
            passes[worker] = new Passes(rnn, workspace, workers, worker, builder.adjointLimit);
        }
        LayerOutput top = workspace.top();
        if (builder.variableLengths) {
            staged = new StagedInput(rnn, workspace.active);
            output = Tensor.zeros(steps, batch, rnn.outputs());
            outputGradient = Tensor.zeros(steps, batch, rnn.outputs());
        } else {
            staged = null;
            output = top.view(top.y);
            outputGradient = top.view(top.dy);
        }
    }

    /** What a plan is to be. */
    public static final class Builder {
        final Rnn rnn;
        final int steps;
        final int batch;
        Workers workers;
        float adjointLimit = Float.POSITIVE_INFINITY;
        Cancellation cancellation = new Cancellation();
        boolean keepAdjoints;
        boolean variableLengths;

        Builder(Rnn rnn, int steps, int batch) {
            this.rnn = rnn;
            this.steps = Shapes.positive("steps", steps);
            this.batch = Shapes.positive("batch", batch);
            Shapes.size(
                    Math.addExact(steps, rnn.cell().history()),
                    batch,
                    Panels.padded(rnn.features()));
        }

        /** Runs on this pool; the caller closes it. Default: the calling thread alone. */
        public Builder workers(Workers workers) {
            this.workers = workers;
            return this;
        }

        /**
         * Limits each element of the adjoint ∂L/∂h_t to [−limit, limit] at every time step (A.
         * Graves, "Generating sequences with recurrent neural networks", 2013). Default: no limit.
         *
         * @throws IllegalArgumentException unless limit is above 0
         */
        public Builder clipAdjoint(float limit) {
            if (!(limit > 0)) {
                throw new IllegalArgumentException(
                        "limit of the adjoint: expected a number above 0, got %s".formatted(limit));
            }
            this.adjointLimit = limit;
            return this;
        }

        /** Keeps ∂L/∂h_t of every backward pass for {@link Plan#adjoint}: T·B·H floats a layer more. */
        public Builder keepAdjoints() {
            this.keepAdjoints = true;
            return this;
        }

        /**
         * Allows sequences of different lengths, to be set by {@link Plan#lengths}: inputs and outputs
         * are copied, so that those that are left at a step stand together.
         */
        public Builder variableLengths() {
            this.variableLengths = true;
            return this;
        }

        /** Watches this switch at every time step. */
        public Builder cancellation(Cancellation cancellation) {
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

        private long workspaceBytes(int steps) {
            int threads = workers == null ? 1 : workers.threads();
            long floats = Workspace.floats(rnn, steps, batch, keepAdjoints);
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
            return build(steps);
        }

        /**
         * Allocates the workspace of a plan that keeps few states and computes the others twice.
         *
         * @throws IllegalStateException for a network of two directions
         */
        public CheckpointedPlan buildCheckpointed() {
            return new CheckpointedPlan(this);
        }

        /** A plan over fewer steps. */
        Plan build(int steps) {
            if (workers == null) {
                workers = Workers.single();
            }
            return new Plan(this, steps);
        }
    }

    /** Returns T. */
    public int steps() {
        return steps;
    }

    /** Returns B. */
    public int batch() {
        return batch;
    }

    /** Returns the bytes of the workspace. */
    public long workspaceBytes() {
        return workspaceBytes;
    }

    /** Returns the pool that this plan runs on. */
    public Workers workers() {
        return workers;
    }

    /** Returns a view of the outputs y [T, B, outputs]; the next forward pass overwrites it. */
    public Tensor output() {
        return output;
    }

    /**
     * Returns a view [T, B, outputs] for ∂L/∂y inside the workspace. Whoever fills it and gives it to {@link
     * #backward} as {@code dy} saves a copy; backward overwrites it.
     */
    public Tensor outputGradient() {
        return outputGradient;
    }

    /**
     * Returns ∂L/∂h_t [T, B, H] of a layer, forward direction, in the last backward pass, step t being
     * the state after input t: everything that reaches this state, from above and from later steps,
     * before it is clipped. A view; the next backward pass overwrites it. Where lengths differ its rows
     * are in the order of falling length.
     *
     * @throws IllegalArgumentException if there is no such layer
     * @throws IllegalStateException unless the plan was built with {@link Builder#keepAdjoints}
     */
    public Tensor adjoint(int layer) {
        if (layer < 0 || layer >= rnn.layers()) {
            throw new IllegalArgumentException(
                    "layer: expected 0 to %d, got %d".formatted(rnn.layers() - 1, layer));
        }
        LayerState state = workspace.runs[layer * workspace.directions];
        if (state.adjoint == null) {
            throw new IllegalStateException("no adjoints kept; plan with keepAdjoints()");
        }
        return new Tensor(
                state.adjoint, 0, steps, batch, rnn.features(), batch * state.stride, state.stride);
    }

    /**
     * Sets where the sequences of the next passes end; outputs past the end are 0, final states are
     * those at the end, gradients past it are 0. Steps past the end cost nothing. Within a step, the
     * gradients of parameters are summed over the sequences in order of falling length, equal ones in
     * the order of the batch.
     *
     * @param lengths steps of each sequence [B], from 1 to T
     * @throws IllegalArgumentException if a length is out of range
     * @throws IllegalStateException unless the plan was built with {@link Builder#variableLengths}, or
     *     while another thread is in this plan
     */
    public void lengths(int... lengths) {
        requireLengths();
        enter();
        try {
            forwardVersion = -1;
            workspace.active.require(lengths);
            workspace.active.of(lengths, 0);
        } finally {
            leave();
        }
    }

    void requireLengths() {
        if (staged == null) {
            throw new IllegalStateException(
                    "this plan has full sequences only; plan with variableLengths()");
        }
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

    Carry[] carries() {
        return workspace.carries();
    }

    /** Copies what a pass would begin with, zeros for null. */
    void begin(Tensor h0, Tensor c0, Tensor h, Tensor c) {
        stateShape("h0", h0);
        cellShape("c0", c0);
        workspace.begin(h0, c0);
        workspace.state(0, h, c);
    }

    /**
     * Draws masks of dropout and zoneout for the next passes; until then, and after {@link
     * #clearMasks}, nothing is dropped and zoned states are means. The same seed gives the same masks
     * at any number of threads.
     */
    public void drawMasks(long seed) {
        masks(true, seed);
    }

    /** Passes without dropout, for evaluation. */
    public void clearMasks() {
        masks(false, 0);
    }

    private void masks(boolean drawn, long seed) {
        enter();
        try {
            forwardVersion = -1;
            masksDrawn = drawn;
            workspace.masks(drawn, seed);
        } finally {
            leave();
        }
    }

    /**
     * Runs forward over floats.
     *
     * @param x inputs [T, B, I]
     * @param h0 initial states [layers·directions, B, H], or null for zeros; where U reads states d
     *     steps back also [layers·directions·d, B, H], of each layer and direction the latest first
     * @param y receives the outputs [T, B, outputs], or null
     * @param hn receives the final states in a shape of h0, or null
     * @throws IllegalArgumentException if a shape is wrong or an output overlaps an input
     * @throws IllegalStateException if another thread is in this plan, or parameters are being edited
     * @throws java.util.concurrent.CancellationException if cancelled
     */
    public void forward(Tensor x, Tensor h0, Tensor y, Tensor hn) {
        forward(x, h0, null, y, hn, null);
    }

    /**
     * Runs forward over floats with cell states, for LSTM.
     *
     * @param c0 initial cell states [layers·directions, B, H], or null for zeros
     * @param cn receives the final cell states [layers·directions, B, H], or null
     * @see #forward(Tensor, Tensor, Tensor, Tensor)
     */
    public void forward(Tensor x, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        if (rnn.tokens()) {
            throw new IllegalArgumentException(
                    "x: expected tokens, got floats; the network was built with tokens(true)");
        }
        Shapes.shape("x", x, steps, batch, rnn.inputs());
        Shapes.apart("y", y, "x", x);
        Shapes.apart("hn", hn, "x", x);
        enter();
        try {
            if (staged == null) {
                input.at(x);
                workspace.input(input, null);
            } else {
                staged.copy(x);
                workspace.input(staged.rows(), null);
            }
            this.x = x;
            forward(h0, c0, y, hn, cn);
        } finally {
            leave();
        }
    }

    /** Runs forward over tokens [T, B]; otherwise as the method over floats. */
    public void forward(Tokens x, Tensor h0, Tensor y, Tensor hn) {
        forward(x, h0, null, y, hn, null);
    }

    /** Runs forward over tokens with cell states, for LSTM. */
    public void forward(Tokens x, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        if (!rnn.tokens()) {
            throw new IllegalArgumentException(
                    "x: expected floats, got tokens; build the network with tokens(true)");
        }
        if (x.steps() != steps || x.rows() != batch) {
            throw new IllegalArgumentException(
                    "x: expected [%d, %d] tokens, got [%d, %d]"
                            .formatted(steps, batch, x.steps(), x.rows()));
        }
        x.requireBelow(rnn.inputs(), "x");
        enter();
        try {
            workspace.input(input, staged == null ? x : staged.copy(x));
            this.x = null;
            forward(h0, c0, y, hn, cn);
        } finally {
            leave();
        }
    }

    private void forward(Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        stateShape("h0", h0);
        Shapes.shape("y", y, steps, batch, rnn.outputs());
        stateShape("hn", hn);
        cellShape("c0", c0);
        cellShape("cn", cn);
        Shapes.apart("y", y, "h0", h0);
        Shapes.apart("y", y, "hn", hn);
        Shapes.apart("y", y, "cn", cn);
        Shapes.apart("hn", hn, "cn", cn);
        forwardVersion = -1;
        long version = rnn.pack();
        workspace.begin(h0, c0);
        workers.run(forwardTask);
        forwardVersion = version;
        goneBack = false;
        if (staged != null) {
            workspace.copyOut(workspace.top().y, output);
        }
        if (y != null) {
            workspace.copyOut(workspace.top().y, y);
        }
        workspace.end(hn, cn);
    }

    /**
     * Copies the states after {@code step} steps of the last forward pass: 0 gives h0, T gives hn. A
     * window that begins there needs nothing else.
     *
     * @param h receives the states in a shape of h0
     * @throws IllegalStateException if there is no such state: sequences of different lengths, or two
     *     directions
     */
    public void state(int step, Tensor h) {
        state(step, h, null);
    }

    /** Copies the states and cell states after {@code step} steps; c may be null. */
    public void state(int step, Tensor h, Tensor c) {
        if (step < 0 || step > steps) {
            throw new IllegalArgumentException(
                    "step: expected 0 to %d, got %d".formatted(steps, step));
        }
        stateShape("h", h);
        cellShape("c", c);
        if (rnn.directions() != Directions.FORWARD || !workspace.active.full()) {
            throw new IllegalStateException(
                    "no states between steps of a network of two directions or of sequences of different lengths");
        }
        enter();
        try {
            requireForward();
            workspace.state(step, h, c);
        } finally {
            leave();
        }
    }

    /** States: the last ones, or as many as the longest delay reaches. */
    private void stateShape(String name, Tensor h) {
        int runs = workspace.runs.length;
        boolean all = h != null && h.steps() == rnn.states();
        Shapes.shape(name, h, all ? h.steps() : runs, batch, rnn.features());
    }

    /** Cell states have the shape of states, and only some cells have them. */
    private void cellShape(String name, Tensor c) {
        if (c != null && !rnn.hasCellState()) {
            throw new IllegalArgumentException(
                    "%s: these cells have no cell state; give null".formatted(name));
        }
        Shapes.shape(name, c, workspace.runs.length, batch, rnn.hidden());
    }

    /**
     * Runs backward over the last forward pass.
     *
     * @param dy ∂L/∂y [T, B, outputs], or null for zeros
     * @param dhn ∂L/∂hn in a shape of h0, or null for zeros
     * @param dx receives ∂L/∂x [T, B, I], or null
     * @param dh0 receives ∂L/∂h0 in a shape of h0, or null
     * @param gradients receives the gradients of the parameters, added to what is there, or null
     * @throws IllegalArgumentException if a shape is wrong or an output overlaps an input
     * @throws IllegalStateException if no forward pass with the present parameters precedes, or another
     *     thread is in this plan
     * @throws java.util.concurrent.CancellationException if cancelled; gradients are then unspecified
     */
    public void backward(Tensor dy, Tensor dhn, Tensor dx, Tensor dh0, Gradients gradients) {
        backward(dy, dhn, null, dx, dh0, null, gradients);
    }

    /**
     * Runs backward with cell states, for LSTM.
     *
     * @param dcn ∂L/∂cn [layers·directions, B, H], or null for zeros
     * @param dc0 receives ∂L/∂c0 [layers·directions, B, H], or null
     * @see #backward(Tensor, Tensor, Tensor, Tensor, Gradients)
     */
    public void backward(
            Tensor dy,
            Tensor dhn,
            Tensor dcn,
            Tensor dx,
            Tensor dh0,
            Tensor dc0,
            Gradients gradients) {
        backward(null, null, dy, dhn, dcn, dx, dh0, dc0, gradients);
    }

    /**
     * @param later the plan of the segment after this one, whose backward pass came before, or null
     * @param carries keep what goes back to the segment before this one; null where there is none
     */
    void backward(
            Plan later,
            Carry[] carries,
            Tensor dy,
            Tensor dhn,
            Tensor dcn,
            Tensor dx,
            Tensor dh0,
            Tensor dc0,
            Gradients gradients) {
        Shapes.shape("dy", dy, steps, batch, rnn.outputs());
        stateShape("dhn", dhn);
        stateShape("dh0", dh0);
        cellShape("dcn", dcn);
        cellShape("dc0", dc0);
        if (rnn.tokens() && dx != null) {
            throw new IllegalArgumentException("dx: tokens have no gradient; give null");
        }
        Shapes.shape("dx", dx, steps, batch, rnn.inputs());
        if (gradients != null && gradients.layout() != rnn.parameters().layout()) {
            throw new IllegalArgumentException(
                    "gradients belong to another network; use gradients() of this one");
        }
        enter();
        try {
            requireForward();
            requireMasks();
            Shapes.apart("dx", dx, "x", x);
            Shapes.apart("dx", dx, "dy", dy);
            Shapes.apart("dx", dx, "dh0", dh0);
            Shapes.apart("dh0", dh0, "dy", dy);
            Shapes.apart("dh0", dh0, "dc0", dc0);
            requireOnce();
            if (staged != null || dy != outputGradient) {
                workspace.copyIn(dy, workspace.top().dy, rnn.outputs());
            }
            if (later == null) {
                workspace.seed(dhn, dcn);
            } else {
                workspace.seedFrom(later.workspace, dcn);
            }
            workspace.sendTo(carries);
            wantsDx = dx != null;
            if (wantsDx) {
                dxRows.at(dx);
                if (!workspace.active.full()) {
                    workspace.clear(dx);
                }
            }
            this.gradients = gradients;
            workers.run(backwardTask);
            workspace.initialGradients(dh0, dc0);
        } finally {
            leave();
        }
    }

    Workspace workspace() {
        return workspace;
    }

    void requireBackward() {
        if (!goneBack) {
            throw new IllegalStateException("no backward pass yet; call backward first");
        }
    }

    private void requireOnce() {
        if (goneBack) {
            throw new IllegalStateException(
                    "backward was called twice after one forward pass, which it writes over; call forward again");
        }
        goneBack = true;
    }

    private void requireForward() {
        if (forwardVersion != rnn.parameters().version()) {
            throw new IllegalStateException(
                    forwardVersion < 0
                            ? "no forward pass to go back over; call forward first"
                            : "the parameters were edited after forward; call forward again");
        }
    }

    private void requireMasks() {
        if (!masksDrawn && rnn.regularization().zoneout() > 0) {
            throw new IllegalStateException(
                    "backward over zoneout needs masks; call drawMasks before forward");
        }
    }

    private void forwardPart(int worker, int count) {
        passes[worker].forward(workers, cancellation);
    }

    private void backwardPart(int worker, int count) {
        passes[worker]
                .backward(
                        workers,
                        cancellation,
                        wantsDx ? dxRows : null,
                        workspace.active.full() ? null : workspace.active,
                        gradients);
    }

    private void enter() {
        Thread self = Thread.currentThread();
        if (!owner.compareAndSet(null, self)) {
            Thread other = owner.get();
            throw new IllegalStateException(
                    "plan in use by thread %s; give each thread a plan of its own"
                            .formatted(other == null ? "(just left)" : other.getName()));
        }
        try {
            rnn.parameters().acquire();
        } catch (IllegalStateException e) {
            owner.set(null);
            throw e;
        }
    }

    private void leave() {
        rnn.parameters().release();
        owner.set(null);
    }
}
