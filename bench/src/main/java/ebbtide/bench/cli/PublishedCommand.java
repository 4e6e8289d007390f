package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Score;
import ebbtide.bench.published.Experiment;
import ebbtide.bench.published.Experiment.Form;
import ebbtide.bench.published.Experiments;
import ebbtide.bench.published.Outcome;
import ebbtide.bench.published.Section;
import ebbtide.bench.published.Trial;
import ebbtide.bench.results.ResultsFile;
import ebbtide.bench.speed.Commit;
import ebbtide.bench.train.Trainer;
import ebbtide.engine.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ebbtide published}. */
@Command(
        name = "published",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Repeats a published result and records figures and seeds in RESULTS.md: the adding problem"
                    + " (Hochreiter and Schmidhuber 1997), temporal order (Pascanu et al. 2013), copying"
                    + " memory (Arjovsky et al. 2016) and latching (Bengio et al. 1994).",
            "Exit code 1 says that half or more of a trial's seeds missed its goal.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ebbtide published adding --quick",
            "  ebbtide published latch --quick --json",
            "  ebbtide published temporal-order --paper --results results.md"
        })
public final class PublishedCommand implements Callable<Integer> {
    private final Console console;
    private final Interrupt interrupt;
    private final List<Experiment> experiments;

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "adding, temporal-order, copy or latch.")
    private String name;

    @Option(names = "--quick", description = "Settings that succeed within minutes.")
    private boolean quick;

    @Option(names = "--paper", description = "The paper's own settings: up to hours.")
    private boolean paper;

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description = "Where to record (default: bench/RESULTS.md of the source tree).")
    private Path results;

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
    public PublishedCommand(Console console, Interrupt interrupt) {
        this(console, interrupt, Experiments.ALL);
    }

    PublishedCommand(Console console, Interrupt interrupt, List<Experiment> experiments) {
        this.console = console;
        this.interrupt = interrupt;
        this.experiments = experiments;
    }

    private Experiment experiment() {
        return experiments.stream()
                .filter(e -> e.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInput(
                        "expected one of %s, got %s; choose one",
                        String.join(", ", experiments.stream().map(Experiment::name).toList()),
                        name));
    }

    @Override
    public Integer call() {
        Checks.atLeast(1, "--threads", threads);
        Experiment experiment = experiment();
        if (quick == paper) {
            throw new BadInput("expected one of --quick and --paper, got %s; choose one",
                    quick ? "both" : "none");
        }
        Form form = quick ? Form.QUICK : Form.PAPER;
        Path file = results == null ? Commit.folder().map(f -> f.resolve("bench/RESULTS.md"))
                .orElseThrow(() -> new BadInput(
                        "--results: expected a file outside a source tree, got none; name one"))
                : results;
        int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        List<List<Outcome>> outcomes = train(experiment.trials(form), workers);
        if (outcomes == null) {
            return Errors.INTERRUPTED;
        }
        record(experiment, form, outcomes, file, workers);
        boolean good = outcomes.stream()
                .allMatch(o -> 2 * o.stream().filter(Outcome::good).count() > o.size());
        console.say(json, "%s; recorded in %s", good ? "as published" : "not as published", file);
        if (json) {
            print(form, outcomes, file, good);
        }
        return good ? Errors.DONE : Errors.FAILED;
    }

    private List<List<Outcome>> train(List<Trial> trials, int threads) {
        List<List<Outcome>> all = new ArrayList<>();
        int runs = trials.stream().mapToInt(t -> t.seeds().size()).sum();
        int done = 0;
        try (Workers workers = Workers.of(threads);
                ProgressLine line = new ProgressLine(console.err(), Console.terminal())) {
            TrialRun run = new TrialRun(workers, interrupt::requested);
            for (Trial trial : trials) {
                List<Outcome> outcomes = new ArrayList<>();
                for (int seed : trial.seeds()) {
                    String doing = "%s, seed %d".formatted(trial.label(), seed);
                    Outcome outcome = run.run(trial, seed, progress(line, doing, done++, runs));
                    if (outcome == null) {
                        return null;
                    }
                    outcomes.add(outcome);
                    line.note(
                            "%s: %s after %,d sequences, %,d of %,d wrong, loss %.4g (%.4g without"
                                    + " memory), %.0f s",
                            doing, outcome.solved() ? "solved" : "not solved",
                            outcome.sequences(), outcome.wrong(), outcome.answers(),
                            outcome.loss(), outcome.baseline(), outcome.seconds());
                }
                all.add(outcomes);
            }
        }
        return all;
    }

    private static Trainer.Listener progress(ProgressLine line, String doing, int done, int runs) {
        return new Trainer.Listener() {
            @Override
            public void progress(double share, double rate, double secondsLeft) {
                line.report(
                        (done + share) / runs, String.format(
                                Locale.ROOT, "%s  %,.0f sequences/s", doing, rate));
            }

            @Override
            public void validated(Score score, double rate) {
                // Only the end of a trial is news.
            }
        };
    }

    private void record(
            Experiment experiment, Form form, List<List<Outcome>> outcomes, Path file,
            int threads) {
        String place = "commit %s, %s, %d thread%s, %s".formatted(
                Commit.current().orElse("unknown"), Machine.processor(), threads,
                threads == 1 ? "" : "s", LocalDate.now(ZoneOffset.UTC));
        Form other = form == Form.QUICK ? Form.PAPER : Form.QUICK;
        try {
            ResultsFile record = new ResultsFile(file);
            record.replace(
                    Section.name(experiment, form),
                    Section.markdown(experiment, form, outcomes, place));
            if (!record.has(Section.name(experiment, other))) {
                record.replace(Section.name(experiment, other), Section.notRun(experiment, other));
            }
        } catch (IOException e) {
            throw new BadInput("--results: %s; choose another", e.getMessage());
        }
    }

    private void print(Form form, List<List<Outcome>> outcomes, Path file, boolean good) {
        List<Map<String, Object>> trials = new ArrayList<>();
        for (Outcome outcome : outcomes.stream().flatMap(List::stream).toList()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("trial", outcome.trial().label());
            one.put("seed", outcome.seed());
            one.put("solved", outcome.solved());
            one.put("sequences", outcome.sequences());
            one.put("wrong", outcome.wrong());
            one.put("answers", outcome.answers());
            one.put("testLoss", Double.isFinite(outcome.loss()) ? outcome.loss() : null);
            one.put("baselineLoss", outcome.baseline());
            one.put("seconds", outcome.seconds());
            trials.add(one);
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("experiment", name);
        figures.put("form", form.name().toLowerCase(Locale.ROOT));
        figures.put("trials", trials);
        figures.put("good", good);
        figures.put("results", file.toString());
        console.json(figures);
    }
}
