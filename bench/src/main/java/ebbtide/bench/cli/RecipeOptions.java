package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.train.Recipe;
import ebbtide.bench.train.Structure;
import ebbtide.engine.Directions;
import ebbtide.engine.init.Initializers;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to train, and how. */
final class RecipeOptions {
    private static final List<String> OPTIMIZERS =
            List.of("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw");
    private static final List<String> SCHEDULES = List.of("constant", "step", "cosine");

    @Mixin
    StructureOptions structure = new StructureOptions();

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Updates in all (default: 2000; with --task 20000).")
    Long steps;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            description = "sgd, momentum, nesterov, rmsprop, adam or adamw"
                    + " (default: ${DEFAULT-VALUE}).")
    String optimizer = "adam";

    @Option(
            names = "--lr",
            paramLabel = "RATE",
            description = "Learning rate (default: 2e-3; sgd 0.1; momentum and nesterov 0.02).")
    Double rate;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "Learning rate over time: constant, step (a tenth after each third of"
                    + " the steps) or cosine (to 0) (default: ${DEFAULT-VALUE}).")
    String schedule = "constant";

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Updates over which the learning rate first rises (default: 0).")
    long warmup;

    @Option(
            names = "--clip",
            paramLabel = "NORM",
            description = "Limit of the gradient's global norm, 0 for none"
                    + " (default: ${DEFAULT-VALUE}).")
    double clip = 5;

    @Option(
            names = "--clip-value",
            paramLabel = "LIMIT",
            description = "Limit of every element of the gradient (default: none).")
    double clipValue;

    @Option(
            names = "--clip-adjoint",
            paramLabel = "LIMIT",
            description = "Limit of the adjoint at every time step (default: none).")
    double clipAdjoint;

    @Option(
            names = "--gradual-underflow",
            description = "Keep states and adjoints below 2^-100 = 7.9e-31, which else count as zero: they"
                    + " shrink to the last subnormal, and updates may take many times as long.")
    boolean gradualUnderflow;

    @Option(
            names = "--flow-weight",
            paramLabel = "W",
            description = "Weight of Pascanu's regulariser Omega, which asks gradients to keep their norm"
                    + " on the way back; for sigmoid, tanh, relu and identity, leaky or"
                    + " residual too (default: 0).")
    double flowWeight;

    @Option(
            names = "--init",
            paramLabel = "NAME",
            description = "Recurrent weights: uniform (all weights as in PyTorch), uniform=0.08,"
                    + " glorot, orthogonal, identity, identity=0.5, radius=0.9 or sparse=15"
                    + " (default: ${DEFAULT-VALUE}).")
    String init = "uniform";

    @Option(
            names = "--orthogonal",
            description = "Keep the recurrent weights orthogonal (Cayley steps), from an orthogonal"
                    + " start.")
    boolean orthogonal;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of weights, data order and sample (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            description = "Updates between validations (default: a quarter of the steps, at most"
                    + " 500).")
    Long validateEvery;

    /** Checks the options, fills in those that were not given, and returns them. */
    Recipe recipe(SourceOptions source) {
        return recipe(source, source.csv == null && source.task == null);
    }

    /**
     * Checks the options, fills in those that were not given, and returns them.
     *
     * @param text whether the network reads a text and predicts its next character
     */
    Recipe recipe(SourceOptions source, boolean text) {
        Checks.oneOf("--optimizer", OPTIMIZERS, optimizer);
        Checks.oneOf("--schedule", SCHEDULES, schedule);
        Initializers.parse(init);
        Structure network = structure.structure(text ? 256 : 64);
        if (text && network.directions() != Directions.FORWARD) {
            throw new BadInput(
                    "--bidirectional: expected --csv or --task with it, got a text, whose next character"
                            + " the other direction would read; leave it out");
        }
        if (orthogonal && init.equals("uniform")) {
            init = "orthogonal";
        }
        if (orthogonal && !init.equals("orthogonal") && !init.equals("identity")) {
            throw new BadInput(
                    "--orthogonal: expected --init orthogonal or identity, got %s; leave it out",
                    init);
        }
        // With no source named the clock stops the run, not the count.
        long usual = source.demonstration() ? 1_000_000 : source.task == null ? 2000 : 20_000;
        steps = steps == null ? usual : steps;
        rate = rate == null ? usualRate() : rate;
        long often = source.demonstration() ? 500 : Math.clamp(steps / 4, 1, 500);
        validateEvery = validateEvery == null ? often : validateEvery;
        Checks.atLeast(1, "--steps", steps);
        Checks.positive("--lr", rate);
        Checks.atLeast(0, "--warmup", warmup);
        Checks.notNegative("--clip", clip);
        Checks.notNegative("--clip-value", clipValue);
        Checks.notNegative("--clip-adjoint", clipAdjoint);
        Checks.notNegative("--flow-weight", flowWeight);
        Checks.atLeast(1, "--validate-every", validateEvery);
        if (flowWeight > 0 && !regularisable(network)) {
            throw new BadInput(
                    "--flow-weight: expected sigmoid, tanh, relu or identity units, leaky or residual or"
                            + " neither, without skip connections, layer normalisation, recurrent dropout"
                            + " and zoneout, got %s; leave it out",
                    network.describe());
        }
        boolean square = init.startsWith("identity") || init.startsWith("radius");
        if (network.projection() > 0 && (orthogonal || square)) {
            throw new BadInput(
                    "--projection: expected no %s with it, whose recurrent weights are square, got both;"
                            + " leave one out",
                    orthogonal ? "--orthogonal" : "--init " + init);
        }
        return new Recipe(
                network, init, orthogonal, seed, steps, optimizer, rate, schedule, warmup,
                (float) clip, (float) clipValue, (float) clipAdjoint, gradualUnderflow,
                flowWeight,
                validateEvery);
    }

    private static boolean regularisable(Structure network) {
        return StructureOptions.PLAIN.contains(network.cell()) && network.skip().isEmpty()
                && !network.layerNorm() && network.recurrentDropout() == 0
                && network.zoneout() == 0;
    }

    private double usualRate() {
        return switch (optimizer) {
            case "sgd" -> 0.1;
            case "momentum", "nesterov" -> 0.02;
            default -> 2e-3;
        };
    }

    /** Returns the options as arguments that give this recipe again. */
    List<String> arguments() {
        List<String> list = new ArrayList<>();
        structure.arguments(list);
        SourceOptions.add(list, "--steps", steps);
        SourceOptions.add(list, "--optimizer", optimizer);
        SourceOptions.add(list, "--lr", rate);
        SourceOptions.add(list, "--schedule", schedule);
        SourceOptions.add(list, "--warmup", warmup);
        SourceOptions.add(list, "--clip", clip);
        SourceOptions.add(list, "--clip-value", clipValue);
        SourceOptions.add(list, "--clip-adjoint", clipAdjoint);
        if (gradualUnderflow) {
            list.add("--gradual-underflow");
        }
        SourceOptions.add(list, "--flow-weight", flowWeight);
        SourceOptions.add(list, "--init", init);
        if (orthogonal) {
            list.add("--orthogonal");
        }
        SourceOptions.add(list, "--seed", seed);
        SourceOptions.add(list, "--validate-every", validateEvery);
        return list;
    }
}
