package ebbtide.bench.cli;

import ebbtide.bench.peers.Peers;
import ebbtide.bench.speed.Ratio;
import ebbtide.bench.speed.Row;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A cell on a number of threads over a grid of sizes: how many times oneDNN's speed we run at.
 *
 * @param shapes sizes in the grid
 * @param mean geometric mean over them, packing charged to neither
 * @param packed the same charged to both
 * @param met sizes at which the interval reaches 1
 * @param least the lowest ratio
 * @param at where that is
 */
record GridMean(
        String cell, int threads, int shapes, double mean, double packed, long met, double least,
        String at) {
    /** Returns one for each cell and number of threads, in the order of the rows. */
    static List<GridMean> of(List<Row> rows) {
        return rows.stream()
                .filter(row -> row.ratios().containsKey(Peers.ONEDNN))
                .collect(Collectors.groupingBy(
                        row -> List.of(row.work().cell(), row.threads()), LinkedHashMap::new,
                        Collectors.toList()))
                .values().stream()
                .map(GridMean::group)
                .toList();
    }

    private static GridMean group(List<Row> rows) {
        Row worst = rows.stream()
                .min(Comparator.comparingDouble(row -> ratio(row.ratios()).value()))
                .orElseThrow();
        return new GridMean(
                worst.work().cell(),
                worst.threads(),
                rows.size(),
                mean(rows, Row::ratios),
                mean(rows, Row::packedRatios),
                rows.stream().filter(row -> ratio(row.ratios()).high() >= 1).count(),
                ratio(worst.ratios()).value(),
                worst.work().shape());
    }

    private static double mean(List<Row> rows, Function<Row, Map<String, Ratio>> ratios) {
        return Math.exp(rows.stream()
                .mapToDouble(row -> Math.log(ratio(ratios.apply(row)).value()))
                .average()
                .orElseThrow());
    }

    private static Ratio ratio(Map<String, Ratio> ratios) {
        return ratios.get(Peers.ONEDNN);
    }

    static TextTable table(List<GridMean> means) {
        TextTable table = new TextTable(List.of(
                "cell", "threads", "sizes", "geometric mean x onednn", "packed", "sizes at 1.0",
                "lowest", "at"));
        for (GridMean mean : means) {
            table.add(List.of(
                    mean.cell, String.valueOf(mean.threads), String.valueOf(mean.shapes),
                    two(mean.mean), two(mean.packed), String.valueOf(mean.met), two(mean.least),
                    mean.at));
        }
        return table;
    }

    private static String two(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }

    Map<String, Object> json() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("cell", cell);
        map.put("threads", threads);
        map.put("sizes", shapes);
        map.put("geometricMean", mean);
        map.put("geometricMeanPacked", packed);
        map.put("sizesMet", met);
        map.put("lowest", least);
        map.put("lowestAt", at);
        return map;
    }
}
