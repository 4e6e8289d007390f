package ebbtide.engine;

/**
 * Forward and backward passes that keep the states at the beginning of each of about √T segments and
 * compute the rest once more on the way back (T. Chen et al., "Training deep nets with sublinear memory
 * cost", 2016): about 2·√T steps of memory for one more forward pass. Results equal those of a {@link
 * Plan} bit for bit: segments end where blocks of the weight gradients do. (One exception: a GRU that
 * resets first, with zoneout, adds to a state's gradient twice, and may differ in the last place.)
 *
 * <p>Networks of two directions need the whole sequence and cannot be run so. Otherwise used as a plan.
 */
public final class CheckpointedPlan {
    private final Rnn rnn;
    private final PassShapes shapes;
    private final PassOrder order;
    private final int steps;
    private final int batch;
    private final int segment;
    /** Steps of the first segment, which takes what the others leave. */
    private final int firstSegment;

    private final UnrolledNetwork firstRun;
    private final UnrolledNetwork run;
    private final Tensor[] h;
    private final Tensor[] c;
    /** In turn: one is read while the other is written. */
    private final Carry[][] carries;

    private final Tensor carriedCell;
    private int[] lengths;
    private Tensor x;
    private Tokens tokens;

    CheckpointedPlan(Planner planner) {
        rnn = planner.rnn;
        steps = planner.steps;
        batch = planner.batch;
        shapes = new PassShapes(rnn, steps, batch);
        order = new PassOrder(rnn);
        if (rnn.directions() != Directions.FORWARD) {
            throw new IllegalStateException(
                    "checkpoints need a network of one direction; the other one begins at the end");
        }
        segment = segment(steps, batch);
        int segments = (steps + segment - 1) / segment;
        firstSegment = steps - (segments - 1) * segment;
        run = new UnrolledNetwork(planner, Math.min(segment, steps));
        firstRun = firstSegment == run.steps() ? run : new UnrolledNetwork(planner, firstSegment);
        h = new Tensor[segments];
        c = new Tensor[segments];
        for (int i = 0; i < segments; i++) {
            h[i] = states();
            c[i] = cells();
        }
        carries = new Carry[][] {run.workspace.carries(), run.workspace.carries()};
        carriedCell = cells();
    }

    /** About √T steps, in whole blocks of the weight gradients. */
    static int segment(int steps, int batch) {
        int block = WeightGradients.blockSteps(batch);
        int root = (int) Math.ceil(Math.sqrt(steps));
        return (root + block - 1) / block * block;
    }

    private Tensor states() {
        return Tensor.zeros(rnn.states(), batch, rnn.features());
    }

    private Tensor cells() {
        return rnn.hasCellState() ? Tensor.zeros(rnn.layers(), batch, rnn.hidden()) : null;
    }

    /** Returns the bytes of the workspace, checkpoints included. */
    public long workspaceBytes() {
        long states = (long) rnn.states() * batch * rnn.features();
        states += rnn.hasCellState() ? (long) rnn.layers() * batch * rnn.hidden() : 0;
        long runs = run.bytes + (firstRun == run ? 0 : firstRun.bytes);
        long carried = 0;
        for (Carry carry : carries[0]) {
            carried += 2 * carry.bytes();
        }
        return runs + carried + (h.length + 1) * states * Float.BYTES;
    }

    /** As {@link Plan#lengths}. */
    public void lengths(int... lengths) {
        Plan.requireLengths(run);
        new ActiveRows(steps, batch).require(lengths);
        order.enter();
        try {
            order.forget();
            this.lengths = lengths.clone();
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
            run.workspace.masks(drawn, seed);
            firstRun.workspace.masks(drawn, seed);
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
            this.tokens = tokens;
            run.workspace.begin(h0, c0);
            run.workspace.state(0, h[0], c[0]);
            long version = 0;
            for (int i = 0; i < h.length; i++) {
                boolean last = i == h.length - 1;
                version =
                        segmentForward(
                                i, part(y, i), last ? hn : h[i + 1], last ? cn : c[i + 1]);
            }
            order.wentForward(version);
        } finally {
            order.leave();
        }
    }

    private long segmentForward(int i, Tensor y, Tensor hn, Tensor cn) {
        UnrolledNetwork segment = segment(i);
        segment.window(from(i), lengths);
        return segment.forward(part(x, i), part(tokens, i), h[i], c[i], y, hn, cn);
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
            for (int i = h.length - 1; i >= 0; i--) {
                if (i == h.length - 1) {
                    run.workspace.seed(dhn, dcn);
                } else {
                    segmentForward(i, null, null, null);
                    segment(i).workspace.seedFrom(run.workspace, carriedCell);
                }
                segment(i).workspace.sendTo(i == 0 ? null : carries[i % 2]);
                segment(i)
                        .backward(
                                part(dy, i),
                                part(dx, i),
                                i == 0 ? dh0 : null,
                                i == 0 && dc0 != null ? dc0 : carriedCell,
                                gradients);
            }
        } finally {
            order.leave();
        }
    }

    private UnrolledNetwork segment(int i) {
        return i == 0 ? firstRun : run;
    }

    /** The first step of a segment. */
    private int from(int i) {
        return i == 0 ? 0 : firstSegment + (i - 1) * segment;
    }

    private Tensor part(Tensor t, int i) {
        return t == null
                ? null
                : new Tensor(
                        t.data(),
                        t.index(from(i), 0),
                        segment(i).steps(),
                        batch,
                        t.features(),
                        t.stepStride(),
                        t.rowStride());
    }

    private Tokens part(Tokens t, int i) {
        return t == null
                ? null
                : new Tokens(
                        t.data(),
                        t.index(from(i), 0),
                        segment(i).steps(),
                        batch,
                        t.stepStride());
    }
}
