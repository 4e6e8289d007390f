package ebbtide.engine;

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
    private final PassShapes shapes;
    private final PassOrder order;
    private final UnrolledNetwork network;
    private Tensor x;

    Plan(Planner planner) {
        rnn = planner.rnn;
        shapes = new PassShapes(rnn, planner.steps, planner.batch);
        order = new PassOrder(rnn);
        network = new UnrolledNetwork(planner, planner.steps);
    }

    /** Returns T. */
    public int steps() {
        return shapes.steps();
    }

    /** Returns B. */
    public int batch() {
        return shapes.batch();
    }

    /** Returns the bytes of the workspace. */
    public long workspaceBytes() {
        return network.bytes;
    }

    /** Returns the pool that this plan runs on. */
    public Workers workers() {
        return network.workers;
    }

    /** Returns a view of the outputs y [T, B, outputs]; the next forward pass overwrites it. */
    public Tensor output() {
        return network.output;
    }

    /**
     * Returns a view [T, B, outputs] for ∂L/∂y inside the workspace. Whoever fills it and gives it to {@link
     * #backward} as {@code dy} saves a copy; backward overwrites it.
     */
    public Tensor outputGradient() {
        return network.outputGradient;
    }

    /**
     * Returns ∂L/∂h_t [T, B, H] of a layer, forward direction, in the last backward pass, step t being
     * the state after input t: everything that reaches this state, from above and from later steps,
     * before it is clipped. A view; the next backward pass overwrites it. Where lengths differ its rows
     * are in the order of falling length.
     *
     * @throws IllegalArgumentException if there is no such layer
     * @throws IllegalStateException unless the plan was built with {@link Planner#keepAdjoints}
     */
    public Tensor adjoint(int layer) {
        if (layer < 0 || layer >= rnn.layers()) {
            throw new IllegalArgumentException(
                    "layer: expected 0 to %d, got %d".formatted(rnn.layers() - 1, layer));
        }
        LayerState state = workspace().runs[layer * rnn.directions().count()];
        if (state.kept == null || !state.kept.choice.values()) {
            throw new IllegalStateException("no adjoints kept; plan with keepAdjoints()");
        }
        return new Tensor(
                state.kept.values,
                0,
                steps(),
                batch(),
                rnn.features(),
                batch() * state.stride,
                state.stride);
    }

    /**
     * Copies the norms of the ∂L/∂h_t of a layer and direction in the last backward pass, in the
     * caller's order, 0 past the end of a sequence, as {@link ebbtide.kernels.Reductions#norm} defines
     * them; what reaches the states, before it is clipped.
     *
     * @param run layer·directions + direction, the order of h0
     * @param norms receives them as [t][b]
     * @throws IllegalArgumentException if there is no such layer, or the shape is wrong
     * @throws IllegalStateException unless the plan was built with {@link Planner#keepAdjointNorms}
     */
    public void adjointNorms(int run, double[][] norms) {
        LayerState[] runs = workspace().runs;
        if (run < 0 || run >= runs.length) {
            throw new IllegalArgumentException(
                    "run: expected 0 to %d, got %d".formatted(runs.length - 1, run));
        }
        KeptAdjoints kept = runs[run].kept;
        if (kept == null || !kept.choice.norms()) {
            throw new IllegalStateException("no norms kept; plan with keepAdjointNorms()");
        }
        ActiveRows active = workspace().active;
        Shapes.count("norms", steps(), norms.length);
        for (int t = 0; t < steps(); t++) {
            Shapes.count("norms of a step", batch(), norms[t].length);
            for (int row = 0; row < batch(); row++) {
                norms[t][active.order(row)] = row < active.at(t) ? kept.norm(t, row) : 0;
            }
        }
    }

    /**
     * Sets where the sequences of the next passes end; outputs past the end are 0, final states are
     * those at the end, gradients past it are 0. Steps past the end cost nothing. Within a step, the
     * gradients of parameters are summed over the sequences in order of falling length, equal ones in
     * the order of the batch.
     *
     * @param lengths steps of each sequence [B], from 1 to T
     * @throws IllegalArgumentException if a length is out of range
     * @throws IllegalStateException unless the plan was built with {@link Planner#variableLengths}, or
     *     while another thread is in this plan
     */
    public void lengths(int... lengths) {
        requireLengths(network.variableLengths());
        order.enter();
        try {
            order.forget();
            workspace().active.require(lengths);
            network.window(0, lengths);
        } finally {
            order.leave();
        }
    }

    static void requireLengths(boolean variable) {
        if (!variable) {
            throw new IllegalStateException(
                    "this plan has full sequences only; plan with variableLengths()");
        }
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
        order.enter();
        try {
            order.masks(drawn);
            workspace().masks(drawn, seed);
        } finally {
            order.leave();
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
        shapes.input(x);
        Shapes.apart("y", y, "x", x);
        Shapes.apart("hn", hn, "x", x);
        forward(x, null, h0, c0, y, hn, cn);
    }

    /** Runs forward over tokens [T, B]; otherwise as the method over floats. */
    public void forward(Tokens x, Tensor h0, Tensor y, Tensor hn) {
        forward(x, h0, null, y, hn, null);
    }

    /** Runs forward over tokens with cell states, for LSTM. */
    public void forward(Tokens x, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        shapes.input(x);
        forward(null, x, h0, c0, y, hn, cn);
    }

    private void forward(
            Tensor x, Tokens tokens, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        shapes.forward(h0, c0, y, hn, cn);
        order.enter();
        try {
            order.forget();
            this.x = x;
            order.wentForward(network.forward(x, tokens, h0, c0, y, hn, cn));
        } finally {
            order.leave();
        }
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
        if (step < 0 || step > steps()) {
            throw new IllegalArgumentException(
                    "step: expected 0 to %d, got %d".formatted(steps(), step));
        }
        shapes.state("h", h);
        shapes.cell("c", c);
        if (rnn.directions() != Directions.FORWARD || !workspace().active.full()) {
            throw new IllegalStateException(
                    "no states between steps of a network of two directions or of sequences of different lengths");
        }
        order.enter();
        try {
            order.requireForward();
            workspace().states.state(step, h, c);
        } finally {
            order.leave();
        }
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
        shapes.backward(dy, dhn, dcn, dx, dh0, dc0, gradients);
        Shapes.apart("dx", dx, "x", x);
        order.enter();
        try {
            order.goBack();
            workspace().states.seed(dhn, dcn, null);
            network.backward(dy, dx, dh0, dc0, gradients);
        } finally {
            order.leave();
        }
    }

    Workspace workspace() {
        return network.workspace;
    }

    void requireBackward() {
        order.requireBackward();
    }
}
