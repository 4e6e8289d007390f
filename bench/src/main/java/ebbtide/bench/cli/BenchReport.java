package ebbtide.bench.cli;

import ebbtide.bench.peers.Peers;
import ebbtide.bench.peers.Recorded;
import ebbtide.bench.speed.Commit;
import ebbtide.bench.speed.Figures;
import ebbtide.bench.speed.FmaPeak;
import ebbtide.bench.speed.Row;
import ebbtide.bench.speed.Speed;
import ebbtide.bench.suite.CallCost;
import ebbtide.bench.suite.Suite;
import ebbtide.kernels.Kernels;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What a benchmark found: as a table, as JSON, and whether it may be believed. */
final class BenchReport {
    private final Suite suite;
    private final Map<String, Object> machine;
    private final List<Row> rows = new ArrayList<>();

    BenchReport(Suite suite, Kernels kernels, List<Integer> threads) {
        this.suite = suite;
        machine = machine(kernels, threads);
    }

    void add(List<Row> found) {
        rows.addAll(found);
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }

    /** Prints all and returns whether all is well. */
    boolean print(Console console, boolean json) {
        machine.forEach((name, value) -> console.say(json, "%-12s %s", name, value));
        console.say(json, "");
        table().lines().forEach(line -> console.say(json, "%s", line));
        List<GridMean> means = means();
        if (!means.isEmpty()) {
            console.say(json, "");
            GridMean.table(means).lines().forEach(line -> console.say(json, "%s", line));
        }
        warnings().forEach(warning -> console.note("warning: %s", warning));
        List<String> problems = problems();
        problems.forEach(problem -> console.say(json, "failed: %s", problem));
        if (json) {
            Map<String, Object> figures = new LinkedHashMap<>(machine);
            figures.put("suite", suite.label());
            figures.put("rows", rows.stream().map(row -> BenchJson.row(suite, row)).toList());
            if (!means.isEmpty()) {
                figures.put("means", means.stream().map(GridMean::json).toList());
            }
            figures.put("warnings", warnings());
            figures.put("problems", problems);
            console.json(figures);
        }
        return problems.isEmpty();
    }

    Suite suite() {
        return suite;
    }

    TextTable table() {
        return BenchTable.of(suite, rows);
    }

    /** Returns the geometric means over a grid; none of another suite, or without oneDNN. */
    List<GridMean> means() {
        return suite == Suite.GRID ? GridMean.of(rows) : List.of();
    }

    /** Returns what the figures were measured on, by name. */
    Map<String, Object> machine() {
        return new LinkedHashMap<>(machine);
    }

    private static Map<String, Object> machine(Kernels kernels, List<Integer> threads) {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cpu", Machine.processor());
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("jdk", Runtime.version().toString());
        Commit.current().ifPresent(commit -> machine.put("commit", commit));
        machine.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        machine.put("threads", threads);
        machine.put("kernels", kernels.name());
        machine.put("peakBits", FmaPeak.bits());
        machine.putAll(Peers.descriptions());
        CallCost.measure().ifPresent(cost -> machine.put("openblasCall", cost));
        return machine;
    }

    private static String name(Row row, Figures figures) {
        return "%s %s, %s, threads %d".formatted(
                row.work().cell(), row.work().shape(), figures.name(), row.threads());
    }

    /** Returns what makes figures doubtful without making them wrong. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (Row row : rows) {
            everyone(row).filter(Figures::disturbed).forEach(one -> warnings.add(
                    "%s: other processes took %.0f %% of the processor; measure on a quiet machine"
                            .formatted(name(row, one), 100 * (1 - one.processorShare()))));
            for (Figures peer : row.peers()) {
                Recorded.of(row, peer).filter(record -> record.contradicts(peer)).ifPresent(
                        record -> warnings.add(String.format(
                                Locale.ROOT,
                                "%s: expected %.0f %% of the peak within 15 %% of that, as recorded, got"
                                        + " %.0f %%; the peer or the peak is not what it should be",
                                name(row, peer), 100 * record.peakShare(),
                                100 * peer.whole().peakShare().value())));
            }
        }
        return warnings;
    }

    /** Returns what makes figures wrong: the command then fails. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Row row : rows) {
            if (suite != Suite.ACTIVATION) {
                everyone(row).filter(Figures::abovePeak).forEach(
                        one -> problems.add(abovePeak(row, one)));
            }
            if (row.ours().allocates()) {
                problems.add(String.format(
                        Locale.ROOT,
                        "%s: expected 0 bytes a step, got %.4g; a kernel boxes its vectors",
                        name(row, row.ours()), row.ours().bytesPerStep()));
            }
        }
        return problems;
    }

    private static Stream<Figures> everyone(Row row) {
        return Stream.concat(Stream.of(row.ours()), row.peers().stream());
    }

    private static String abovePeak(Row row, Figures one) {
        List<String> speeds = new ArrayList<>();
        speeds.add(text("whole", one.whole()));
        speeds.add(text("forward", one.forward()));
        speeds.add(text("backward", one.backward()));
        speeds.removeIf(String::isEmpty);
        return String.format(
                Locale.ROOT,
                "%s: expected at most 1.02 times the FMA peak of %.1f GFLOP/s, got %s; the peak is"
                        + " weak, measure again on a quiet machine",
                name(row, one), row.peakGflops(), String.join(", ", speeds));
    }

    private static String text(String part, Speed speed) {
        return speed == null
                ? ""
                : part + " " + BenchTable.interval(speed.peakShare(), 1, 2) + " times";
    }
}
