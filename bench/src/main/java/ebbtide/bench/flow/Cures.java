package ebbtide.bench.flow;

import ebbtide.bench.data.Score;
import ebbtide.bench.plot.Report;
import ebbtide.bench.train.Trainer;
import ebbtide.engine.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The cures side by side on the temporal order problem (S. Hochreiter, J. Schmidhuber, Neural Computation
 * 9(8), 1997): same budget of updates, same data, several seeds. Each but the last is a command line of
 * {@code ebbtide train}.
 */
public final class Cures implements Experiment {
    private final Training.Starter starter;

    /** Creates the experiment. */
    public Cures(Training.Starter starter) {
        this.starter = starter;
    }

    @Override
    public String name() {
        return "cures";
    }

    @Override
    public String prediction() {
        return "At the start, orthogonal weights, IRNN, leaky units, skip connections and the LSTM bring"
                + " more of the gradient back to the first step than none; clipping, with and without"
                + " Omega, brings the same: it is a cure for explosion. In the full form (50 steps) none"
                + " and clipping solve temporal order for fewer seeds than the best cure.";
    }

    @Override
    public Outcome run(boolean quick, Workers workers, Progress progress) {
        int length = quick ? 20 : 50;
        int updates = quick ? 4 : 2000;
        int seeds = quick ? 1 : 5;
        String common =
                "--task temporal-order --length %d --hidden %d --batch %d --steps %d --lr 1e-3 --validate-every %d"
                        .formatted(
                                length, quick ? 16 : 64, quick ? 8 : 64, updates,
                                Math.max(1, updates / 8));
        List<CureResult> results = new ArrayList<>();
        double parts = Cure.ALL.size() + 1;
        for (Cure cure : Cure.ALL) {
            CureResult result = new CureResult(cure.name(), cure.arguments());
            for (int seed = 0; seed < seeds; seed++) {
                double from = (results.size() + (double) seed / seeds) / parts;
                train(
                        result, common + " " + cure.arguments() + " --seed " + seed, workers,
                        progress.part(from, from + 1 / parts / seeds));
            }
            results.add(result);
        }
        results.add(echo(common, seeds, quick, workers, progress.part(1 - 1 / parts, 1)));
        return outcome(quick, common, results);
    }

    private void train(
            CureResult result, String arguments, Workers workers, Progress progress) {
        Training training = starter.start(List.of(arguments.split(" ")), workers);
        progress.at(0, result.name);
        Curve before = curve(training, workers);
        result.before.add(before.change());
        Trainer trainer = new Trainer(
                training.session(), Double.POSITIVE_INFINITY, () -> false,
                new Trainer.Listener() {
                    @Override
                    public void progress(double share, double rate, double secondsLeft) {
                        progress.at(share, result.name);
                    }

                    @Override
                    public void validated(Score score, double rate) {
                        progress.at(
                                (double) training.session().update()
                                        / training.session().recipe().steps(),
                                result.name);
                    }
                });
        Trainer.End end = trainer.run();
        result.seconds += trainer.seconds();
        result.updates += training.session().update();
        result.solved += end == Trainer.End.SOLVED ? 1 : 0;
        training.session().best().restoreTo(training.model().parameters());
        Map<String, Object> figures = new LinkedHashMap<>();
        training.session().test(() -> false).report(figures);
        result.accuracies.add((Double) figures.get("accuracy"));
        Curve after = curve(training, workers);
        result.after.add(after.change());
        if (result.curveBefore == null) {
            result.curveBefore = medians(before);
            result.curveAfter = medians(after);
        }
    }

    private static Curve curve(Training training, Workers workers) {
        Subject subject =
                Subject.of(training.model(), training.kind(), training.source(), workers);
        return new Curve(subject.norms(workers)[0]);
    }

    private static double[] medians(Curve curve) {
        double last = curve.median(curve.last());
        return IntStream.range(0, curve.steps()).mapToDouble(t -> curve.median(t) / last)
                .toArray();
    }

    private CureResult echo(
            String common, int seeds, boolean quick, Workers workers, Progress progress) {
        CureResult result = new CureResult("echo state", "reservoir and ridge");
        for (int seed = 0; seed < seeds; seed++) {
            long start = System.nanoTime();
            Training data =
                    starter.start(List.of((common + " --seed " + seed).split(" ")), workers);
            double accuracy = new EchoOrder(data.source(), quick ? 50 : 300, seed).accuracy(
                    quick ? 10 : 40, quick ? 4 : data.source().testWindows(),
                    progress.part((double) seed / seeds, (seed + 1.0) / seeds));
            result.accuracies.add(accuracy);
            result.solved += accuracy > 0.99 ? 1 : 0;
            result.seconds += (System.nanoTime() - start) * 1e-9;
        }
        return result;
    }

    private Outcome outcome(boolean quick, String common, List<CureResult> results) {
        boolean holds = flows(results) && (quick || solves(results));
        String measured = "gradient that comes back to the first step: "
                + list(results, r -> r.before.isEmpty() ? null : Report.number(r.changeBefore()))
                + (quick
                        ? ""
                        : "; solved of %d: ".formatted(results.getFirst().seeds())
                                + list(results, r -> Integer.toString(r.solved)));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seeds", results.getFirst().seeds());
        figures.put("arguments", common);
        figures.put("cures", results.stream().map(CureResult::json).toList());
        Report page = CuresPage.of(
                prediction(), (holds ? "Holds: " : "Fails: ") + measured, common, results);
        return new Outcome(measured, holds, figures, page);
    }

    /** Whether the gradients before training are as predicted. */
    private static boolean flows(List<CureResult> results) {
        double none = results.getFirst().changeBefore();
        boolean holds = true;
        for (int i = 0; i < Cure.ALL.size(); i++) {
            double change = results.get(i).changeBefore();
            holds &= switch (Cure.ALL.get(i).start()) {
                case AS_NONE -> change == none;
                case MORE -> change > none;
                case LEARNED -> true;
            };
        }
        return holds;
    }

    private static boolean solves(List<CureResult> results) {
        int best = results.stream().mapToInt(r -> r.solved).max().orElse(0);
        return results.stream().filter(r -> List.of(Cure.NONE, Cure.CLIPPING).contains(r.name))
                .allMatch(r -> r.solved < best);
    }

    private static String list(
            List<CureResult> results, Function<CureResult, String> figure) {
        return results.stream().filter(r -> figure.apply(r) != null)
                .map(r -> r.name + " " + figure.apply(r)).collect(Collectors.joining(", "));
    }
}
