package ebbtide.bench.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A small plot of decades for a terminal: a band and a line in it. */
public final class TextPlot {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 12;

    private TextPlot() {
    }

    /**
     * Returns the lines of a plot over steps 1 to T.
     *
     * @param low lower edge of the band, above 0 where it is to be seen
     * @param middle the line
     * @param high upper edge of the band
     */
    public static List<String> decades(double[] low, double[] middle, double[] high) {
        double[] bottom = logs(low);
        double[] line = logs(middle);
        double[] top = logs(high);
        double least = Math.floor(least(bottom, line));
        double most = Math.max(least + 1, Math.ceil(-least(negated(top), negated(line))));
        if (!Double.isFinite(least) || !Double.isFinite(most)) {
            return List.of("nothing to plot: no value is above 0 and finite");
        }
        int columns = Math.min(WIDTH, middle.length);
        char[][] cells = new char[HEIGHT][columns];
        for (char[] row : cells) {
            Arrays.fill(row, ' ');
        }
        for (int column = 0; column < columns; column++) {
            int t = columns == 1
                    ? 0
                    : (int) Math.round((double) column * (middle.length - 1) / (columns - 1));
            int from = row(bottom[t], least, most);
            int to = row(top[t], least, most);
            for (int row = Math.max(0, from); row >= 0 && row <= to; row++) {
                cells[row][column] = '░';
            }
            int at = row(line[t], least, most);
            if (at >= 0) {
                cells[at][column] = '•';
            }
        }
        List<String> lines = new ArrayList<>();
        for (int row = HEIGHT - 1; row >= 0; row--) {
            double exponent = least + (most - least) * row / (HEIGHT - 1);
            String label = row == 0 || row == HEIGHT - 1 || row == HEIGHT / 2
                    ? String.format(Locale.ROOT, "1e%+.1f", exponent).replace(".0", "")
                    : "";
            lines.add(String.format("%8s │%s", label, new String(cells[row]).stripTrailing()));
        }
        lines.add("         └" + "─".repeat(columns));
        lines.add(String.format("          1%" + Math.max(1, columns - 1) + "d  step t",
                middle.length));
        return lines;
    }

    private static double[] logs(double[] values) {
        return Arrays.stream(values).map(v -> v > 0 ? Math.log10(v) : Double.NaN)
                .map(v -> Double.isFinite(v) ? v : Double.NaN).toArray();
    }

    private static double[] negated(double[] values) {
        return Arrays.stream(values).map(v -> -v).toArray();
    }

    private static double least(double[] a, double[] b) {
        return Math.min(
                Arrays.stream(a).filter(Double::isFinite).min().orElse(Double.POSITIVE_INFINITY),
                Arrays.stream(b).filter(Double::isFinite).min().orElse(Double.POSITIVE_INFINITY));
    }

    /** Returns the row of a value, −1 where there is none. */
    private static int row(double value, double least, double most) {
        return Double.isNaN(value)
                ? -1
                : (int) Math.round((value - least) / (most - least) * (HEIGHT - 1));
    }
}
