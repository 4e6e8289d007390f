package ebbtide.bench.cli;

import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepCell;
import ebbtide.bench.suite.Starts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code bench --suite start}: fresh JVMs, ten of them a row. */
final class StartReport {
    private static final double SECONDS = 2;
    private static final double SLOWEST = 0.95;
    private static final List<Shape> USUAL =
            List.of(new Shape(64, 1, 128, 128), new Shape(64, 32, 256, 256));

    private final Console console;
    private final Interrupt interrupt;

    StartReport(Console console, Interrupt interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    /** Measures and prints; returns the exit code. */
    int run(
            List<Shape> shapes, List<StepCell> cells, List<Integer> threads, double seconds,
            boolean json) {
        List<Starts.Row> rows = new ArrayList<>();
        List<Shape> all = shapes == null ? USUAL : shapes;
        int count = all.size() * cells.size() * threads.size();
        try (ProgressLine line = new ProgressLine(console.err(), Console.terminal())) {
            for (Shape shape : all) {
                for (StepCell cell : cells) {
                    for (int n : threads) {
                        double done = rows.size();
                        Starts.Row row = Starts.run(
                                shape, cell, n, seconds,
                                share -> line.report((done + share) / count, cell + " " + shape),
                                interrupt::requested);
                        if (row == null) {
                            return Errors.INTERRUPTED;
                        }
                        rows.add(row);
                    }
                }
            }
        } catch (InterruptedException e) {
            return Errors.INTERRUPTED;
        }
        TextTable table = new TextTable(
                List.of("T,B,I,H", "cell", "threads", "s to 95 %", "slowest fork", "% of peak",
                        "wanted", "slowest : median", "at least"));
        rows.forEach(row -> table.add(cells(row)));
        table.lines().forEach(text -> console.say(json, "%s", text));
        if (json) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("suite", "start");
            figures.put("rows", rows.stream().map(StartReport::map).toList());
            console.json(figures);
        }
        return Errors.DONE;
    }

    private static List<String> cells(Starts.Row row) {
        double worst = row.seconds().getLast();
        return List.of(
                row.shape().toString(), row.cell().label(), "" + row.threads(),
                figure("%.2f", row.seconds().get(row.seconds().size() / 2)),
                figure("%.2f", worst),
                figure("%.1f", 100 * row.peakShares().get(row.peakShares().size() / 2)),
                figure("at most %.0f s", SECONDS) + (worst > SECONDS ? ": missed" : ""),
                figure("%.3f", row.slowest()),
                figure("%.2f", SLOWEST) + (row.slowest() < SLOWEST ? ": missed" : ""));
    }

    private static String figure(String form, double value) {
        return String.format(Locale.ROOT, form, value);
    }

    private static Map<String, Object> map(Starts.Row row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("shape", row.shape().toString());
        map.put("cell", row.cell().label());
        map.put("threads", row.threads());
        map.put("secondsTo95", row.seconds());
        map.put("peakShares", row.peakShares());
        map.put("slowestOverMedian", row.slowest());
        return map;
    }
}
