package ebbtide.bench.flow;

import ebbtide.bench.plot.Charts;
import ebbtide.bench.plot.Report;
import ebbtide.engine.Rnn;
import ebbtide.engine.Workers;
import ebbtide.engine.init.Initializers;
import ebbtide.kernels.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/**
 * How deep is deep: the share of random starts whose gradient has fallen by 10 or 1000 times, or grown
 * so, after n steps back, by the spectral radius of U. One backward pass over T steps gives every n.
 */
public final class DepthMap implements Experiment {
    private static final int STEPS = 101;
    private static final int[] BACK = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100
    };
    private static final int DEEP = 10;
    private static final double MOST = 0.9;

    /** Creates the experiment. */
    public DepthMap() {
    }

    @Override
    public String name() {
        return "depth";
    }

    @Override
    public String prediction() {
        return "Ten steps are deep. A linear recurrence of spectral radius 0.6 or less loses 10x of the"
                + " gradient within 10 steps, one of 1.6 or more gains it, in at least 90 % of the random"
                + " starts (0.6^10 = 0.006, 1.6^10 = 110); with tanh, whose slopes are below 1, at"
                + " least as many fall.";
    }

    /** Shares by radius and steps back. */
    private record Shares(double[][] fell10, double[][] fell1000, double[][] grew10,
            double[][] grew1000) {
        Shares(int radii) {
            this(
                    new double[radii][BACK.length], new double[radii][BACK.length],
                    new double[radii][BACK.length], new double[radii][BACK.length]);
        }
    }

    @Override
    public Outcome run(boolean quick, Workers workers, Progress progress) {
        int hidden = quick ? 12 : 64;
        int starts = quick ? 20 : 200;
        double[] radii = quick
                ? new double[] {0.4, 0.6, 1, 1.6, 2}
                : IntStream.rangeClosed(4, 20).mapToDouble(r -> r / 10.0).toArray();
        Report page = new Report("Depth");
        page.text(prediction());
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("hidden", hidden);
        figures.put("starts", starts);
        Shares linear = map("identity", hidden, starts, radii, workers, progress.part(0, 0.5));
        Shares tanh = map("tanh", hidden, starts, radii, workers, progress.part(0.5, 1));
        int column = Arrays.binarySearch(BACK, DEEP);
        int low = index(radii, 0.6);
        int high = index(radii, 1.6);
        double fell = least(linear.fell10, 0, low, column);
        double grew = least(linear.grew10, high, radii.length - 1, column);
        double fellTanh = least(tanh.fell10, 0, low, column);
        boolean holds = fell >= MOST && grew >= MOST && fellTanh >= fell;
        String measured =
                "after 10 steps %.0f %% or more have fallen 10x at a radius up to 0.6 (tanh %.0f %%), and %.0f %% or more have grown 10x from 1.6 on"
                        .formatted(100 * fell, 100 * fellTanh, 100 * grew);
        figures.put("fell10", fell);
        figures.put("fell10Tanh", fellTanh);
        figures.put("grew10", grew);
        page.verdict((holds ? "Holds: " : "Fails: ") + measured);
        draw(page, "identity", radii, linear);
        draw(page, "tanh", radii, tanh);
        return new Outcome(measured, holds, figures, page);
    }

    private static int index(double[] radii, double radius) {
        return IntStream.range(0, radii.length)
                .filter(i -> Math.abs(radii[i] - radius) < 1e-9).findFirst().orElseThrow();
    }

    private static double least(double[][] shares, int from, int to, int column) {
        return IntStream.rangeClosed(from, to).mapToDouble(r -> shares[r][column]).min()
                .orElseThrow();
    }

    private static Shares map(
            String cell,
            int hidden,
            int starts,
            double[] radii,
            Workers workers,
            Progress progress) {
        Shares shares = new Shares(radii.length);
        Activation activation = Activation.valueOf(cell.toUpperCase(Locale.ROOT));
        for (int r = 0; r < radii.length; r++) {
            for (int start = 0; start < starts; start++) {
                progress.at((r + (double) start / starts) / radii.length, cell);
                Rnn rnn = Rnn.elman(activation, 8, hidden)
                        .recurrentInitializer(Initializers.radius(radii[r]))
                        .build(start);
                Subject subject =
                        Subject.noise(rnn, CellKind.of(cell), STEPS, 1, 1, start);
                double[][] norms = subject.norms(workers)[0];
                add(shares, r, norms, 1.0 / starts);
            }
        }
        return shares;
    }

    private static void add(Shares shares, int r, double[][] norms, double weight) {
        for (int n = 0; n < BACK.length; n++) {
            double change = norms[STEPS - 1 - BACK[n]][0] / norms[STEPS - 1][0];
            count(shares.fell10, r, n, change, c -> c <= 0.1, weight);
            count(shares.fell1000, r, n, change, c -> c <= 1e-3, weight);
            count(shares.grew10, r, n, change, c -> !(c < 10), weight);
            count(shares.grew1000, r, n, change, c -> !(c < 1e3), weight);
        }
    }

    private static void count(
            double[][] shares, int r, int n, double change, DoublePredicate is, double weight) {
        shares[r][n] += is.test(change) ? weight : 0;
    }

    private static void draw(Report page, String cell, double[] radii, Shares shares) {
        page.heading(cell);
        List<String> columns = Arrays.stream(BACK).mapToObj(Integer::toString).toList();
        List<String> rows = Charts.labels(radii, radii.length > 8 ? 2 : 1, "%.1f");
        Map<String, double[][]> maps = new LinkedHashMap<>();
        maps.put("fell 10x", shares.fell10);
        maps.put("fell 1000x", shares.fell1000);
        maps.put("grew 10x", shares.grew10);
        maps.put("grew 1000x", shares.grew1000);
        List<List<?>> all = new ArrayList<>();
        maps.forEach((name, values) -> {
            page.chart(
                    cell + "-" + name.replace(' ', '-'),
                    Charts.heat(
                            "Share of starts whose gradient " + name + ", " + cell,
                            "n (steps back)", "spectral radius of U (1)", columns, rows, values, 0,
                            1),
                    "Dark is none of the starts, light is all.");
            for (int r = 0; r < radii.length; r++) {
                for (int n = 0; n < BACK.length; n++) {
                    all.add(List.of(name, radii[r], BACK[n], values[r][n]));
                }
            }
        });
        page.link(cell, "All shares,", List.of("what", "radius", "n", "share"), all);
    }
}
