package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.results.ResultsFile;
import ebbtide.bench.speed.Contest;
import ebbtide.bench.speed.FmaPeak;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepCell;
import ebbtide.bench.suite.Entry;
import ebbtide.bench.suite.JmhRun;
import ebbtide.bench.suite.Suite;
import ebbtide.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ebbtide bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Times whole steps (forward, and backward to x and all parameters) next to the same by"
                    + " oneDNN, OpenBLAS and netlib's VectorBLAS and to the FMA peak of the machine,"
                    + " interleaved in one process; also to the engine itself with OpenBLAS for its merged"
                    + " products, calls and copies included. GFLOP/s count 6*T*B*(I+H)*H*gates operations"
                    + " a step and are medians of rounds; intervals hold 95 %%. \"x PEER\" is how many times"
                    + " its speed we run at; \"packed\" charges the packing or reordering of weights, and"
                    + " of their gradients, to both.",
            "Exits with 1 if anybody seems faster than the peak, or our step allocates.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ebbtide bench",
            "  ebbtide bench --shape 64,32,256,256 --shape 512,8,128,128 --threads 1 --cell tanh,lstm",
            "  ebbtide bench --suite gemm --shape 32,256,256 --json",
            "  ebbtide bench --isa avx2 --seconds 5",
            "  ebbtide bench --full --cell sigmoid --seconds 0.2 --plot peak.svg"
        })
public final class BenchCommand implements Callable<Integer> {
    /** JMH's iterations take this part of the time for a row. */
    private static final double ITERATION = 0.4;

    /** The suite that starts JVMs of its own, each for so many times the seconds of a contestant. */
    private static final String START = "start";

    private static final double START_TIMES = 5;

    /** Suites whose rows have T, B, I and H. */
    private static final Set<Suite> PLOTTED = EnumSet.of(Suite.STEP, Suite.GRID, Suite.TRAIN);

    private final Console console;
    private final Interrupt interrupt;

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            description = "step, grid (steps against oneDNN alone, T of 16 to 200, B of 1 to 128, H of 64 to"
                    + " 1024, with geometric means: an hour with --seconds 0.3), gemm (products),"
                    + " activation, train (whole training steps with Adam; packing is always in them),"
                    + " relations (our steps against other steps of ours), start (ten fresh"
                    + " JVMs a row: how soon, and how fast they run), or"
                    + " openblas (calls, in JMH's forks only) (default: ${DEFAULT-VALUE}).")
    private String suite = "step";

    @Option(
            names = "--shape",
            paramLabel = "T,B,I,H",
            description = "Steps, batch, inputs, hidden, or M,N,K for gemm; repeatable (default: a small"
                    + " grid).")
    private List<String> shapes;

    @Option(
            names = "--cell",
            paramLabel = "NAME",
            split = ",",
            description = "sigmoid, tanh, relu, identity, lstm or gru; repeatable (default: sigmoid, and"
                    + " others at two shapes).")
    private List<String> cells;

    @Option(
            names = "--threads",
            paramLabel = "N",
            split = ",",
            description = "Numbers of threads, ours and the peers'; repeatable (default: 1 and all"
                    + " processors).")
    private List<Integer> threads;

    @Mixin
    private KernelOptions kernels = new KernelOptions();

    @Option(
            names = "--isa",
            paramLabel = "NAME",
            description = "avx2 or avx512: limits the JVM, oneDNN and OpenBLAS to it.")
    private String isa;

    @Option(
            names = "--seconds",
            paramLabel = "X",
            description = "Time for one contestant at one shape (default: ${DEFAULT-VALUE}).")
    private Double seconds = 1.2;

    @Option(
            names = "--full",
            description = "The whole grid with DeepBench's vanilla shapes, and then the suite in JMH's own"
                    + " forks: hours, unless limited by --cell, --shape, --seconds.")
    private boolean full;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Write the share of the peak over H and over B, ours and the peers', as FILE.svg"
                    + " and FILE.png; for step, grid and train.")
    private Path plot;

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description = "Record the table in this Markdown file, in a section of the suite's own, as"
                    + " bench/RESULTS.md has it.")
    private Path results;

    @Option(
            names = "--json",
            description = "Print one JSON object as the last line of standard output.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** Creates the command. */
    public BenchCommand(Console console, Interrupt interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    @Override
    public Integer call() throws RunnerException {
        Checks.positive("--seconds", seconds);
        kernels.require();
        boolean start = suite.equals(START);
        Suite timed = start ? Suite.STEP : Suite.named(suite);
        List<StepCell> chosen =
                cells == null ? null : cells.stream().map(StepCell::named).distinct().toList();
        List<Integer> counts = threadCounts();
        if (!Machine.vectorModule()) {
            throw new BadInput("bench: expected the Vector API, got none; start Java with"
                    + " --add-modules=jdk.incubator.vector, as ./ebbtide does");
        }
        if (timed.jmh() == null) {
            requireNone("--full");
        }
        Isa limit = isa == null ? null : Isa.named(isa);
        if (limit != null && !limit.inForce()) {
            return limit.relaunch(spec.commandLine().getParseResult().originalArgs());
        }
        if (plot != null && !PLOTTED.contains(timed)) {
            throw new BadInput("--plot: expected --suite step, grid or train, got %s; leave it out",
                    suite);
        }
        if (start) {
            requireNone("--plot", "--results", "--full", KernelOptions.KERNELS,
                    KernelOptions.INEXACT);
            return new StartReport(console, interrupt).run(
                    shapes == null ? null : shapes.stream().map(Shape::parse).distinct().toList(),
                    chosen == null ? List.of(StepCell.SIGMOID) : chosen, counts,
                    seconds * START_TIMES,
                    json);
        }
        timed.entries(null, chosen, shapes, full).forEach(entry -> requireHeap(entry, counts));
        Kernels ours = kernels.choose();
        List<Entry> entries = timed.entries(ours, chosen, shapes, full);
        if (entries.isEmpty()) {
            JmhRun.run(timed, Map.of(), seconds * ITERATION, console.results(json));
            return Errors.DONE;
        }
        BenchReport report = new BenchReport(timed, ours, counts);
        try {
            measure(entries, counts, report);
        } catch (FmaPeak.Boxed e) {
            console.note("ebbtide: %s", e.getMessage());
            return Errors.FAILED;
        }
        if (interrupt.requested()) {
            return Errors.INTERRUPTED;
        }
        boolean fine = report.print(console, json);
        if (plot != null) {
            PeakPlot.write(plot, report.rows()).forEach(file -> console.note("plot: %s", file));
        }
        if (results != null) {
            record(report);
        }
        if (full) {
            JmhRun.run(
                    timed, parameters(timed, chosen, counts), seconds * ITERATION,
                    console.results(json));
        }
        return fine ? Errors.DONE : Errors.FAILED;
    }

    private void requireNone(String... options) {
        for (String option : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new BadInput(
                        "%s: expected none with --suite %s; leave it out", option, suite);
            }
        }
    }

    private void record(BenchReport report) {
        String command =
                "ebbtide " + String.join(" ", spec.commandLine().getParent() == null
                        ? List.of()
                        : spec.commandLine().getParent().getParseResult().originalArgs());
        try {
            new ResultsFile(results).replace(
                    BenchSection.name(report.suite()), BenchSection.of(report, command));
        } catch (IOException e) {
            throw new BadInput("--results: %s; choose another", e.getMessage());
        }
        console.note("recorded in %s", results);
    }

    private void measure(List<Entry> entries, List<Integer> counts, BenchReport report) {
        try (ProgressLine line = new ProgressLine(console.err(), Console.terminal());
                Contest contest = new Contest(counts, seconds)) {
            for (int i = 0; i < entries.size() && !interrupt.requested(); i++) {
                Entry entry = entries.get(i);
                String text = entry.work().cell() + " " + entry.work().shape();
                double done = i;
                report.add(contest.run(
                        entry.work(), entry.field(),
                        share -> line.report((done + share) / entries.size(), text),
                        interrupt::requested));
            }
        }
    }

    /** Returns what JMH is told; what was not given keeps the suite's own defaults. */
    private Map<String, List<String>> parameters(
            Suite timed, List<StepCell> chosen, List<Integer> counts) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (shapes != null) {
            parameters.put("shape", shapes);
        }
        if (chosen != null) {
            parameters.put(
                    timed == Suite.ACTIVATION ? "function" : "cell",
                    chosen.stream().map(Enum::name).toList());
        }
        if (timed != Suite.ACTIVATION) {
            parameters.put("threads", counts.stream().map(Object::toString).toList());
        }
        return parameters;
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

    private static void requireHeap(Entry entry, List<Integer> counts) {
        long heap = Runtime.getRuntime().maxMemory();
        if (entry.bytes() > heap / 10 * 9 / counts.size()) {
            throw new BadInput(
                    "shape: %s needs some %,d MB of heap, there are %,d; lower a size or raise the"
                            + " heap with JDK_JAVA_OPTIONS=-Xmx8g",
                    entry.work().shape(), entry.bytes() * counts.size() >> 20, heap >> 20);
        }
    }
}
