package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.flow.Analysis;
import ebbtide.bench.flow.AnalysisReport;
import ebbtide.bench.flow.Curve;
import ebbtide.bench.flow.Experiment;
import ebbtide.bench.flow.LayerFlow;
import ebbtide.bench.flow.Outcome;
import ebbtide.bench.flow.Progress;
import ebbtide.bench.flow.Recurrent;
import ebbtide.bench.plot.Report;
import ebbtide.bench.plot.TextPlot;
import ebbtide.engine.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ebbtide flow}. */
@Command(
        name = "flow",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Shows what becomes of a gradient on its way back through time: its norm over the steps, the"
                    + " singular values of the Jacobian products, the Lyapunov spectrum, eigenvalues and"
                    + " singular values of U, saturated units, Pascanu's Omega, and a verdict: what his"
                    + " theorem predicts next to what is measured.",
            "bench/GRADIENTS.md tells the story.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ebbtide flow",
            "  ebbtide flow --cell sigmoid --hidden 128 --init orthogonal --steps 50",
            "  ebbtide flow --cell lstm --text book.txt --out report",
            "  ebbtide flow --radius 1.5 --noise 0 --json",
            "  ebbtide flow --model model.safetensors --out report",
            "  ebbtide flow --experiment cliff --out cliff"
        })
public final class FlowCommand implements Callable<Integer> {
    private final Console console;
    private final Interrupt interrupt;

    @Spec
    private CommandSpec spec;

    @Mixin
    private FlowOptions options = new FlowOptions();

    @Option(
            names = "--experiment",
            paramLabel = "NAME",
            description = "Run an experiment instead: linear, boundaries, depth, cliff or cures. It states"
                    + " a prediction, measures, and exits with 1 if the prediction fails.")
    private String experiment;

    @Option(
            names = "--quick",
            description = "The experiment in a small form: seconds.")
    private boolean quick;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write a page, index.html, its plots as PNG and all data as CSV into this folder.")
    private Path out;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads (default: all processors). The result does not depend on them.")
    private Integer threads;

    @Option(
            names = "--json",
            description = "Print one JSON object as the last line of standard output.")
    private boolean json;

    /** Creates the command. */
    public FlowCommand(Console console, Interrupt interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    @Override
    public Integer call() {
        Checks.atLeast(1, "--threads", threads);
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        try (Workers workers = Workers.of(count)) {
            return experiment == null
                    ? analyse(workers)
                    : judge(FlowExperiments.named(experiment, given()), workers);
        } catch (CancellationException e) {
            return Errors.INTERRUPTED;
        }
    }

    private int analyse(Workers workers) {
        FlowOptions.Chosen chosen = options.open(given(), workers);
        Analysis analysis;
        try (ProgressLine line = new ProgressLine(console.err(), Console.terminal())) {
            analysis = Analysis.of(chosen.subject(), options.seed, workers, progress(line));
        }
        console.say(json, "%s", chosen.title());
        for (LayerFlow layer : analysis.layers()) {
            print(layer, analysis.layers().size());
        }
        if (out != null) {
            write(AnalysisReport
                    .page(chosen.subject(), analysis, "Gradient flow: " + chosen.title()));
        }
        if (json) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("subject", chosen.title());
            figures.put("steps", chosen.subject().steps());
            figures.put("batch", chosen.subject().batch());
            figures.put(
                    "layers", analysis.layers().stream().map(AnalysisReport::json).toList());
            console.json(figures);
        }
        return Errors.DONE;
    }

    /** Runs an experiment; returns the exit code of its verdict. */
    int judge(Experiment chosen, Workers workers) {
        Outcome outcome;
        try (ProgressLine line = new ProgressLine(console.err(), Console.terminal())) {
            outcome = chosen.run(quick, workers, progress(line));
        }
        console.say(json, "predicted: %s", chosen.prediction());
        console.say(json, "measured:  %s", outcome.measured());
        console.say(json, "verdict:   the prediction %s", outcome.holds() ? "holds" : "fails");
        if (out != null) {
            write(outcome.page());
        }
        if (json) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("experiment", chosen.name());
            figures.put("quick", quick);
            figures.put("prediction", chosen.prediction());
            figures.put("measured", outcome.measured());
            figures.put("holds", outcome.holds());
            figures.putAll(outcome.figures());
            console.json(figures);
        }
        return outcome.holds() ? Errors.DONE : Errors.FAILED;
    }

    private List<String> given() {
        return spec.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName).toList();
    }

    private Progress progress(ProgressLine line) {
        return (share, doing) -> {
            if (interrupt.requested()) {
                throw new CancellationException();
            }
            line.report(share, doing);
        };
    }

    private void write(Report page) {
        try {
            page.write(out);
            console.say(json, "%nsee %s", out.resolve("index.html"));
        } catch (IOException e) {
            throw new BadInput("--out: expected a folder to write to, got: %s; choose another",
                    e.getMessage());
        }
    }

    private void print(LayerFlow layer, int layers) {
        Curve curve = layer.curve();
        int steps = curve.steps();
        console.say(
                json, "%nnorm of dL/dh_t%s: median, and 90 %% of the batch",
                layers == 1 ? "" : ", " + layer.name());
        double[][] lines = new double[Curve.QUANTILES.length][steps];
        for (int t = 0; t < steps; t++) {
            double[] quantiles = curve.quantiles(t);
            for (int q = 0; q < quantiles.length; q++) {
                lines[q][t] = quantiles[q];
            }
        }
        TextPlot.decades(lines[0], lines[2], lines[4]).forEach(l -> console.say(json, "%s", l));
        for (Recurrent u : layer.matrices()) {
            console.say(
                    json, "%-11s %ssingular values %.4g to %.4g",
                    u.name().isEmpty() ? "U" : "U " + u.name(),
                    Double.isNaN(u.radius())
                            ? ""
                            : String.format(Locale.ROOT, "max |eigenvalue| %.4g, ", u.radius()),
                    u.largest(),
                    u.singularValues()[u.singularValues().length - 1]);
        }
        console.say(
                json, "Lyapunov    %s%s nats a step",
                IntStream.range(0, Math.min(4, layer.exponents().length))
                        .mapToObj(i -> "%.3f".formatted(layer.exponents()[i]))
                        .collect(Collectors.joining(", ")),
                layer.exponents().length > 4 ? ", ..." : "");
        console.say(
                json, "saturated   %s",
                layer.saturation().entrySet().stream()
                        .map(e -> "%s %.1f %%".formatted(e.getKey(), 100 * e.getValue()))
                        .collect(Collectors.joining(", ")));
        console.say(json, "Omega       %.4g", curve.omega());
        console.say(json, "%s", layer.verdict().words());
    }
}
