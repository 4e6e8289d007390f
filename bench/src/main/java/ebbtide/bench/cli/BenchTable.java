package ebbtide.bench.cli;

import ebbtide.bench.peers.Peers;
import ebbtide.bench.speed.Figures;
import ebbtide.bench.speed.Ratio;
import ebbtide.bench.speed.Row;
import ebbtide.bench.speed.Speed;
import ebbtide.bench.speed.Wanted;
import ebbtide.bench.suite.Suite;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The rows of a benchmark as a table: ours, then for each peer how many times its speed we run at. */
final class BenchTable {
    private static final int FUNCTION_VECTOR = 16;

    private BenchTable() {
    }

    static TextTable of(Suite suite, List<Row> rows) {
        boolean function = suite == Suite.ACTIVATION;
        List<String> head = new ArrayList<>(
                List.of(suite.sizes(), "cell", "threads", function ? "ns/16" : "GFLOP/s"));
        head.addAll(List.of("forward", "backward", "% of peak", "B/step"));
        List<String> names = names(rows);
        for (String name : names) {
            head.add("x " + name);
            head.add("x " + name + ", packed");
        }
        head.add("wanted");
        TextTable table = new TextTable(head);
        rows.forEach(row -> table.add(cells(row, names, function)));
        return table;
    }

    /** Returns who runs in any row: the peers, then other kernels of ours. */
    private static List<String> names(List<Row> rows) {
        return Stream.concat(
                Peers.NAMES.stream(), rows.stream().flatMap(row -> row.ratios().keySet().stream()))
                .distinct()
                .toList();
    }

    private static List<String> cells(Row row, List<String> names, boolean function) {
        Figures ours = row.ours();
        double gflops = ours.whole().gflops();
        List<String> cells = new ArrayList<>(
                List.of(row.work().shape(), row.work().cell(), String.valueOf(row.threads())));
        cells.add(one(function ? FUNCTION_VECTOR / gflops : gflops));
        cells.add(part(ours.forward()));
        cells.add(part(ours.backward()));
        cells.add(function ? "" : interval(ours.whole().peakShare(), 100, 1));
        cells.add(String.format(Locale.ROOT, "%.4g", ours.bytesPerStep()).replace(".000", ""));
        for (String name : names) {
            cells.add(ratio(row.ratios().get(name)));
            // Where nobody packs apart from the work, both columns say the same.
            cells.add(ours.packed() == null ? "" : ratio(row.packedRatios().get(name)));
        }
        cells.add(wanted(row));
        return cells;
    }

    private static String wanted(Row row) {
        Wanted wanted = row.work().wanted();
        if (wanted == null) {
            return "";
        }
        String range = wanted.high() == Double.POSITIVE_INFINITY
                ? String.format(Locale.ROOT, "at least %.2f", wanted.low())
                : String.format(Locale.ROOT, "%.2f to %.2f", wanted.low(), wanted.high());
        Ratio found = row.ratios().values().iterator().next();
        return range + (wanted.metBy(found) ? "" : ": missed");
    }

    private static String part(Speed speed) {
        return speed == null ? "" : one(speed.gflops());
    }

    private static String one(double figure) {
        return String.format(Locale.ROOT, "%.1f", figure);
    }

    private static String ratio(Ratio ratio) {
        return ratio == null ? "" : interval(ratio, 1, 2);
    }

    /** Returns a value with the interval that holds it with a confidence of 95 %. */
    static String interval(Ratio ratio, double scale, int digits) {
        String form = "%%.%df [%%.%df, %%.%df]".formatted(digits, digits, digits);
        return String.format(
                Locale.ROOT, form, scale * ratio.value(), scale * ratio.low(),
                scale * ratio.high());
    }
}
