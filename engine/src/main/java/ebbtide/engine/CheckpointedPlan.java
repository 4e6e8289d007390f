package ebbtide.engine;

/**
 * Forward and backward passes that keep the states at the beginning of each of about √T segments and
 * compute the rest once more on the way back (T. Chen et al., "Training deep nets with sublinear memory
 * cost", 2016): about 2·√T steps of memory for one more forward pass. Results equal those of a {@link
 * Plan} bit for bit: segments end where blocks of the weight gradients do.
 *
 * <p>Of a network of two directions, each layer needs all that the one below gives: the outputs of all
 * layers but the last are kept too, and two tensors of that size for ∂L/∂y. It pays where cells keep
 * much more than their outputs, as gated cells do.
 *
 * <p>Otherwise used as a plan.
 */
public final class CheckpointedPlan {
    private final PassShapes shapes;
    private final PassOrder order;
    private final Checkpoints checkpoints;
    private Tensor x;

    CheckpointedPlan(Planner planner) {
        shapes = new PassShapes(planner.rnn, planner.steps, planner.batch);
        order = new PassOrder(planner.rnn);
        checkpoints =
                planner.rnn.directions() == Directions.FORWARD
                        ? new CheckpointedRun(planner)
                        : new CheckpointedLayers(planner);
    }

    /** Returns the bytes of the workspace, checkpoints included. */
    public long workspaceBytes() {
        return checkpoints.bytes();
    }

    /** As {@link Plan#lengths}. */
    public void lengths(int... lengths) {
        Plan.requireLengths(checkpoints.variableLengths());
        new ActiveRows(shapes.steps(), shapes.batch()).require(lengths);
        order.enter();
        try {
            order.forget();
            checkpoints.lengths(lengths.clone());
        } finally {
            order.leave();
        }
    }

    /** As {@link Plan#drawMasks}. */
    public void drawMasks(long seed) {
        masks(true, seed);
    }

    /** As {@link Plan#clearMasks}. */
    public void clearMasks() {
        masks(false, 0);
    }

    private void masks(boolean drawn, long seed) {
        order.enter();
        try {
            order.masks(drawn);
            checkpoints.masks(drawn, seed);
        } finally {
            order.leave();
        }
    }

    /** As {@link Plan#forward(Tensor, Tensor, Tensor, Tensor, Tensor, Tensor)}. */
    public void forward(Tensor x, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        shapes.input(x);
        Shapes.apart("y", y, "x", x);
        Shapes.apart("hn", hn, "x", x);
        forward(x, null, h0, c0, y, hn, cn);
    }

    /** As {@link Plan#forward(Tokens, Tensor, Tensor, Tensor, Tensor, Tensor)}. */
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
            order.wentForward(checkpoints.forward(x, tokens, h0, c0, y, hn, cn));
        } finally {
            order.leave();
        }
    }

    /** As {@link Plan#backward(Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Gradients)}. */
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
            checkpoints.backward(dy, dhn, dcn, dx, dh0, dc0, gradients);
        } finally {
            order.leave();
        }
    }
}
