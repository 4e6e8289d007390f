package ebbtide.engine;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Measures, when a plan is built, which products a library computes faster than our kernels, with the
 * plan's workers, on a network of its own: the same weights and batch, zeros as inputs, and only so many
 * steps as tell. First the parts of the passes that hold them are run by the one and by the other; then
 * whole passes with those products that came out faster, with all merged ones, and with none. A part alone
 * does not tell all, since it finds other things in the caches: without the whole passes, small steps that
 * seemed 1.4 times as fast by the library made a plan slower by a sixth.
 */
final class ProductTrial {
    /** Merged rows at which a library has reached its speed: from here on it gains a few percent. */
    private static final int ROWS = 1024;

    /** Multiplications and additions of a pass that are enough to be timed, some 10 ms. */
    private static final double FLOPS = 1e9;

    /** A library must take less than this part of our time. */
    private static final double PAYS = 0.98;

    private final Rnn rnn;
    private final int planSteps;
    private final UnrolledNetwork network;
    private final Gradients gradients;
    private final Tensor x;
    private final Tokens tokens;
    private final Tensor dx;
    private final StepRows dxRows = new StepRows();

    private record Part(int run, ProductKind kind) {
    }

    ProductTrial(Planner planner, int steps) {
        rnn = planner.rnn;
        planSteps = steps;
        network = new UnrolledNetwork(planner, steps(planner, steps), false);
        gradients = rnn.gradients();
        int rows = planner.batch;
        int trialSteps = network.steps();
        if (rnn.tokens()) {
            tokens = Tokens.of(new int[trialSteps * rows], trialSteps, rows);
            x = null;
            dx = null;
        } else {
            tokens = null;
            x = Tensor.zeros(trialSteps, rows, rnn.inputs());
            dx = Tensor.zeros(trialSteps, rows, rnn.inputs());
            dxRows.at(dx);
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
            List<Part> best = best();
            best.forEach(part -> runs[part.run].byLibrary.add(part.kind));
            tell(best);
        } finally {
            order.leave();
        }
    }

    private List<Part> best() {
        List<Part> parts = parts();
        List<Part> merged =
                parts.stream().filter(part -> ProductKind.MERGED.contains(part.kind)).toList();
        pass(List.of());
        List<Part> faster = faster(parts);
        if (faster.isEmpty()) {
            return faster;
        }
        List<List<Part>> candidates = List.of(List.of(), faster, merged);
        long[] nanos = Turns.least(
                candidates.stream().<Runnable>map(all -> () -> pass(all)).toList());
        int best = nanos[1] <= nanos[2] ? 1 : 2;
        return candidates.get(nanos[best] < PAYS * nanos[0] ? best : 0);
    }

    /** What a library can compute in each layer and direction. */
    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (int run = 0; run < network.workspace.runs.length; run++) {
            Set<ProductKind> kinds = EnumSet.allOf(ProductKind.class);
            if (rnn.weights()[run].tokens) {
                kinds.removeAll(EnumSet.of(ProductKind.PROJECTION, ProductKind.INPUTS));
            }
            for (ProductKind kind : kinds) {
                parts.add(new Part(run, kind));
            }
        }
        return parts;
    }

    /** The parts that the library does faster than our kernels, each by itself. */
    private List<Part> faster(List<Part> parts) {
        List<Runnable> turns = new ArrayList<>();
        for (Part part : parts) {
            turns.add(() -> run(part, List.of()));
            turns.add(() -> run(part, List.of(part)));
        }
        long[] nanos = Turns.least(turns);
        List<Part> faster = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            if (nanos[2 * i + 1] < PAYS * nanos[2 * i]) {
                faster.add(parts.get(i));
            }
        }
        return faster;
    }

    private void run(Part part, List<Part> byLibrary) {
        leave(byLibrary);
        network.part(part.kind, part.run, dxRows, gradients);
    }

    /** A whole pass, forward and backward. */
    private void pass(List<Part> byLibrary) {
        leave(byLibrary);
        network.forward(x, tokens, null, null, null, null, null);
        network.workspace.states.seed(null, null, null);
        network.backward(null, dx, null, null, gradients);
    }

    private void leave(List<Part> byLibrary) {
        for (LayerState run : network.workspace.runs) {
            run.byLibrary.clear();
        }
        for (Part part : byLibrary) {
            network.workspace.runs[part.run].byLibrary.add(part.kind);
        }
    }

    private void tell(List<Part> best) {
        StringJoiner taken = new StringJoiner(", ");
        taken.setEmptyValue("nothing: our kernels are as fast or faster");
        for (Part part : best) {
            taken.add(part.kind.symbol + " of " + rnn.weights()[part.run].suffix.substring(1));
        }
        System.getLogger("ebbtide.engine").log(
                Level.INFO,
                "Ebbtide plan of {0} steps, batch {1}, {2} threads: {3} computes {4}",
                String.valueOf(planSteps), String.valueOf(network.workspace.active.batch),
                String.valueOf(network.workers.threads()), rnn.kernels().library().name(), taken);
    }
}
