package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.plot.Charts;
import ebbtide.bench.plot.SideBySide;
import ebbtide.bench.speed.Row;
import ebbtide.engine.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/**
 * Share of the FMA peak over H at fixed T and B, and over B at fixed T and H: ours and the peers'. Of all
 * rows with I = H the longest series is shown, the one next to B = 32, or H = 256, if several are.
 */
final class PeakPlot {
    private static final int T = 0;
    private static final int B = 1;
    private static final int I = 2;
    private static final int H = 3;
    private static final int USUAL_BATCH = 32;
    private static final int USUAL_HIDDEN = 256;

    private PeakPlot() {
    }

    /** Returns the two charts. */
    static List<XYChart> charts(List<Row> rows) {
        List<Row> square = rows.stream()
                .filter(row -> row.work().sizes().size() == 4)
                .filter(row -> row.work().sizes().get(I).equals(row.work().sizes().get(H)))
                .toList();
        return List.of(
                chart(square, H, "H, units", B, USUAL_BATCH),
                chart(square, B, "B, sequences", H, USUAL_HIDDEN));
    }

    /** Writes FILE.svg and FILE.png, whatever suffix of the two FILE has. */
    static List<Path> write(Path file, List<Row> rows) {
        List<XYChart> charts = charts(rows);
        String name = file.getFileName().toString().replaceFirst("\\.(svg|png)$", "");
        Path svg = file.resolveSibling(name + ".svg");
        Path png = file.resolveSibling(name + ".png");
        write(svg, SideBySide.svg(charts).getBytes(StandardCharsets.UTF_8));
        write(png, SideBySide.png(charts));
        return List.of(svg, png);
    }

    private static void write(Path file, byte[] bytes) {
        try {
            AtomicFile.write(file, channel -> {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            });
        } catch (IOException e) {
            throw new BadInput("--plot: %s; choose another", e.getMessage());
        }
    }

    private static XYChart chart(
            List<Row> rows, int over, String axis, int fixed, int usual) {
        Map<String, List<Row>> series = rows.stream().collect(
                Collectors.groupingBy(
                        row -> "%s, T = %d, %s = %d, %s".formatted(
                                row.work().cell(), row.work().sizes().get(T),
                                fixed == B ? "B" : "H", row.work().sizes().get(fixed),
                                row.threads() == 1 ? "one thread" : row.threads() + " threads"),
                        LinkedHashMap::new, Collectors.toList()));
        Comparator<Map.Entry<String, List<Row>>> longest =
                Comparator.comparingInt(entry -> entry.getValue().size());
        Map.Entry<String, List<Row>> shown = series.entrySet().stream()
                .max(longest.thenComparing(entry -> -distance(
                        entry.getValue().get(0).work().sizes().get(fixed), usual)))
                .orElseThrow(() -> new BadInput(
                        "--plot: expected steps with I = H, got none; name other shapes"));
        List<String> names = rows.stream()
                .flatMap(row -> points(List.of(row), over).keySet().stream())
                .distinct().toList();
        XYChart chart = Charts.lines(shown.getKey(), axis, "share of the FMA peak, %");
        points(shown.getValue(), over).forEach((name, points) -> {
            double[] x = points.keySet().stream().mapToDouble(PeakPlot::log2).toArray();
            double[] y = points.values().stream().mapToDouble(share -> 100 * share).toArray();
            XYSeries line = Charts.line(chart, name, x, y);
            Charts.style(line, names.indexOf(name));
            Charts.markers(line);
        });
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisMax(100.0);
        // Sizes double: their logarithms are whole numbers, and no other ticks are wanted.
        Charts.xTicks(chart, x -> Math.abs(x - Math.rint(x)) < 1e-6
                ? String.valueOf(Math.round(Math.pow(2, x)))
                : " ");
        return chart;
    }

    private static int distance(int size, int usual) {
        return (int) Math.round(100 * Math.abs(log2(size) - log2(usual)));
    }

    private static double log2(int n) {
        return Math.log(n) / Math.log(2);
    }

    /** Returns for each contestant its share of the peak by size. */
    private static Map<String, TreeMap<Integer, Double>> points(List<Row> rows, int over) {
        Map<String, TreeMap<Integer, Double>> points = new LinkedHashMap<>();
        for (Row row : rows) {
            Stream.concat(Stream.of(row.ours()), row.peers().stream()).forEach(
                    one -> points.computeIfAbsent(one.name(), name -> new TreeMap<>()).put(
                            row.work().sizes().get(over), one.whole().peakShare().value()));
        }
        return points;
    }
}
