package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Source;
import ebbtide.bench.flow.Boundaries;
import ebbtide.bench.flow.CellKind;
import ebbtide.bench.flow.Cliff;
import ebbtide.bench.flow.Cures;
import ebbtide.bench.flow.DepthMap;
import ebbtide.bench.flow.Experiment;
import ebbtide.bench.flow.LinearRecurrence;
import ebbtide.bench.flow.Training;
import ebbtide.bench.train.Models;
import ebbtide.bench.train.Recipe;
import ebbtide.bench.train.Session;
import ebbtide.engine.Model;
import ebbtide.engine.Workers;
import ebbtide.kernels.Kernels;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** The experiments of {@code ebbtide flow}. */
final class FlowExperiments {
    private static final List<String> WITH_EXPERIMENT = List.of(
            "--experiment", "--quick", "--out", "--threads", "--json");

    private FlowExperiments() {
    }

    /**
     * Returns the experiment of this name.
     *
     * @param given names of the options on the command line
     * @throws BadInput if there is none, or the options are for something else
     */
    static Experiment named(String name, List<String> given) {
        List<Experiment> all =
                List.of(
                        new LinearRecurrence(), new Boundaries(), new DepthMap(), new Cliff(),
                        new Cures(FlowExperiments::start));
        for (String option : given) {
            if (!WITH_EXPERIMENT.contains(option)) {
                throw new BadInput(
                        "%s: expected none with --experiment, which has its own; leave it out",
                        option);
            }
        }
        return all.stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow(
                () -> new BadInput(
                        "--experiment: expected one of %s, got %s; choose one",
                        all.stream().map(Experiment::name).collect(Collectors.joining(", ")),
                        name));
    }

    /** Starts the training that {@code ebbtide train} would start with these arguments. */
    static Training start(List<String> arguments, Workers workers) {
        Definition definition = new Definition();
        new CommandLine(definition).parseArgs(arguments.toArray(String[]::new));
        Source source = definition.source.open(definition.recipe.seed);
        Recipe recipe = definition.recipe.recipe(definition.source);
        Kernels kernels = Models.kernels("auto");
        Model model = Models.create(
                recipe, source.inputs(), source.outputs(), source.tokens(), kernels);
        return new Training(
                model, CellKind.of(recipe.structure()), source,
                new Session(model, source, recipe, kernels, workers));
    }
}
