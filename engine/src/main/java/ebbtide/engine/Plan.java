package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.Arrays;
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
    private final LayerState[] layers;
    private final Passes[] passes;
    private final Workers.Task forwardTask = this::forwardPart;
    private final Workers.Task backwardTask = this::backwardPart;
    private final AtomicReference<Thread> owner = new AtomicReference<>();
    private final Tensor output;
    private final Tensor outputGradient;
    private final long workspaceBytes;
    private long forwardVersion = -1;
    private boolean goneBack;
    private Tensor x;
    private Tensor dx;
    private Gradients gradients;

    private Plan(Builder builder) {
        rnn = builder.rnn;
        steps = builder.steps;
        batch = builder.batch;
        workers = builder.workers;
        cancellation = builder.cancellation;
        workspaceBytes = builder.workspaceBytes();
        layers = new LayerState[rnn.layers()];
        for (int layer = 0; layer < layers.length; layer++) {
            layers[layer] = new LayerState(
                    rnn.cell(), steps, batch, rnn.hidden(), builder.keepAdjoints);
            if (layer > 0) {
                LayerState below = layers[layer - 1];
                layers[layer].input.at(states(below));
            }
        }
        passes = new Passes[workers.threads()];
        for (int worker = 0; worker < passes.length; worker++) {
            passes[worker] = new Passes(builder, layers, worker);
        }
        LayerState top = layers[layers.length - 1];
        output = states(top);
        outputGradient =
                new Tensor(
                        top.dh, top.step, steps, batch, rnn.hidden(), top.step, top.stride);
    }

    /** The states after each step, h_1 to h_T. */
    private Tensor states(LayerState layer) {
        return new Tensor(
                layer.h, layer.step, steps, batch, rnn.hidden(), layer.step, layer.stride);
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

        Builder(Rnn rnn, int steps, int batch) {
            this.rnn = rnn;
            this.steps = Shapes.positive("steps", steps);
            this.batch = Shapes.positive("batch", batch);
            Shapes.size(Math.addExact(steps, 1), batch, Panels.padded(rnn.hidden()));
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

        /** Watches this switch at every time step. */
        public Builder cancellation(Cancellation cancellation) {
            this.cancellation = cancellation;
            return this;
        }

        /**
         * Returns the bytes of the workspace that {@link #build} will allocate: for each layer 2·T +
         * 2 rows of B·H floats, H rounded up to 16, and for each thread the pack buffers of the
         * weight gradients, which depend on I and H alone once T·B passes 256. The packed weights
         * belong to the network.
         */
        public long workspaceBytes() {
            int threads = workers == null ? 1 : workers.threads();
            long floats = 0;
            for (int layer = 0; layer < rnn.layers(); layer++) {
                floats += LayerState.floats(
                        rnn.cell(), steps, batch, rnn.hidden(), keepAdjoints);
            }
            for (int worker = 0; worker < threads; worker++) {
                floats += Passes.floats(this, worker, threads);
            }
            return floats * Float.BYTES;
        }

        /** Allocates the workspace. */
        public Plan build() {
            if (workers == null) {
                workers = Workers.single();
            }
            return new Plan(this);
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

    /** Returns a view of the top layer's states, h_1 to h_T; the next forward pass overwrites it. */
    public Tensor output() {
        return output;
    }

    /**
     * Returns a view [T, B, H] for ∂L/∂y inside the workspace. Whoever fills it and gives it to {@link
     * #backward} as {@code dy} saves a copy; backward overwrites it.
     */
    public Tensor outputGradient() {
        return outputGradient;
    }

    /**
     * Returns ∂L/∂h_t [T, B, H] of a layer in the last backward pass, step t being the state after
     * input t: everything that reaches this state, from above and from later steps, before it is
     * clipped. A view; the next backward pass overwrites it.
     *
     * @throws IllegalArgumentException if there is no such layer
     * @throws IllegalStateException unless the plan was built with {@link Builder#keepAdjoints}
     */
    public Tensor adjoint(int layer) {
        if (layer < 0 || layer >= layers.length) {
            throw new IllegalArgumentException(
                    "layer: expected 0 to %d, got %d".formatted(layers.length - 1, layer));
        }
        LayerState state = layers[layer];
        if (state.adjoint == null) {
            throw new IllegalStateException("no adjoints kept; plan with keepAdjoints()");
        }
        return new Tensor(
                state.adjoint, 0, steps, batch, rnn.hidden(), state.step, state.stride);
    }

    /**
     * Runs forward over floats.
     *
     * @param x inputs [T, B, I]
     * @param h0 initial states [layers, B, H], or null for zeros
     * @param y receives the top layer's states [T, B, H], or null
     * @param hn receives the final states [layers, B, H], or null
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
     * @param c0 initial cell states [layers, B, H], or null for zeros
     * @param cn receives the final cell states [layers, B, H], or null
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
            layers[0].input.at(x);
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
            layers[0].tokens = x;
            this.x = null;
            forward(h0, c0, y, hn, cn);
        } finally {
            leave();
        }
    }

    private void forward(Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        Shapes.shape("h0", h0, layers.length, batch, rnn.hidden());
        Shapes.shape("y", y, steps, batch, rnn.hidden());
        Shapes.shape("hn", hn, layers.length, batch, rnn.hidden());
        cellShape("c0", c0);
        cellShape("cn", cn);
        Shapes.apart("y", y, "h0", h0);
        Shapes.apart("y", y, "hn", hn);
        Shapes.apart("y", y, "cn", cn);
        Shapes.apart("hn", hn, "cn", cn);
        forwardVersion = -1;
        long version = rnn.pack();
        for (int layer = 0; layer < layers.length; layer++) {
            copyIn(h0, layer, layers[layer].h, layers[layer].stride);
            if (rnn.hasCellState()) {
                copyIn(c0, layer, layers[layer].c, layers[layer].stride);
            }
        }
        workers.run(forwardTask);
        forwardVersion = version;
        goneBack = false;
        if (y != null) {
            for (int t = 0; t < steps; t++) {
                copy(output, t, y, t);
            }
        }
        copyStates(steps, hn, cn);
    }

    /**
     * Copies the states after {@code step} steps of the last forward pass: 0 gives h0, T gives hn. A
     * window that begins there needs nothing else.
     *
     * @param h receives [layers, B, H]
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
        Shapes.shape("h", h, layers.length, batch, rnn.hidden());
        cellShape("c", c);
        enter();
        try {
            requireForward();
            copyStates(step, h, c);
        } finally {
            leave();
        }
    }

    private void copyStates(int step, Tensor h, Tensor c) {
        for (int layer = 0; layer < layers.length; layer++) {
            LayerState state = layers[layer];
            copyOut(state.h, state.index(step, 0), state.stride, h, layer);
            copyOut(state.c, state.index(step, 0), state.stride, c, layer);
        }
    }

    private void copyOut(float[] from, int offset, int stride, Tensor to, int layer) {
        for (int row = 0; to != null && row < batch; row++) {
            System.arraycopy(
                    from, offset + row * stride, to.data(), to.index(layer, row), rnn.hidden());
        }
    }

    /** Cell states have the shape of states, and only some cells have them. */
    private void cellShape(String name, Tensor c) {
        if (c != null && !rnn.hasCellState()) {
            throw new IllegalArgumentException(
                    "%s: these cells have no cell state; give null".formatted(name));
        }
        Shapes.shape(name, c, layers.length, batch, rnn.hidden());
    }

    /**
     * Runs backward over the last forward pass.
     *
     * @param dy ∂L/∂y [T, B, H], or null for zeros
     * @param dhn ∂L/∂hn [layers, B, H], or null for zeros
     * @param dx receives ∂L/∂x [T, B, I], or null
     * @param dh0 receives ∂L/∂h0 [layers, B, H], or null
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
     * @param dcn ∂L/∂cn [layers, B, H], or null for zeros
     * @param dc0 receives ∂L/∂c0 [layers, B, H], or null
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
        Shapes.shape("dy", dy, steps, batch, rnn.hidden());
        Shapes.shape("dhn", dhn, layers.length, batch, rnn.hidden());
        Shapes.shape("dh0", dh0, layers.length, batch, rnn.hidden());
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
            Shapes.apart("dx", dx, "x", x);
            Shapes.apart("dx", dx, "dy", dy);
            Shapes.apart("dx", dx, "dh0", dh0);
            Shapes.apart("dh0", dh0, "dy", dy);
            Shapes.apart("dh0", dh0, "dc0", dc0);
            requireOnce();
            seed(dy, dhn, dcn);
            this.dx = dx;
            this.gradients = gradients;
            workers.run(backwardTask);
            for (int layer = 0; layer < layers.length; layer++) {
                LayerState state = layers[layer];
                copyOut(state.dh, 0, state.stride, dh0, layer);
                copyOut(state.dc, 0, state.stride, dc0, layer);
            }
        } finally {
            leave();
        }
    }

    private void seed(Tensor dy, Tensor dhn, Tensor dcn) {
        LayerState top = layers[layers.length - 1];
        if (dy == null) {
            Arrays.fill(top.dh, 0f);
        } else if (dy != outputGradient) {
            for (int t = 0; t < steps; t++) {
                copy(dy, t, outputGradient, t);
            }
        }
        for (int layer = 0; layer < layers.length; layer++) {
            LayerState state = layers[layer];
            Arrays.fill(state.dh, 0, state.step, 0f);
            copyIn(dhn, layer, state.seed, state.stride);
            if (rnn.hasCellState()) {
                copyIn(dcn, layer, state.dc, state.stride);
            }
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

    /** Copies one layer of states into padded rows, or zeros where there are none. */
    private void copyIn(Tensor states, int layer, float[] to, int stride) {
        for (int row = 0; row < batch; row++) {
            if (states == null) {
                Arrays.fill(to, row * stride, row * stride + rnn.hidden(), 0f);
            } else {
                System.arraycopy(
                        states.data(), states.index(layer, row), to, row * stride, rnn.hidden());
            }
        }
    }

    private void copy(Tensor from, int fromStep, Tensor to, int toStep) {
        for (int row = 0; row < batch; row++) {
            System.arraycopy(
                    from.data(),
                    from.index(fromStep, row),
                    to.data(),
                    to.index(toStep, row),
                    from.features());
        }
    }

    private void forwardPart(int worker, int count) {
        passes[worker].forward(workers, cancellation);
    }

    private void backwardPart(int worker, int count) {
        passes[worker].backward(workers, cancellation, dx, gradients);
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
