package ebbtide.engine;

import ebbtide.kernels.MatrixProducts;
import java.util.stream.IntStream;

/**
 * The products of one worker, layer and direction that are merged over all steps, by a library if the
 * kernels have one: W·x, dx = dz·W, dW += dzᵀ·x and dU += dzᵀ·h_{t−d}. Steps are shared among workers
 * for the first two, whatever the {@link Partition}, since merging is what makes them large; units for
 * the others. For the products of single steps see {@link LibraryFactor}.
 *
 * <p>A library multiplies rows that are equally far apart. Where sequences differ in length, or the
 * caller's rows are not so, nothing is done here, and our kernels serve.
 */
final class LibraryProducts {
    private final MatrixProducts library;
    private final LayerWeights weights;
    private final LayerState state;
    private final ActiveRows active;
    private final int worker;
    private final int workers;
    /** Whether all gates can be multiplied at once: no padding between their segments. */
    private final boolean inputGatesTogether;

    private final boolean stateGatesTogether;
    private final int gates;
    private final int[] inputSegments;
    private final int[] stateSegments;
    private final int[][] stages;

    LibraryProducts(WorkerContext context, LayerWeights weights, LayerState state) {
        library = context.kernels().library();
        active = context.active();
        worker = context.worker();
        workers = context.workers();
        this.weights = weights;
        this.state = state;
        gates = weights.cell.gates();
        inputSegments = weights.cell.inputSegments();
        stateSegments = weights.cell.stateSegments();
        stages = weights.cell.stages();
        boolean dense = weights.hidden == weights.padded;
        inputGatesTogether = dense && ascending(inputSegments);
        stateGatesTogether = dense && ascending(stateSegments) && stages.length == 1;
    }

    private static boolean ascending(int[] segments) {
        return IntStream.range(0, segments.length).allMatch(i -> segments[i] == i);
    }

    private boolean serves(ProductKind kind) {
        return state.byLibrary.contains(kind);
    }

    private boolean merges(StepRows rows) {
        return active.full() && rows.merges(active.batch);
    }

    /** Whether {@link #project} is to compute W·x + b. */
    boolean takesProjection() {
        return serves(ProductKind.PROJECTION) && !weights.tokens && merges(state.input);
    }

    /** W·x + b of all steps. */
    void project(Workers pool) {
        // The layer below may be shared among the workers in another way.
        pool.await();
        int t = step(worker);
        int rows = (step(worker + 1) - t) * active.batch;
        StepRows x = state.input;
        StepRows z = state.projections;
        for (int row = 0; row < rows; row++) {
            System.arraycopy(
                    weights.bias, 0, z.data, z.index(t, row), weights.bias.length);
        }
        int together = inputGatesTogether ? gates : 1;
        for (int gate = 0; gate < gates; gate += together) {
            library.sgemm(
                    false, true, rows, together * weights.hidden, weights.inputs, 1,
                    x.data, x.index(t, 0), x.rowStride,
                    weights.flat, row(weights.w, gate, 0), weights.w.stride(), 1,
                    z.data, z.index(t, 0) + gate * weights.padded, z.rowStride);
        }
        pool.await();
    }

    /** Whether {@link #inputs} is to compute dx. */
    boolean takesInputs(StepRows dx) {
        return serves(ProductKind.INPUTS) && !weights.tokens && merges(dx);
    }

    /** dx = Σ dz·W of all steps, or dx += it. */
    void inputs(Workers pool, StepRows dx, boolean add) {
        pool.await();
        int t = step(worker);
        int rows = (step(worker + 1) - t) * active.batch;
        StepRows dz = state.gradients;
        int together = inputGatesTogether ? gates : 1;
        for (int gate = 0; gate < gates; gate += together) {
            int segment = inputSegments[gate];
            library.sgemm(
                    false, false, rows, weights.inputs, together * weights.hidden, 1,
                    dz.data, dz.index(t, 0) + segment * weights.padded, dz.rowStride,
                    weights.flat, row(weights.w, gate, 0), weights.w.stride(),
                    add || gate > 0 ? 1 : 0,
                    dx.data, dx.index(t, 0), dx.rowStride);
        }
        pool.await();
    }

    /** Whether {@link #weights} is to compute dW and dU. */
    boolean takesWeights() {
        return serves(ProductKind.WEIGHTS)
                && active.full()
                && (weights.tokens || merges(state.input));
    }

    /**
     * dW (but for tokens) and dU of some units over all steps.
     *
     * @param recurrent what U multiplies in each stage: states by slot, or rows by step
     */
    void weights(StepRows[] recurrent, float[] gradient, int unit, int units) {
        boolean all = units == weights.hidden;
        if (!weights.tokens) {
            int together = all && inputGatesTogether ? gates : 1;
            for (int gate = 0; gate < gates; gate += together) {
                int segment = inputSegments[gate];
                add(weights.w, gate, together, segment, state.input, 0, gradient, unit, units);
            }
        }
        for (int i = 0; i < weights.u.length; i++) {
            for (int stage = 0; stage < stages.length; stage++) {
                int shift = stage == 0 ? state.axis.before(0, weights.delay(i)) : 0;
                int together = all && stateGatesTogether ? gates : 1;
                for (int j = 0; j < stages[stage].length; j += together) {
                    int gate = stages[stage][j];
                    int segment = stateSegments[gate];
                    add(weights.u[i], gate, together, segment, recurrent[stage], shift, gradient,
                            unit, units);
                }
            }
        }
    }

    /** gradient += dzᵀ·a for some units of one gate, or all units of several. */
    private void add(
            Layout.Slot slot, int gate, int together, int segment, StepRows a, int shift,
            float[] gradient, int unit, int units) {
        StepRows dz = state.gradients;
        library.sgemm(
                true, false, together * units, slot.columns(), active.steps * active.batch, 1,
                dz.data, dz.index(0, 0) + segment * weights.padded + unit, dz.rowStride,
                a.data, a.index(shift, 0), a.rowStride, 1,
                gradient, row(slot, gate, unit), slot.stride());
    }

    private int row(Layout.Slot slot, int gate, int unit) {
        return slot.offset() + (gate * weights.hidden + unit) * slot.stride();
    }

    /** Where a worker's share of the steps begins. */
    private int step(int worker) {
        return Partition.share(active.steps, worker, workers);
    }
}
