package ebbtide.bench.cli;

import ebbtide.bench.data.Score;
import ebbtide.bench.data.Source;
import ebbtide.bench.published.Outcome;
import ebbtide.bench.published.Trial;
import ebbtide.bench.train.Models;
import ebbtide.bench.train.Recipe;
import ebbtide.bench.train.Session;
import ebbtide.bench.train.Trainer;
import ebbtide.engine.Model;
import ebbtide.engine.Workers;
import ebbtide.kernels.Kernels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** One training of a published result: trains on a task and tests the best weights. */
final class TrialRun {
    private final Workers workers;
    private final BooleanSupplier stop;

    TrialRun(Workers workers, BooleanSupplier stop) {
        this.workers = workers;
        this.stop = stop;
    }

    /** Returns how it went, or null if {@code stop} said so. */
    Outcome run(Trial trial, int seed, Trainer.Listener listener) {
        Definition definition = Definition.of(trial.arguments(seed));
        Source source = definition.source.open(seed);
        Recipe recipe = definition.recipe.recipe(definition.source);
        Kernels kernels = Models.kernels("auto");
        Model model = Models.create(
                recipe, source.inputs(), source.outputs(), source.tokens(), kernels);
        Session session = new Session(model, source, recipe, kernels, workers);
        Trainer trainer = new Trainer(session, Double.POSITIVE_INFINITY, stop, listener);
        Trainer.End end = trainer.run();
        if (end == Trainer.End.STOPPED) {
            return null;
        }
        session.best().restoreTo(model.parameters());
        Score test = session.test(stop);
        if (test == null) {
            return null;
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        test.report(figures);
        long answers = (Long) figures.get("answers");
        return new Outcome(
                trial, seed, end == Trainer.End.SOLVED || source.solved(test),
                session.update() * source.batch(), answers - (Long) figures.get("right"), answers,
                test.loss(), (Double) figures.get("baselineLoss"), trainer.seconds());
    }
}
