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
    private final int steps;
    private final int batch;
    private final int segment;
    /** Steps of the first segment, which takes what the others leave. */
    private final int firstSegment;

    private final Plan firstPlan;
    private final Plan plan;
    private final Tensor[] h;
    private final Tensor[] c;
    /** In turn: one is read while the other is written. */
    private final Carry[][] carries;

    private final Tensor carriedCell;
    private int[] lengths;
    private Tensor x;
    private Tokens tokens;
    private boolean ready;

    CheckpointedPlan(Plan.Builder builder) {
        rnn = builder.rnn;
        steps = builder.steps;
        batch = builder.batch;
        if (rnn.directions() != Directions.FORWARD) {
            throw new IllegalStateException(
                    "checkpoints need a network of one direction; the other one begins at the end");
        }
        segment = segment(steps, batch);
        int segments = (steps + segment - 1) / segment;
        firstSegment = steps - (segments - 1) * segment;
        plan = builder.build(Math.min(segment, steps));
        firstPlan = firstSegment == plan.steps() ? plan : builder.build(firstSegment);
        h = new Tensor[segments];
        c = new Tensor[segments];
        for (int i = 0; i < segments; i++) {
            h[i] = states();
            c[i] = cells();
        }
        carries = new Carry[][] {plan.carries(), plan.carries()};
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
        long plans = plan.workspaceBytes() + (firstPlan == plan ? 0 : firstPlan.workspaceBytes());
        long carried = 0;
        for (Carry carry : carries[0]) {
            carried += 2 * carry.bytes();
        }
        return plans + carried + (h.length + 1) * states * Float.BYTES;
    }

    /** As {@link Plan#lengths}. */
    public void lengths(int... lengths) {
        plan.requireLengths();
        new ActiveRows(steps, batch).require(lengths);
        this.lengths = lengths.clone();
        ready = false;
    }

    /** As {@link Plan#drawMasks}. */
    public void drawMasks(long seed) {
        plan.drawMasks(seed);
        firstPlan.drawMasks(seed);
        ready = false;
    }

    /** As {@link Plan#clearMasks}. */
    public void clearMasks() {
        plan.clearMasks();
        firstPlan.clearMasks();
        ready = false;
    }

    /** As {@link Plan#forward(Tensor, Tensor, Tensor, Tensor, Tensor, Tensor)}. */
    public void forward(Tensor x, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        Shapes.shape("x", x, steps, batch, rnn.inputs());
        this.x = x;
        tokens = null;
        forward(h0, c0, y, hn, cn);
    }

    /** As {@link Plan#forward(Tokens, Tensor, Tensor, Tensor, Tensor, Tensor)}. */
    public void forward(Tokens x, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        if (x.steps() != steps || x.rows() != batch) {
            throw new IllegalArgumentException(
                    "x: expected [%d, %d] tokens, got [%d, %d]"
                            .formatted(steps, batch, x.steps(), x.rows()));
        }
        this.x = null;
        tokens = x;
        forward(h0, c0, y, hn, cn);
    }

    private void forward(Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        ready = false;
        Shapes.shape("y", y, steps, batch, rnn.outputs());
        plan.begin(h0, c0, h[0], c[0]);
        for (int i = 0; i < h.length; i++) {
            boolean last = i == h.length - 1;
            segmentForward(i, part(y, i), last ? hn : h[i + 1], last ? cn : c[i + 1]);
        }
        ready = true;
    }

    private void segmentForward(int i, Tensor y, Tensor hn, Tensor cn) {
        Plan run = plan(i);
        run.window(from(i), lengths);
        if (tokens == null) {
            run.forward(part(x, i), h[i], c[i], y, hn, cn);
        } else {
            run.forward(part(tokens, i), h[i], c[i], y, hn, cn);
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
        Shapes.shape("dy", dy, steps, batch, rnn.outputs());
        Shapes.shape("dx", dx, steps, batch, rnn.inputs());
        if (!ready) {
            throw new IllegalStateException("no forward pass to go back over; call forward first");
        }
        ready = false;
        for (int i = h.length - 1; i >= 0; i--) {
            boolean last = i == h.length - 1;
            if (!last) {
                segmentForward(i, null, null, null);
            }
            plan(i).backward(
                    last ? null : plan,
                    i == 0 ? null : carries[i % 2],
                    part(dy, i),
                    dhn,
                    last ? dcn : carriedCell,
                    part(dx, i),
                    i == 0 ? dh0 : null,
                    i == 0 && dc0 != null ? dc0 : carriedCell,
                    gradients);
        }
    }

    private Plan plan(int i) {
        return i == 0 ? firstPlan : plan;
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
                        plan(i).steps(),
                        batch,
                        t.features(),
                        t.stepStride(),
                        t.rowStride());
    }

    private Tokens part(Tokens t, int i) {
        return new Tokens(
                t.data(), t.index(from(i), 0), plan(i).steps(), batch, t.stepStride());
    }
}
