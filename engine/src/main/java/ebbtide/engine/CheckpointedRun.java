package ebbtide.engine;

/**
 * A network of one direction in segments, of which only the states at the beginning are kept: forward
 * segment by segment, backward the last one first, each but that computed once more before. Segments end
 * where blocks of the weight gradients do, counted from where the backward pass starts, and what one
 * sends to the one before it comes in parts ({@link Carry}), so that nothing is rounded otherwise.
 */
final class CheckpointedRun implements Checkpoints {
    private final Rnn rnn;
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

    private final Tensor carriedState;
    private final Tensor carriedCell;
    private final Parts<Tensor> xs;
    private final Parts<Tokens> tokenParts;
    private final Parts<Tensor> ys;
    private final Parts<Tensor> dys;
    private final Parts<Tensor> dxs;
    private int[] lengths;
    private Tensor x;
    private Tokens tokens;

    CheckpointedRun(Planner planner) {
        rnn = planner.rnn;
        steps = planner.steps;
        batch = planner.batch;
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
        carriedState = states();
        carriedCell = cells();
        xs = new Parts<>(segments, this::part);
        tokenParts = new Parts<>(segments, this::part);
        ys = new Parts<>(segments, this::part);
        dys = new Parts<>(segments, this::part);
        dxs = new Parts<>(segments, this::part);
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

    @Override
    public long bytes() {
        long states = (long) rnn.states() * batch * rnn.features();
        states += rnn.hasCellState() ? (long) rnn.layers() * batch * rnn.hidden() : 0;
        long runs = run.bytes + (firstRun == run ? 0 : firstRun.bytes);
        long carried = 0;
        for (Carry carry : carries[0]) {
            carried += 2 * carry.bytes();
        }
        return runs + carried + (h.length + 1) * states * Float.BYTES;
    }

    @Override
    public boolean variableLengths() {
        return run.variableLengths();
    }

    @Override
    public void lengths(int[] lengths) {
        this.lengths = lengths;
    }

    @Override
    public void masks(boolean drawn, long seed) {
        run.workspace.masks(drawn, seed);
        firstRun.workspace.masks(drawn, seed);
    }

    @Override
    public long forward(
            Tensor x, Tokens tokens, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        this.x = x;
        this.tokens = tokens;
        firstRun.window(from(0), lengths);
        firstRun.workspace.states.begin(h0, c0);
        firstRun.workspace.states.initial(h[0], c[0]);
        long version = 0;
        for (int i = 0; i < h.length; i++) {
            boolean last = i == h.length - 1;
            version = forward(i, ys.of(y, i), last ? hn : h[i + 1], last ? cn : c[i + 1]);
        }
        return version;
    }

    private long forward(int i, Tensor y, Tensor hn, Tensor cn) {
        UnrolledNetwork segment = segment(i);
        segment.window(from(i), lengths);
        return segment.forward(
                xs.of(x, i), tokenParts.of(tokens, i), h[i], c[i], y, hn, cn);
    }

    @Override
    public void backward(
            Tensor dy,
            Tensor dhn,
            Tensor dcn,
            Tensor dx,
            Tensor dh0,
            Tensor dc0,
            Gradients gradients) {
        for (int i = h.length - 1; i >= 0; i--) {
            Workspace workspace = segment(i).workspace;
            if (i == h.length - 1) {
                workspace.states.seed(dhn, dcn, null);
            } else {
                forward(i, null, null, null);
                workspace.states.seed(carriedState, carriedCell, carries[(i + 1) % 2]);
            }
            workspace.sendTo(i == 0 ? null : carries[i % 2]);
            segment(i)
                    .backward(
                            dys.of(dy, i),
                            dxs.of(dx, i),
                            i == 0 ? dh0 : carriedState,
                            i == 0 ? dc0 : carriedCell,
                            gradients);
        }
    }

    /** Segments are counted in the network's direction. */
    private UnrolledNetwork segment(int i) {
        return i == 0 ? firstRun : run;
    }

    /** The first step of a segment, in the order of time. */
    private int from(int i) {
        int before = i == 0 ? 0 : firstSegment + (i - 1) * segment;
        return rnn.reversed() ? steps - before - segment(i).steps() : before;
    }

    private Tensor part(Tensor t, int i) {
        return new Tensor(
                t.data(),
                t.index(from(i), 0),
                segment(i).steps(),
                batch,
                t.features(),
                t.stepStride(),
                t.rowStride());
    }

    private Tokens part(Tokens t, int i) {
        return new Tokens(
                t.data(),
                t.index(from(i), 0),
                segment(i).steps(),
                batch,
                t.stepStride());
    }
}
