package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Score;
import ebbtide.bench.data.Source;
import ebbtide.bench.data.TextSource;
import ebbtide.bench.flow.FlowLog;
import ebbtide.bench.train.Checkpoint;
import ebbtide.bench.train.Models;
import ebbtide.bench.train.Pretrained;
import ebbtide.bench.train.Recipe;
import ebbtide.bench.train.Sampler;
import ebbtide.bench.train.Session;
import ebbtide.bench.train.Trainer;
import ebbtide.engine.Model;
import ebbtide.engine.Workers;
import ebbtide.kernels.Kernels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One training from options to the last line of its report. */
final class TrainingJob {
    private static final int SAMPLE = 400;
    private static final double SAMPLE_TEMPERATURE = 0.8;

    private final Console console;
    private final Interrupt interrupt;
    private final boolean json;
    private final Integer flow;
    private Definition definition;
    private Path out;
    private Model model;
    private Session session;
    private Trainer trainer;

    /**
     * Creates a job.
     *
     * @param flow updates from one record of the gradient flow to the next, or null for none
     */
    TrainingJob(Console console, Interrupt interrupt, boolean json, Integer flow) {
        this.console = console;
        this.interrupt = interrupt;
        this.json = json;
        this.flow = flow;
    }

    int run(
            Definition options,
            Checkpoint checkpoint,
            Path pretrained,
            Path file,
            double limit,
            int threads,
            KernelOptions kernelOptions) {
        definition = options;
        out = file;
        // The kernels come last: choosing them logs a line, and bad input is one line alone.
        kernelOptions.require();
        Source source = options.source.open(options.recipe.seed);
        Recipe recipe = options.recipe.recipe(options.source);
        if (checkpoint != null) {
            checkpoint.requireData(source);
        }
        Kernels kernels = kernelOptions.choose();
        try (Workers workers = Workers.of(threads);
                Writer lines = flowLines(checkpoint != null)) {
            model = Models.create(
                    recipe, source.inputs(), source.outputs(), source.tokens(), kernels);
            if (pretrained != null && !Pretrained.load(pretrained, model)) {
                console.note("%s has no read-out of this shape: it starts anew", pretrained);
            }
            session = new Session(
                    model, source, recipe, kernels, workers,
                    lines == null ? null
                            : new FlowLog(flow, model.rnn().directions().count(), lines));
            if (checkpoint != null) {
                checkpoint.restore(session);
            }
            announce(source, recipe, threads);
            Trainer.End end = train(limit);
            Map<String, Object> figures = report(end, kernels, threads);
            finish(end, figures);
            if (json) {
                console.json(figures);
            }
            return switch (end) {
                case STOPPED -> Errors.INTERRUPTED;
                case DIVERGED -> Errors.FAILED;
                default -> Errors.DONE;
            };
        } catch (IOException | UncheckedIOException e) {
            throw new BadInput(
                    "--flow: expected a place to write to, got: %s; choose another --out",
                    e.getMessage());
        }
    }

    /** Opens the file of the gradient flow; a resumed run adds to it. */
    private Writer flowLines(boolean resumed) throws IOException {
        if (flow == null) {
            return null;
        }
        return Files.newBufferedWriter(
                Path.of(out + ".flow.jsonl"), StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                resumed ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
    }

    private void announce(Source source, Recipe recipe, int threads) {
        console.note(
                "%s: %s, %d inputs, %d x %d hidden, %d outputs, %,d parameters; batch %d, %d steps a"
                        + " window; %d thread%s%s",
                source.name(), recipe.structure().describe(), source.inputs(),
                recipe.structure().layers(), recipe.structure().hidden(), source.outputs(),
                model.parameters().layout().elements(), source.batch(),
                source.steps(), threads, threads == 1 ? "" : "s",
                session.update() == 0 ? "" : ", resumed after update " + session.update());
    }

    private Trainer.End train(double limit) {
        try (ProgressLine line = new ProgressLine(console.err(), Console.terminal())) {
            trainer = new Trainer(session, limit, interrupt::requested, new Trainer.Listener() {
                @Override
                public void progress(double share, double rate, double secondsLeft) {
                    line.report(
                            share, session.update(), session.loss(), rate,
                            session.source().items(), secondsLeft);
                }

                @Override
                public void validated(Score score, double rate) {
                    save();
                    line.note(
                            "step %d  train %.4f  validation %.4f%s  %,.0f %s/s",
                            session.update(), session.loss(), score.loss(),
                            score.loss() <= session.best().loss() ? " (best)" : "", rate,
                            session.source().items());
                }
            });
            return trainer.run();
        }
    }

    private void save() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("arguments", definition.toJson());
        metadata.put("source", session.source().name());
        metadata.put("fingerprint", session.source().fingerprint());
        metadata.put("inputs", Integer.toString(session.source().inputs()));
        metadata.put("outputs", Integer.toString(session.source().outputs()));
        metadata.put("tokens", Boolean.toString(session.source().tokens()));
        if (session.source() instanceof TextSource text) {
            metadata.put("vocabulary", text.corpus().vocabulary().toString());
        }
        Checkpoint.save(out, session, metadata);
    }

    /** Saves what is not saved yet, tests the best weights, and says how it went. */
    private void finish(Trainer.End end, Map<String, Object> figures) {
        if (end == Trainer.End.DIVERGED) {
            console.note(
                    "ebbtide: expected finite losses, got NaN or infinity after update %d; lower --lr or"
                            + " --clip%s",
                    session.update(),
                    session.best().found() ? "; the best model up to then is in " + out : "");
            if (session.origin() != null) {
                console.note("It began with: %s", session.origin());
                figures.put("origin", session.origin().json());
            }
            return;
        }
        save();
        if (end == Trainer.End.STOPPED) {
            console.note(
                    "stopped after update %d; go on with: ebbtide train --resume %s",
                    session.update(), out);
            return;
        }
        session.best().restoreTo(model.parameters());
        if (session.source().testWindows() > 0) {
            test(end, figures);
        }
        figures.forEach((name, value) -> console.say(
                json, value instanceof Double ? "%-20s %.6g" : "%-20s %s", name, value));
        if (session.source() instanceof TextSource text) {
            String sample = new Sampler(model, text.corpus().vocabulary())
                    .sample("", SAMPLE, SAMPLE_TEMPERATURE, session.recipe().seed());
            console.say(json, "%n%s", sample.strip());
        }
    }

    private void test(Trainer.End end, Map<String, Object> figures) {
        Score test = session.test(() -> false);
        figures.put("testLoss", test.loss());
        test.report(figures);
        boolean solved = end == Trainer.End.SOLVED || session.source().solved(test);
        figures.put("solved", solved);
    }

    private Map<String, Object> report(Trainer.End end, Kernels kernels, int threads) {
        Map<String, Object> figures = new LinkedHashMap<>();
        Score validation = trainer.validation();
        figures.put("source", session.source().name());
        figures.put("end", end.name().toLowerCase(Locale.ROOT));
        figures.put("trainLoss", session.loss());
        figures.put("validationLoss", validation == null ? Double.NaN : validation.loss());
        figures.put("bestValidationLoss", session.best().loss());
        if (validation != null && session.source().testWindows() == 0) {
            validation.report(figures);
        }
        figures.put("steps", session.update());
        figures.put("seconds", trainer.seconds());
        figures.put(session.source().items() + "PerSecond", trainer.rate());
        figures.put("parameters", model.parameters().layout().elements());
        figures.put("kernels", kernels.name());
        figures.put("threads", threads);
        figures.put("model", out.toString());
        return figures;
    }
}
