package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.train.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ebbtide train}. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Trains a recurrent network on a text, a time series or a standard problem. With no source"
                    + " named it trains on Ebbtide's own text for about a minute and prints a sample.",
            "The model of lowest validation loss is kept. Ctrl-C saves; --resume goes on from there,"
                    + " to the same bits.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ebbtide train",
            "  ebbtide train --text book.txt --hidden 256 --steps 1200 --out book.safetensors",
            "  ebbtide train --resume book.safetensors --steps 5000",
            "  ebbtide train --text book.txt --bptt 64 --bptt-shift 16",
            "  ebbtide train --text book.txt --cell lstm --init-from torch.safetensors",
            "  ebbtide train --csv load.csv --target load --horizon 24",
            "  ebbtide train --task adding --length 100 --cell relu --init identity --clip 1",
            "  ebbtide train --task temporal-order --length 50 --json"
        })
public final class TrainCommand implements Callable<Integer> {
    private static final List<String> WITH_RESUME = List.of(
            "--resume", "--text", "--csv", "--steps", "--seconds", "--out", "--threads",
            KernelOptions.KERNELS, KernelOptions.INEXACT, "--flow", "--json");
    private static final double DEMONSTRATION_SECONDS = 55;

    private final Console console;
    private final Interrupt interrupt;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Definition definition = new Definition();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Stop after this time (default: none; with no source about a minute).")
    private Double seconds;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads (default: all processors). The result does not depend on them.")
    private Integer threads;

    @Mixin
    private KernelOptions kernels = new KernelOptions();

    @Option(
            names = "--init-from",
            paramLabel = "FILE",
            description = "Start from the weights of a PyTorch module (state_dict as safetensors), or of"
                    + " a model of --out.")
    private Path initFrom;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the model and the state of the run go (default: model.safetensors,"
                    + " or the file resumed).")
    private Path out;

    @Option(
            names = "--flow",
            paramLabel = "N",
            description = "Record the norm of the gradient over the time steps at every N-th update: a line"
                    + " of JSON in the file of --out with .flow.jsonl, and events for Java Flight"
                    + " Recorder (see ebbtide flow).")
    private Integer flow;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description = "Continue a run. Its options come from the file; --steps may be raised.")
    private Path resume;

    @Option(
            names = "--json",
            description = "Print one JSON object as the last line of standard output.")
    private boolean json;

    /** Creates the command. */
    public TrainCommand(Console console, Interrupt interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    @Override
    public Integer call() {
        Checks.atLeast(1, "--threads", threads);
        Checks.positive("--seconds", seconds);
        Checks.atLeast(1, "--flow", flow);
        Checkpoint checkpoint = resume == null ? null : resumed();
        if (out == null) {
            out = resume == null ? Path.of("model.safetensors") : resume;
        }
        requireWritable(out);
        int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        return new TrainingJob(console, interrupt, json, flow)
                .run(definition, checkpoint, initFrom, out, limit(), workers, kernels);
    }

    private double limit() {
        if (seconds != null) {
            return seconds;
        }
        return definition.source.demonstration() ? DEMONSTRATION_SECONDS : Double.POSITIVE_INFINITY;
    }

    /** Takes the options of the saved run in place of those of the command line. */
    private Checkpoint resumed() {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (!WITH_RESUME.contains(option.longestName())) {
                throw new BadInput(
                        "%s: expected none with --resume, which takes the options of the saved run;"
                                + " leave it out",
                        option.longestName());
            }
        }
        Checkpoint checkpoint = Checkpoint.read(resume);
        Definition saved = Definition.parse(checkpoint.text("arguments"), resume.toString());
        Definition given = definition;
        definition = saved;
        moved("--text", given.source.text, saved.source.text);
        moved("--csv", given.source.csv, saved.source.csv);
        saved.source.text = given.source.text == null ? saved.source.text : given.source.text;
        saved.source.csv = given.source.csv == null ? saved.source.csv : given.source.csv;
        saved.recipe.steps = given.recipe.steps == null ? saved.recipe.steps : given.recipe.steps;
        return checkpoint;
    }

    private void moved(String option, Path given, Path saved) {
        if (given != null && saved == null) {
            throw new BadInput(
                    "%s: expected none, the run in %s has another source; leave it out",
                    option, resume);
        }
    }

    /** Finds out before a training what would fail after it. */
    private static void requireWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new BadInput("--out: expected a folder %s, got none; create it", folder);
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new BadInput(
                    "--out: expected a regular file, got %s, which is none; choose another", file);
        }
        boolean writable = Files.exists(file) ? Files.isWritable(file) : Files.isWritable(folder);
        if (!writable) {
            throw new BadInput(
                    "--out: expected a writable place, got %s, which is read-only; choose another",
                    file);
        }
    }
}
