package ebbtide.bench.flow;

import ebbtide.bench.data.Score;
import ebbtide.bench.plot.Charts;
import ebbtide.bench.plot.Report;
import ebbtide.bench.train.Trainer;
import ebbtide.engine.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/**
 * The cures side by side on the temporal order problem (S. Hochreiter, J. Schmidhuber, Neural Computation
 * 9(8), 1997): same budget of updates, same data, several seeds. Each but the last is a command line of
 * {@code ebbtide train}.
 */
public final class Cures implements Experiment {
    private static final String NONE = "none";
    private static final Map<String, String> CURES = cures();

    private final Training.Starter starter;

    /** Creates the experiment. */
    public Cures(Training.Starter starter) {
        this.starter = starter;
    }

    private static Map<String, String> cures() {
        Map<String, String> cures = new LinkedHashMap<>();
        cures.put(NONE, "--cell tanh --clip 0");
        cures.put("clipping", "--cell tanh --clip 1");
        cures.put("orthogonal", "--cell tanh --init orthogonal --clip 1");
        cures.put("irnn", "--cell relu --init identity --clip 1");
        cures.put("leaky", "--cell leaky --leak 0.1 --clip 1");
        cures.put("skip", "--cell skip --skip 10 --clip 1");
        cures.put("gru", "--cell gru --clip 1");
        cures.put("lstm", "--cell lstm --chrono 50 --clip 1");
        return cures;
    }

    @Override
    public String name() {
        return "cures";
    }

    @Override
    public String prediction() {
        return "At the start, orthogonal weights, IRNN, leaky units, skip connections and the LSTM bring"
                + " more of the gradient back to the first step than none, clipping brings the same:"
                + " it is a cure for explosion. In the full form (50 steps) none and clipping solve"
                + " temporal order for fewer seeds than the best cure.";
    }

    /** What came of one cure. */
    private static final class Result {
        final String name;
        final List<Double> changes = new ArrayList<>();
        final List<Double> accuracies = new ArrayList<>();
        double[] curve;
        double[] trained;
        int solved;
        double seconds;

        Result(String name) {
            this.name = name;
        }

        double change() {
            return Curve.quantile(DoubleStream.of(changes.stream().mapToDouble(c -> c).toArray())
                    .toArray(), 0.5);
        }

        double accuracy() {
            return accuracies.stream().mapToDouble(a -> a).average().orElse(Double.NaN);
        }
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
        List<Result> results = new ArrayList<>();
        double parts = CURES.size() + 1;
        for (Map.Entry<String, String> cure : CURES.entrySet()) {
            Result result = new Result(cure.getKey());
            for (int seed = 0; seed < seeds; seed++) {
                double from = (results.size() + (double) seed / seeds) / parts;
                train(
                        result, common + " " + cure.getValue() + " --seed " + seed, workers,
                        progress.part(from, from + 1 / parts / seeds));
            }
            results.add(result);
        }
        results.add(echo(common, seeds, quick, workers, progress.part(1 - 1 / parts, 1)));
        return outcome(quick, seeds, common, results);
    }

    private void train(Result result, String arguments, Workers workers, Progress progress) {
        Training training = starter.start(List.of(arguments.split(" ")), workers);
        progress.at(0, result.name);
        Curve before = curve(training, workers);
        result.changes.add(before.change());
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
        result.solved += end == Trainer.End.SOLVED ? 1 : 0;
        training.session().best().restoreTo(training.model().parameters());
        Map<String, Object> figures = new LinkedHashMap<>();
        training.session().test(() -> false).report(figures);
        result.accuracies.add((Double) figures.get("accuracy"));
        if (result.curve == null) {
            result.curve = medians(before);
            result.trained = medians(curve(training, workers));
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

    private Result echo(
            String common, int seeds, boolean quick, Workers workers, Progress progress) {
        Result result = new Result("echo state");
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

    private Outcome outcome(boolean quick, int seeds, String common, List<Result> results) {
        Map<String, Result> byName = new LinkedHashMap<>();
        results.forEach(r -> byName.put(r.name, r));
        double none = byName.get(NONE).change();
        boolean flows = List.of("orthogonal", "irnn", "leaky", "skip", "lstm").stream()
                .allMatch(n -> byName.get(n).change() > none)
                && byName.get("clipping").change() == none;
        int best = results.stream().mapToInt(r -> r.solved).max().orElse(0);
        boolean solves = quick
                || byName.get(NONE).solved < best && byName.get("clipping").solved < best;
        String measured = "gradient that comes back to the first step: "
                + results.stream().filter(r -> !r.changes.isEmpty())
                        .map(r -> r.name + " " + Report.number(r.change()))
                        .reduce((a, b) -> a + ", " + b).orElse("")
                + (quick
                        ? ""
                        : "; solved of " + seeds + ": "
                                + results.stream().map(r -> r.name + " " + r.solved)
                                        .reduce((a, b) -> a + ", " + b).orElse(""));
        boolean holds = flows && solves;
        Report page = new Report("The cures side by side");
        page.text(prediction()).verdict((holds ? "Holds: " : "Fails: ") + measured)
                .text("Each is: ebbtide train " + common + ", with --seed 0, 1, ... and");
        List<List<?>> rows = new ArrayList<>();
        List<Map<String, Object>> figures = new ArrayList<>();
        for (Result r : results) {
            String change = r.changes.isEmpty() ? "-" : Report.number(r.change());
            rows.add(
                    List.of(
                            r.name, CURES.getOrDefault(r.name, "reservoir and ridge"), change,
                            r.solved + " of " + seeds, r.accuracy(), r.seconds / seeds));
            Map<String, Object> figure = new LinkedHashMap<>();
            figure.put("cure", r.name);
            figure.put("change", r.changes.isEmpty() ? Double.NaN : r.change());
            figure.put("solved", r.solved);
            figure.put("accuracy", r.accuracy());
            figure.put("seconds", r.seconds / seeds);
            figures.add(figure);
        }
        page.table(
                "cures",
                "Gradient: its norm at the first step over that at the last, before training, median of batch and seeds. Accuracy: mean of the seeds on the test. Seconds: of one seed.",
                List.of("cure", "arguments", "gradient", "solved", "accuracy", "seconds"), rows);
        page.chart("before", curves("Before training", results, false),
                "Seed 0; norm 1 at the end.")
                .chart("after", curves("After training", results, true), "Seed 0, best weights.");
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("seeds", seeds);
        all.put("arguments", common);
        all.put("cures", figures);
        return new Outcome(measured, holds, all, page);
    }

    private static XYChart curves(String title, List<Result> results, boolean trained) {
        XYChart chart = Charts.decades(
                Charts.lines(title, "time step t (steps)", "norm of dL/dh_t, median (1)"));
        for (Result r : results) {
            double[] curve = trained ? r.trained : r.curve;
            // The start of clipping is that of none.
            if (curve != null && !(r.name.equals("clipping") && !trained)
                    && Arrays.stream(curve).anyMatch(v -> v > 0 && Double.isFinite(v))) {
                Charts.line(
                        chart, r.name, IntStream.rangeClosed(1, curve.length).asDoubleStream()
                                .toArray(),
                        curve);
            }
        }
        return chart;
    }
}
