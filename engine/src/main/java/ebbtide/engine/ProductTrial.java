package ebbtide.engine;

import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Measures, when a plan is built, which products a library computes faster than our kernels. The
 * parts of the passes that hold them run in turns by the one and by the other, with the plan's workers,
 * on a network of its own: the same weights and batch, zeros as inputs, and only so many steps as tell.
 * The least time of each counts, since whatever else the machine does can only add to it; the library
 * gets what it does at least 1 % faster.
 */
final class ProductTrial {
    /** Merged rows at which a library has reached its speed: from here on it gains a few percent. */
    private static final int ROWS = 1024;

    /** Multiplications and additions of a round that are enough to be timed, some 10 ms. */
    private static final double FLOPS = 1e9;

    private static final int LEAST_ROUNDS = 5;

    /** Kernels are compiled meanwhile; until then times fall. */
    private static final long LEAST_NANOS = 300_000_000;

    private static final long MOST_NANOS = 3_000_000_000L;
    private static final double GAIN = 0.98;
    private static final double PAYS = 0.99;

    private final Rnn rnn;
    private final int planSteps;
    private final UnrolledNetwork network;
    private final Gradients gradients;
    private final Tensor dx;
    private final StepRows dxRows = new StepRows();

    /** Least nanoseconds of a part: of our kernels, of the library. */
    private final Map<Part, long[]> least = new LinkedHashMap<>();

    private record Part(int run, ProductKind kind) {
    }

    ProductTrial(Planner planner, int steps) {
        rnn = planner.rnn;
        planSteps = steps;
        network = new UnrolledNetwork(planner, steps(planner, steps), false);
        gradients = rnn.gradients();
        dx = rnn.tokens() ? null : Tensor.zeros(network.steps(), planner.batch, rnn.inputs());
        if (dx != null) {
            dxRows.at(dx);
        }
        for (int run = 0; run < network.workspace.runs.length; run++) {
            boolean tokens = rnn.weights()[run].tokens;
            var kinds = EnumSet.allOf(ProductKind.class);
            if (tokens) {
                kinds.removeAll(EnumSet.of(ProductKind.PROJECTION, ProductKind.INPUTS));
            }
            for (ProductKind kind : kinds) {
                least.put(new Part(run, kind), new long[] {Long.MAX_VALUE, Long.MAX_VALUE});
            }
        }
    }

    /** Enough steps for {@link #ROWS} and {@link #FLOPS}, at most those of the plan. */
    private static int steps(Planner planner, int steps) {
        double flops = 0;
        for (LayerWeights run : planner.rnn.weights()) {
            double inputs = run.tokens ? 0 : run.inputs;
            flops += 6.0 * planner.batch * run.cell.gates() * run.hidden * (inputs + run.features);
        }
        long enough = (long) Math.max(Math.ceil((double) ROWS / planner.batch), FLOPS / flops);
        return Math.clamp(enough, 1, steps);
    }

    /** Measures, and tells the runs of a plan what to leave to the library. */
    void settle(LayerState[] runs) {
        PassOrder order = new PassOrder(rnn);
        order.enter();
        try {
            measure();
        } finally {
            order.leave();
        }
        StringJoiner taken = new StringJoiner("; ");
        least.forEach((part, nanos) -> {
            if (nanos[1] < PAYS * nanos[0]) {
                runs[part.run].byLibrary.add(part.kind);
                taken.add("%s of %s, %.2f times as fast".formatted(
                        part.kind.symbol, rnn.weights()[part.run].suffix.substring(1),
                        (double) nanos[0] / nanos[1]));
            }
        });
        System.getLogger("ebbtide.engine").log(
                Level.INFO,
                "Ebbtide plan of {0} steps, batch {1}, {2} threads: {3} computes {4}",
                String.valueOf(planSteps), String.valueOf(network.workspace.active.batch),
                String.valueOf(network.workers.threads()), rnn.kernels().library().name(),
                taken.length() == 0 ? "nothing, our kernels are as fast or faster" : taken);
    }

    private void measure() {
        int batch = network.workspace.active.batch;
        Tokens tokens = rnn.tokens()
                ? Tokens.of(new int[network.steps() * batch], network.steps(), batch)
                : null;
        Tensor x = rnn.tokens() ? null : Tensor.zeros(network.steps(), batch, rnn.inputs());
        network.forward(x, tokens, null, null, null, null, null);
        network.workspace.states.seed(null, null, null);
        network.backward(null, dx, null, null, gradients);
        long start = System.nanoTime();
        long elapsed = 0;
        long lastGain = 0;
        for (int round = 0; round < LEAST_ROUNDS
                || elapsed < MOST_NANOS
                        && elapsed < Math.max(LEAST_NANOS, 2 * lastGain);
                round++) {
            boolean gained = round();
            elapsed = System.nanoTime() - start;
            lastGain = gained ? elapsed : lastGain;
        }
    }

    /** Runs every part by both; returns whether one was clearly faster than ever before. */
    private boolean round() {
        boolean gained = false;
        for (var entry : least.entrySet()) {
            Part part = entry.getKey();
            long[] best = entry.getValue();
            for (int side = 0; side < 2; side++) {
                var byLibrary = network.workspace.runs[part.run].byLibrary;
                byLibrary.clear();
                if (side == 1) {
                    byLibrary.add(part.kind);
                }
                long start = System.nanoTime();
                network.part(part.kind, part.run, dxRows, gradients);
                long nanos = System.nanoTime() - start;
                gained |= nanos < GAIN * best[side];
                best[side] = Math.min(best[side], nanos);
            }
        }
        return gained;
    }
}
