package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.train.Structure;
import ebbtide.engine.Directions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What network to train. */
final class StructureOptions {
    static final List<String> PLAIN = List.of("sigmoid", "tanh", "relu", "identity");
    private static final String PLAIN_CELLS = "sigmoid, tanh, relu or identity";
    private static final List<String> CELLS =
            List.of("sigmoid", "tanh", "relu", "identity", "leaky", "skip", "lstm", "gru",
                    "gru-reset-first");
    private static final List<String> BOTH = List.of("concat", "sum");
    private static final double USUAL_LEAK = 0.1;
    private static final List<Integer> USUAL_SKIP = List.of(4);

    @Option(
            names = "--cell",
            paramLabel = "NAME",
            description = "sigmoid, tanh, relu, identity, lstm, gru (reset gate after the product, as"
                    + " PyTorch) or gru-reset-first (before it, as Cho et al. 2014); leaky and skip"
                    + " are tanh with --leak 0.1 and --skip 4 (default: ${DEFAULT-VALUE}).")
    String cell = "tanh";

    @Option(
            names = "--hidden",
            paramLabel = "H",
            description = "Hidden units of a layer (default: 256; with --csv and --task 64).")
    Integer hidden;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Layers on top of each other (default: ${DEFAULT-VALUE}).")
    int layers = 1;

    @Option(
            names = "--leak",
            paramLabel = "RATE",
            description = "Leaky units: the share of its state that a unit renews at each step,"
                    + " more than 0, at most 1. Not for lstm and gru.")
    Double leak;

    @Option(
            names = "--learn-leak",
            description = "Leaky units learn their rates, each its own, from --leak (default: 0.1) on.")
    boolean learnLeak;

    @Option(
            names = "--skip",
            split = ",",
            paramLabel = "D",
            description = "Further connections from D steps back, one or several: --skip 3,10."
                    + " Not for leaky, lstm and gru.")
    List<Integer> skip = new ArrayList<>();

    @Option(
            names = "--residual-recurrence",
            description = "Plain cells add to their state, h_t = h_(t-1) + f(z), in place of renewing"
                    + " it. (--residual adds from layer to layer.)")
    boolean residualRecurrence;

    @Option(
            names = "--forget-bias",
            paramLabel = "X",
            description = "Added to the forget gates' bias at the start, with lstm (default: 0).")
    Double forgetBias;

    @Option(
            names = "--chrono",
            paramLabel = "T",
            description = "Start an lstm's biases for dependencies of up to T steps.")
    Integer chrono;

    @Option(
            names = "--peepholes",
            description = "The gates of an lstm look at its cell state.")
    boolean peepholes;

    @Option(
            names = "--projection",
            paramLabel = "P",
            description = "Project the H outputs of an lstm to P states, fewer than H.")
    Integer projection;

    @Option(
            names = "--layer-norm",
            description = "Normalise what a cell's nonlinearities read by layers (Ba et al. 2016). For"
                    + " plain and leaky cells, lstm and gru.")
    boolean layerNorm;

    @Option(
            names = "--bidirectional",
            paramLabel = "HOW",
            description = "Layers read in both directions: concat (outputs side by side, as PyTorch) or"
                    + " sum. Not for texts, whose next character is the answer.")
    String bidirectional;

    @Option(
            names = "--residual",
            description = "Add to the output of every layer but the first what it has read.")
    boolean residual;

    @Option(
            names = "--dropout",
            paramLabel = "RATE",
            description = "Share of outputs dropped between layers while training (default: 0).")
    Double dropout;

    @Option(
            names = "--recurrent-dropout",
            paramLabel = "RATE",
            description = "Share of states dropped in the recurrence, the same at every step of a"
                    + " window (default: 0).")
    Double recurrentDropout;

    @Option(
            names = "--zoneout",
            paramLabel = "RATE",
            description = "Share of units that keep their state at a step while training (default: 0).")
    Double zoneout;

    @Option(
            names = "--cell-zoneout",
            paramLabel = "RATE",
            description = "The same for the cell states of an lstm, apart from its states (default: 0).")
    Double cellZoneout;

    /** Checks the options, fills in those that were not given, and returns them. */
    Structure structure(int usualHidden) {
        Checks.oneOf("--cell", CELLS, cell);
        hidden = hidden == null ? usualHidden : hidden;
        if (cell.equals("leaky")) {
            leak = leak == null ? USUAL_LEAK : leak;
            cell = "tanh";
        }
        if (cell.equals("skip")) {
            skip = skip.isEmpty() ? USUAL_SKIP : skip;
            cell = "tanh";
        }
        leak = leak == null && learnLeak ? Double.valueOf(USUAL_LEAK) : leak;
        Checks.atLeast(1, "--hidden", hidden);
        Checks.atLeast(1, "--layers", layers);
        boolean plain = PLAIN.contains(cell);
        boolean lstm = cell.equals("lstm");
        only(plain, "--learn-leak", PLAIN_CELLS, learnLeak ? true : null);
        only(plain, "--leak", PLAIN_CELLS, leak);
        only(plain, "--skip", PLAIN_CELLS, skip.isEmpty() ? null : skip);
        only(plain, "--residual-recurrence", PLAIN_CELLS, residualRecurrence ? true : null);
        only(lstm, "--peepholes", "lstm", peepholes ? true : null);
        only(lstm, "--projection", "lstm", projection);
        only(lstm, "--forget-bias", "lstm", forgetBias);
        only(lstm, "--chrono", "lstm", chrono);
        only(lstm, "--cell-zoneout", "lstm", cellZoneout);
        only(plain || lstm || cell.equals("gru"), "--layer-norm", PLAIN_CELLS + ", lstm or gru",
                layerNorm ? true : null);
        apart("--layer-norm", layerNorm, "--skip", !skip.isEmpty());
        apart("--layer-norm", layerNorm, "--residual-recurrence", residualRecurrence);
        apart("--layer-norm", layerNorm, "--peepholes", peepholes);
        apart("--layer-norm", layerNorm, "--projection", projection != null);
        apart("--cell-zoneout", cellZoneout != null, "--peepholes", peepholes);
        if (leak != null && !(leak.floatValue() > 0 && leak <= 1)) {
            throw new BadInput(
                    "--leak: expected more than 0 and at most 1, got %s; try 0.1", leak);
        }
        apart("--skip", !skip.isEmpty(), "--leak", leak != null);
        if (learnLeak && leak.floatValue() == 1) {
            throw new BadInput(
                    "--leak: expected less than 1 with --learn-leak, got 1; try 0.1");
        }
        apart("--residual-recurrence", residualRecurrence, "--leak", leak != null);
        apart("--residual-recurrence", residualRecurrence, "--skip", !skip.isEmpty());
        apart("--projection", projection != null, "--peepholes", peepholes);
        if (projection != null && (projection < 1 || projection >= hidden)) {
            throw new BadInput(
                    "--projection: expected at least 1 and less than --hidden %d, got %d; change it",
                    hidden, projection);
        }
        skip.forEach(delay -> Checks.atLeast(2, "--skip", delay));
        if (forgetBias != null && !(Math.abs(forgetBias) <= Float.MAX_VALUE)) {
            throw new BadInput("--forget-bias: expected a number, got %s; try 1", forgetBias);
        }
        Checks.atLeast(3, "--chrono", chrono);
        if (bidirectional != null) {
            Checks.oneOf("--bidirectional", BOTH, bidirectional);
        }
        return new Structure(
                cell, hidden, layers, leak == null ? 0f : leak.floatValue(), learnLeak,
                List.copyOf(skip), residualRecurrence,
                forgetBias == null ? 0f : forgetBias.floatValue(), chrono == null ? 0 : chrono,
                peepholes, layerNorm, projection == null ? 0 : projection,
                bidirectional == null ? Directions.FORWARD
                        : bidirectional.equals("sum") ? Directions.SUMMED : Directions.CONCATENATED,
                residual, rate("--dropout", dropout), rate("--recurrent-dropout", recurrentDropout),
                rate("--zoneout", zoneout), rate("--cell-zoneout", cellZoneout));
    }

    private static float rate(String option, Double rate) {
        if (rate == null) {
            return 0f;
        }
        if (!(rate >= 0 && rate.floatValue() < 1)) {
            throw new BadInput(
                    "%s: expected at least 0 and less than 1, got %s; try 0.2", option, rate);
        }
        return rate.floatValue();
    }

    private void only(boolean allowed, String option, String cells, Object value) {
        if (!allowed && value != null) {
            throw new BadInput(
                    "%s: expected only with --cell %s, got it with %s; leave it out", option, cells,
                    cell);
        }
    }

    private static void apart(String option, boolean given, String other, boolean otherGiven) {
        if (given && otherGiven) {
            throw new BadInput("%s: expected no %s with it, got both; leave one out", option,
                    other);
        }
    }

    /** Adds the options as arguments that give this network again. */
    void arguments(List<String> list) {
        SourceOptions.add(list, "--cell", cell);
        SourceOptions.add(list, "--hidden", hidden);
        SourceOptions.add(list, "--layers", layers);
        SourceOptions.add(list, "--leak", leak);
        flag(list, "--learn-leak", learnLeak);
        flag(list, "--residual-recurrence", residualRecurrence);
        SourceOptions.add(list, "--skip", skip.isEmpty() ? null
                : skip.stream().map(String::valueOf).collect(Collectors.joining(",")));
        SourceOptions.add(list, "--forget-bias", forgetBias);
        SourceOptions.add(list, "--chrono", chrono);
        flag(list, "--peepholes", peepholes);
        flag(list, "--layer-norm", layerNorm);
        SourceOptions.add(list, "--projection", projection);
        SourceOptions.add(list, "--bidirectional", bidirectional);
        flag(list, "--residual", residual);
        SourceOptions.add(list, "--dropout", dropout);
        SourceOptions.add(list, "--recurrent-dropout", recurrentDropout);
        SourceOptions.add(list, "--zoneout", zoneout);
        SourceOptions.add(list, "--cell-zoneout", cellZoneout);
    }

    private static void flag(List<String> list, String option, boolean given) {
        if (given) {
            list.add(option);
        }
    }
}
