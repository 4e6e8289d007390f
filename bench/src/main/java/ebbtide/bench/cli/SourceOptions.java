package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.RepositoryText;
import ebbtide.bench.data.SeriesSource;
import ebbtide.bench.data.SeriesTable;
import ebbtide.bench.data.Source;
import ebbtide.bench.data.TextCorpus;
import ebbtide.bench.data.TextSource;
import ebbtide.bench.task.TaskSource;
import ebbtide.bench.task.Tasks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What to train on. */
final class SourceOptions {
    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "Train a character model on a UTF-8 file.")
    Path text;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Forecast a time series: one row per time step, first line names.")
    Path csv;

    @Option(
            names = "--target",
            paramLabel = "COLUMN",
            description = "Column to forecast, with --csv.")
    String target;

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "COLUMN",
            description = "Input columns, with --csv (default: all that hold numbers).")
    List<String> features = new ArrayList<>();

    @Option(
            names = "--horizon",
            paramLabel = "ROWS",
            description = "How many rows ahead to forecast, with --csv (default: 1).")
    Integer horizon;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "Train on a standard problem: adding, temporal-order, copy or latch.")
    String task;

    @Option(
            names = "--length",
            paramLabel = "T",
            description = "Length of the task's sequences (default: 100, latch 20).")
    Integer length;

    @Option(
            names = "--batch",
            paramLabel = "B",
            description = "Sequences side by side (default: 64; less for a short text).")
    Integer batch;

    @Option(
            names = "--bptt",
            paramLabel = "K2",
            description = "Steps that a gradient runs back, with --text and --csv (default: 64).")
    Integer bptt;

    @Option(
            names = "--bptt-shift",
            paramLabel = "K1",
            description = "New steps per update, with --text (default: as --bptt).")
    Integer shift;

    @Option(
            names = "--validation-split",
            paramLabel = "SHARE",
            description = "Last share of the data, kept for validation (default: 0.1).")
    Double split;

    /** Returns whether no source is named: the repository's own text is it then. */
    boolean demonstration() {
        return text == null && csv == null && task == null;
    }

    /** Checks the options, fills in those that were not given, and opens the source. */
    Source open(long seed) {
        check();
        horizon = horizon == null ? 1 : horizon;
        split = split == null ? 0.1 : split;
        if (task != null) {
            length = length == null ? Tasks.usualLength(task) : length;
            batch = batch == null ? 64 : batch;
            return new TaskSource(Tasks.of(task, length), batch, seed);
        }
        if (csv != null) {
            batch = batch == null ? 64 : batch;
            bptt = bptt == null ? 64 : bptt;
            return new SeriesSource(
                    SeriesTable.read(csv, target, features), batch, bptt, horizon, 1 - split, seed);
        }
        return openText(text == null ? RepositoryText.read() : TextCorpus.read(text));
    }

    /** Any text is to work as it is: what was not asked for shrinks until the text is long enough. */
    private TextSource openText(TextCorpus corpus) {
        int rows = batch == null ? 64 : batch;
        int steps = bptt == null ? 64 : bptt;
        int tokens = corpus.tokens().length;
        while (batch == null && rows > 1 && !TextSource.fits(tokens, rows, steps, 1 - split)) {
            rows /= 2;
        }
        while (bptt == null
                && steps > 1
                && steps / 2 >= (shift == null ? 1 : shift)
                && !TextSource.fits(tokens, rows, steps, 1 - split)) {
            steps /= 2;
        }
        batch = rows;
        bptt = steps;
        shift = shift == null ? bptt : shift;
        if (shift > bptt) {
            throw new BadInput(
                    "--bptt-shift: expected at most --bptt %d, got %d; lower it", bptt, shift);
        }
        return new TextSource(corpus, batch, bptt, shift, 1 - split);
    }

    private void check() {
        int sources = (text == null ? 0 : 1) + (csv == null ? 0 : 1) + (task == null ? 0 : 1);
        if (sources > 1) {
            throw new BadInput(
                    "expected one of --text, --csv and --task, got %d; choose one", sources);
        }
        if (csv != null && target == null) {
            throw new BadInput(
                    "--csv: expected --target COLUMN with it, got none; name the column");
        }
        only(csv != null, "--csv", "--target", target);
        only(csv != null, "--csv", "--features", features.isEmpty() ? null : features);
        only(csv != null, "--csv", "--horizon", horizon);
        only(task != null, "--task", "--length", length);
        only(task == null, "--text or --csv", "--bptt", bptt);
        only(task == null, "--text or --csv", "--validation-split", split);
        only(task == null && csv == null, "--text", "--bptt-shift", shift);
        Checks.atLeast(1, "--horizon", horizon);
        Checks.atLeast(1, "--batch", batch);
        Checks.atLeast(1, "--bptt", bptt);
        Checks.atLeast(1, "--bptt-shift", shift);
        if (split != null && !(split > 0 && split < 1)) {
            throw new BadInput(
                    "--validation-split: expected more than 0 and less than 1, got %s; try 0.1",
                    split);
        }
    }

    private static void only(boolean allowed, String with, String option, Object value) {
        if (!allowed && value != null) {
            throw new BadInput("%s: expected only with %s, got it without; leave it out", option,
                    with);
        }
    }

    /** Returns the options as arguments that give this source again. */
    List<String> arguments() {
        List<String> list = new ArrayList<>();
        add(list, "--text", text == null ? null : text.toAbsolutePath());
        add(list, "--csv", csv == null ? null : csv.toAbsolutePath());
        add(list, "--target", target);
        add(list, "--features", features.isEmpty() ? null : String.join(",", features));
        add(list, "--horizon", csv == null ? null : horizon);
        add(list, "--task", task);
        add(list, "--length", task == null ? null : length);
        add(list, "--batch", batch);
        add(list, "--bptt", task == null ? bptt : null);
        add(list, "--bptt-shift", task == null && csv == null ? shift : null);
        add(list, "--validation-split", task == null ? split : null);
        return list;
    }

    static void add(List<String> list, String option, Object value) {
        if (value != null) {
            list.add(option);
            list.add(value.toString());
        }
    }
}
