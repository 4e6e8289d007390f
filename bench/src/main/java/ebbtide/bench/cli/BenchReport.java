package ebbtide.bench.cli;

import ebbtide.bench.speed.Commit;
import ebbtide.bench.speed.FmaPeak;
import ebbtide.bench.speed.Ratio;
import ebbtide.bench.speed.StepRow;
import ebbtide.kernels.Kernels;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a benchmark found: as a table, as JSON, and whether it may be believed. */
final class BenchReport {
    private static final String HEAD = "%-18s %-8s %-9s %7s %9s %9s %9s %9s  %-20s %8s  %s";
    private static final String LINE =
            "%-18s %-8s %-9s %7d %9.1f %9.1f %9.1f %9.1f  %-20s %8.4g  %s";

    private final Console console;
    private final boolean json;
    private final List<StepRow> rows = new ArrayList<>();

    BenchReport(Console console, boolean json) {
        this.console = console;
        this.json = json;
    }

    void add(List<StepRow> found) {
        rows.addAll(found);
    }

    /** Prints all and returns whether all is well. */
    boolean print(Kernels kernels) {
        Map<String, Object> figures = machine(kernels);
        figures.forEach((name, value) -> console.say(json, "%-12s %s", name, value));
        console.say(json, "");
        console.say(
                json, HEAD, "T,B,I,H", "cell", "kernels", "threads", "GFLOP/s", "forward",
                "backward",
                "FMA peak", "share of peak", "B/step", "times");
        List<String> problems = new ArrayList<>();
        for (StepRow row : rows) {
            print(row);
            judge(row, problems);
        }
        rows.stream().filter(StepRow::disturbed).forEach(this::warn);
        problems.forEach(problem -> console.say(json, "failed: %s", problem));
        if (json) {
            figures.put("rows", rows.stream().map(BenchReport::toMap).toList());
            figures.put("problems", problems);
            console.json(figures);
        }
        return problems.isEmpty();
    }

    private static Map<String, Object> machine(Kernels kernels) {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", Machine.processor());
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("jdk", Runtime.version().toString());
        Commit.current().ifPresent(commit -> machine.put("commit", commit));
        machine.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        machine.put("kernels", kernels.name());
        machine.put("peakBits", FmaPeak.bits());
        return machine;
    }

    private void print(StepRow row) {
        List<String> times = new ArrayList<>();
        row.ratios().forEach((name, ratio) -> times.add(interval(ratio, 1) + " " + name));
        console.say(
                json, LINE, row.shape(), cell(row), row.kernels(), row.threads(), row.gflops(),
                row.forwardGflops(), row.backwardGflops(), row.peakGflops(),
                interval(row.peakShare(), 100) + " %", row.bytesPerStep(),
                String.join(", ", times));
    }

    private static String interval(Ratio ratio, double scale) {
        return String.format(
                Locale.ROOT, "%.1f [%.1f, %.1f]", scale * ratio.value(), scale * ratio.low(),
                scale * ratio.high());
    }

    private static String name(StepRow row) {
        return "%s %s, %s, threads %d".formatted(
                cell(row), row.shape(), row.kernels(), row.threads());
    }

    private void warn(StepRow row) {
        console.note(
                "warning: %s: other processes took %.0f %% of the processor; measure on a quiet machine",
                name(row), 100 * (1 - row.processorShare()));
    }

    private static void judge(StepRow row, List<String> problems) {
        String name = name(row);
        if (row.peakWeak()) {
            problems.add(String.format(
                    Locale.ROOT,
                    "%s: expected at most 1.02 times the FMA peak, got %.1f, %.1f forward, %.1f backward"
                            + " of %.1f GFLOP/s; the peak is weak, measure again on a quiet machine",
                    name, row.gflops(), row.forwardGflops(), row.backwardGflops(),
                    row.peakGflops()));
        }
        if (row.allocates()) {
            problems.add(String.format(
                    Locale.ROOT,
                    "%s: expected 0 bytes a step, got %.4g; a kernel boxes its vectors",
                    name, row.bytesPerStep()));
        }
    }

    private static Map<String, Object> toMap(StepRow row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("shape", List.of(
                row.shape().steps(), row.shape().batch(), row.shape().inputs(),
                row.shape().hidden()));
        map.put("cell", cell(row));
        map.put("kernels", row.kernels());
        map.put("threads", row.threads());
        map.put("gflops", row.gflops());
        map.put("forwardGflops", row.forwardGflops());
        map.put("backwardGflops", row.backwardGflops());
        map.put("peakGflops", row.peakGflops());
        map.put("peakShare", row.peakShare().value());
        map.put("peakShareInterval", List.of(row.peakShare().low(), row.peakShare().high()));
        map.put("bytesPerStep", row.bytesPerStep());
        map.put("processorShare", row.processorShare());
        Map<String, Object> ratios = new LinkedHashMap<>();
        row.ratios().forEach((name, ratio) -> ratios.put(
                name, Map.of("value", ratio.value(), "low", ratio.low(), "high", ratio.high())));
        map.put("ratios", ratios);
        return map;
    }

    private static String cell(StepRow row) {
        return row.cell().name().toLowerCase(Locale.ROOT);
    }
}
