package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.echo.MackeyGlassRun;
import ebbtide.bench.echo.NarmaRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ebbtide echo}. */
@Command(
        name = "echo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Echo state networks on the two series that they are judged by.",
            "mackey-glass: NRMSE84 after Jaeger 2001 (tau 17, 400 units, 3,000 training steps, forecasts"
                    + " of 84 steps); he found 2.8e-4. Exits with 1 if the median network is worse.",
            "narma10: NRMSE of one step, next to a linear model of the last 50 inputs. Exits with 1 if"
                    + " the median network is not better.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ebbtide echo",
            "  ebbtide echo --series mackey-glass --runs 50 --networks 10 --seed 1 --json",
            "  ebbtide echo --series narma10",
            "  ebbtide echo --quick"
        })
public final class EchoCommand implements Callable<Integer> {
    private static final int QUICK_RUNS = 10;

    private final Console console;
    private final Interrupt interrupt;

    @Option(
            names = "--series",
            paramLabel = "NAME",
            description = "mackey-glass or narma10 (default: ${DEFAULT-VALUE}).")
    private String series = "mackey-glass";

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Forecasts of each Mackey-Glass network (default: ${DEFAULT-VALUE}).")
    private Integer runs = 50;

    @Option(
            names = "--networks",
            paramLabel = "N",
            description = "Networks, each with series of its own; all are reported (default:"
                    + " ${DEFAULT-VALUE}).")
    private Integer networks = 5;

    @Option(
            names = "--ridge",
            paramLabel = "X",
            description = "Ridge of the Mackey-Glass read-out (default: that of 1e-11 to 1e-15 whose"
                    + " forecasts within the training series are best).")
    private Double ridge;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the first network, the next one has the next (default:"
                    + " ${DEFAULT-VALUE}).")
    private Long seed = 100L;

    @Option(
            names = "--quick",
            description = "One network and at most 10 runs: seconds.")
    private boolean quick;

    @Option(
            names = "--json",
            description = "Print one JSON object as the last line of standard output.")
    private boolean json;

    /** Creates the command. */
    public EchoCommand(Console console, Interrupt interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    @Override
    public Integer call() {
        Checks.atLeast(1, "--runs", runs);
        Checks.atLeast(1, "--networks", networks);
        Checks.notNegative("--ridge", ridge);
        if (runs > 100_000) {
            throw new BadInput("--runs: expected at most 100000, got %d; lower it", runs);
        }
        if (!series.equals("mackey-glass") && !series.equals("narma10")) {
            throw new BadInput(
                    "--series: expected mackey-glass or narma10, got %s; choose one", series);
        }
        boolean mackeyGlass = series.equals("mackey-glass");
        int count = quick ? 1 : networks;
        int forecasts = quick ? Math.min(runs, QUICK_RUNS) : runs;
        List<Double> found = new ArrayList<>();
        List<Double> compared = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            if (interrupt.requested()) {
                return Errors.INTERRUPTED;
            }
            if (mackeyGlass) {
                found.add(mackeyGlass(seed + n, forecasts));
                compared.add(MackeyGlassRun.PUBLISHED);
            } else {
                NarmaRun run = new NarmaRun(seed + n);
                found.add(run.network());
                compared.add(run.linear());
            }
            console.say(
                    json, "seed %d: %s %.3g, %s %.3g", seed + n, mackeyGlass ? "NRMSE84" : "NRMSE",
                    found.getLast(), mackeyGlass ? "Jaeger 2001" : "linear", compared.getLast());
        }
        double median = median(found);
        boolean good = median <= median(compared);
        console.say(
                json, "median of %d: %.3g, worst %.3g; %s", count, median, Collections.max(found),
                good ? "as good as what it is compared with, or better" : "worse than expected");
        if (json) {
            print(forecasts, found, compared, good);
        }
        return good ? Errors.DONE : Errors.FAILED;
    }

    private double mackeyGlass(long number, int forecasts) {
        try {
            MackeyGlassRun run =
                    ridge == null ? new MackeyGlassRun(number) : new MackeyGlassRun(number, ridge);
            return run.nrmse(forecasts);
        } catch (ArithmeticException e) {
            throw new BadInput("--ridge: %s", e.getMessage());
        }
    }

    private void print(int forecasts, List<Double> found, List<Double> compared, boolean good) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("series", series);
        figures.put("seed", seed);
        if (series.equals("mackey-glass")) {
            figures.put("runs", forecasts);
            if (ridge != null) {
                figures.put("ridge", ridge);
            }
            figures.put("nrmse84", median(found));
            figures.put("published", MackeyGlassRun.PUBLISHED);
        } else {
            figures.put("nrmse", median(found));
            figures.put("linear", median(compared));
        }
        figures.put("worst", Collections.max(found));
        figures.put("networks", found);
        figures.put("good", good);
        console.json(figures);
    }

    private static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
