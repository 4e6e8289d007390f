package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.speed.FmaPeak;
import ebbtide.bench.speed.JmhRun;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepBenchmark;
import ebbtide.bench.train.Models;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ebbtide bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Times whole steps (forward, and backward to x and all parameters) next to the FMA peak of"
                    + " the machine, interleaved in one process. GFLOP/s count 6*T*B*(I+H)*H operations"
                    + " a step and are medians of rounds; intervals hold 95 %%.",
            "Exits with 1 if a kernel seems faster than the peak, or a step allocates.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ebbtide bench",
            "  ebbtide bench --shape 64,32,256,256 --shape 512,8,128,128 --threads 1 --cell tanh",
            "  ebbtide bench --kernels 128 --seconds 5 --json",
            "  ebbtide bench --suite step --shape 64,32,256,256 --threads 1,2"
        })
public final class BenchCommand implements Callable<Integer> {
    private static final List<String> SHAPES = List.of(
            "16,4,32,32", "64,1,64,64", "64,1,128,128", "64,16,128,128", "512,8,128,128",
            "64,20,65,100", "64,32,256,256", "128,64,512,512");

    /** JMH suites, and the options that each takes. */
    private static final Map<String, List<String>> SUITES = Map.of(
            "step", List.of("--suite", "--shape", "--cell", "--threads"),
            "activation", List.of("--suite", "--cell"),
            "openblas", List.of("--suite"),
            "product", List.of("--suite"));

    private final Console console;
    private final Interrupt interrupt;

    @Option(
            names = "--shape",
            paramLabel = "T,B,I,H",
            description = "Steps, batch, inputs, hidden; repeatable (default: a list of eight).")
    private List<String> shapes;

    @Option(
            names = "--threads",
            paramLabel = "N",
            split = ",",
            description = "Numbers of threads; repeatable (default: 1 and all processors).")
    private List<Integer> threads;

    @Option(
            names = "--cell",
            paramLabel = "NAME",
            split = ",",
            description = "sigmoid, tanh, relu or identity; repeatable (default: sigmoid).")
    private List<String> cells;

    @Option(
            names = "--kernels",
            paramLabel = "NAME",
            description = "auto, scalar, vector, 128, 256 or 512 (default: ${DEFAULT-VALUE}). Next to"
                    + " other kernels the scalar ones run at small shapes.")
    private String kernels = "auto";

    @Option(
            names = "--seconds",
            paramLabel = "X",
            description = "Time for a row (default: ${DEFAULT-VALUE}).")
    private Double seconds = 2.5;

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            description = "Instead, run a JMH suite in JVMs of its own, minutes long: step (takes --shape,"
                    + " --cell, --threads), activation (takes --cell) or product.")
    private String suite;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--json",
            description = "Print one JSON object as the last line of standard output.")
    private boolean json;

    /** Creates the command. */
    public BenchCommand(Console console, Interrupt interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    @Override
    public Integer call() throws RunnerException {
        Checks.positive("--seconds", seconds);
        Models.requireKernels(kernels);
        List<Activation> activations = activations();
        List<Integer> counts = threadCounts();
        List<Shape> sizes = sizes(counts.size());
        if (!Machine.vectorModule()) {
            throw new BadInput("bench: expected the Vector API, got none; start Java with"
                    + " --add-modules=jdk.incubator.vector, as ./ebbtide does");
        }
        if (suite != null) {
            return suite(sizes, activations, counts);
        }
        Kernels ours = Models.kernels(kernels);
        List<Kernels> others =
                ours.lanes() == 1 ? List.of() : List.of(KernelSelection.reference());
        BenchReport report = new BenchReport(console, json);
        try (ProgressLine line = new ProgressLine(console.err(), Console.terminal());
                StepBenchmark benchmark = new StepBenchmark(ours, others, counts, seconds)) {
            int runs = activations.size() * sizes.size();
            for (int run = 0; run < runs && !interrupt.requested(); run++) {
                Shape shape = sizes.get(run % sizes.size());
                Activation cell = activations.get(run / sizes.size());
                String text = cell.name().toLowerCase(Locale.ROOT) + " " + shape;
                double done = run;
                report.add(benchmark.run(
                        shape, cell, share -> line.report((done + share) / runs, text),
                        interrupt::requested));
            }
        } catch (FmaPeak.Boxed e) {
            console.note("ebbtide: %s", e.getMessage());
            return Errors.FAILED;
        }
        if (interrupt.requested()) {
            return Errors.INTERRUPTED;
        }
        return report.print(ours) ? Errors.DONE : Errors.FAILED;
    }

    /** Runs a JMH suite; what was not given keeps the suite's own defaults. */
    private int suite(List<Shape> sizes, List<Activation> activations, List<Integer> counts)
            throws RunnerException {
        List<String> known = SUITES.get(suite);
        if (known == null) {
            throw new BadInput(
                    "--suite: expected step, activation or product, got %s; choose one", suite);
        }
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String name = option.longestName();
            switch (known.contains(name) ? name : "") {
                case "--suite" -> {}
                case "--shape" -> parameters.put("shape", strings(sizes));
                case "--cell" -> parameters.put(
                        suite.equals("step") ? "cell" : "function", strings(activations));
                case "--threads" -> parameters.put("threads", strings(counts));
                default -> throw new BadInput(
                        "%s: expected none with --suite %s; leave it out", name, suite);
            }
        }
        JmhRun.run(suite, parameters);
        return Errors.DONE;
    }

    private static List<String> strings(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    private List<Activation> activations() {
        List<Activation> found = new ArrayList<>();
        for (String name : cells == null ? List.of("sigmoid") : cells) {
            found.add(Stream.of(Activation.values())
                    .filter(cell -> cell.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(() -> new BadInput(
                            "--cell: expected sigmoid, tanh, relu or identity, got %s; choose one",
                            name)));
        }
        return found.stream().distinct().toList();
    }

    /** More threads than processors take turns, and then a peak "at once" means nothing. */
    private List<Integer> threadCounts() {
        int processors = Runtime.getRuntime().availableProcessors();
        List<Integer> counts = threads == null ? Arrays.asList(1, processors) : threads;
        for (int count : counts) {
            if (count < 1 || count > processors) {
                throw new BadInput(
                        "--threads: expected 1 to %d, the processors here, got %d; change it",
                        processors, count);
            }
        }
        return counts.stream().distinct().toList();
    }

    private List<Shape> sizes(int pools) {
        List<Shape> sizes =
                (shapes == null ? SHAPES : shapes).stream().map(Shape::parse).distinct().toList();
        long heap = Runtime.getRuntime().maxMemory();
        for (Shape shape : sizes) {
            if (shape.bytes() > heap / 10 * 9 / pools) {
                throw new BadInput(
                        "shape: %s needs some %,d MB of heap, there are %,d; lower a size or raise the"
                                + " heap with JDK_JAVA_OPTIONS=-Xmx8g",
                        shape, shape.bytes() * pools >> 20, heap >> 20);
            }
        }
        return sizes;
    }
}
