package ebbtide.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How every chart of Ebbtide looks. Colours are those of M. Okabe and K. Ito that stand out from white
 * and from black, so the colour-blind can tell them apart, and no two of the first 21 series look the
 * same. An SVG takes text and axes in the colour of the page around it, light or dark.
 */
public final class Charts {
    /** Blue, vermilion, green, purple, grey, yellow-brown, sky blue. */
    private static final Color[] COLOURS = {
        new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7),
        new Color(0x7F7F7F), new Color(0xB8860B), new Color(0x56B4E9)
    };
    private static final float[][] DASHES = {
        null, {8, 4}, {2, 3}, {10, 3, 2, 3}, {5, 5}, {14, 4}, {3, 6}
    };
    /** Dark to light with even steps of lightness, after cividis (J. Nuñez et al., PLoS ONE 13(7), 2018). */
    private static final Color[] HEAT = {
        new Color(0x00224E), new Color(0x35456C), new Color(0x666970), new Color(0x948E77),
        new Color(0xC8B866), new Color(0xFEE838)
    };
    /** Text and axes in PNG; the SVG puts the page's own colour in its place. */
    private static final Color INK = new Color(0x1F2328);
    private static final Color GRID = new Color(127, 127, 127, 70);
    /** Of decades, whose lines are many. */
    private static final Color FINE_GRID = new Color(127, 127, 127, 40);
    /** From this many series on a legend is too long for one line. */
    private static final int LONG_LEGEND = 6;
    private static final Color NOTHING = new Color(255, 255, 255, 0);
    /** More labels than these crowd an axis. */
    private static final int MOST_DECADES = 12;
    private static final int WIDTH = 760;
    private static final int HEIGHT = 430;

    static {
        System.setProperty("java.awt.headless", "true");
    }

    private Charts() {
    }

    /** Returns an empty chart of lines. Axis titles name the unit. */
    public static XYChart lines(String title, String x, String y) {
        return chart(WIDTH, HEIGHT, title, x, y);
    }

    /** Returns an empty chart as wide as it is high, for data of the same range in both directions. */
    public static XYChart square(String title, String x, String y) {
        return chart(HEIGHT, HEIGHT, title, x, y);
    }

    private static XYChart chart(int width, int height, String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        style(chart.getStyler());
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        return chart;
    }

    /** Makes the y axis of {@code chart} one of decades. */
    public static XYChart decades(XYChart chart) {
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setYAxisLogarithmicDecadeOnly(true);
        chart.getStyler().setYAxisTickLabelsFormattingFunction(v -> decade(chart, v));
        chart.getStyler().setPlotGridLinesColor(FINE_GRID);
        chart.getStyler().setAxisTicksMarksVisible(false);
        return chart;
    }

    /** The label of a decade, blank for some where there are many. */
    private static String decade(XYChart chart, double value) {
        double least = 0;
        double most = 0;
        for (XYSeries series : chart.getSeriesCollection()) {
            least = series.getYMin() > 0 ? Math.min(least, Math.log10(series.getYMin())) : least;
            most = series.getYMax() > 0 ? Math.max(most, Math.log10(series.getYMax())) : most;
        }
        long every = Math.max(1, (long) Math.ceil((most - least) / MOST_DECADES));
        return Math.round(Math.log10(value)) % every == 0 ? power(value) : " ";
    }

    private static String power(double value) {
        return value >= 0.01 && value < 10_000
                ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                : String.format(Locale.ROOT, "%.0e", value).replaceFirst("e([+-])0?", "e$1");
    }

    /** Adds a line; what a logarithmic axis cannot show becomes a gap. */
    public static XYSeries line(XYChart chart, String name, double[] x, double[] y) {
        boolean log = chart.getStyler().isYAxisLogarithmic();
        double[] shown = y.clone();
        for (int i = 0; i < shown.length; i++) {
            if (!Double.isFinite(shown[i]) || log && !(shown[i] > 0)) {
                shown[i] = Double.NaN;
            }
        }
        int order = chart.getSeriesCollection().size();
        XYSeries series = chart.addSeries(name, uneven(x), shown);
        if (order + 1 == LONG_LEGEND) {
            chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
            chart.getStyler().setLegendLayout(LegendLayout.Vertical);
        }
        series.setMarker(SeriesMarkers.NONE);
        style(series, order);
        return series;
    }

    /** Even steps would become ticks as they are, 0, 9, 18 …; XChart finds round ones for others. */
    private static double[] uneven(double[] x) {
        double[] moved = x.clone();
        if (x.length > 2) {
            moved[0] += 1e-4 * (x[x.length - 1] - x[0]);
        }
        return moved;
    }

    /** Gives a series the look of the {@code order}-th, as it has in a chart beside this one. */
    public static void style(XYSeries series, int order) {
        series.setLineColor(COLOURS[order % COLOURS.length]);
        int dash = order + order / COLOURS.length * 3;
        series.setLineStyle(stroke(DASHES[dash % DASHES.length]));
    }

    /** Marks the points of a line. */
    public static void markers(XYSeries series) {
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setMarkerColor(series.getLineColor());
    }

    /** Adds points without a line between them. */
    public static XYSeries points(XYChart chart, String name, double[] x, double[] y) {
        XYSeries series = line(chart, name, x, y);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        markers(series);
        return series;
    }

    private static BasicStroke stroke(float[] dash) {
        return new BasicStroke(
                2.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
    }

    /**
     * Returns a map of {@code values[y][x]}, dark for {@code low}, light for {@code high}, which the
     * caption has to say.
     *
     * @param xs labels of the columns; a blank one is not shown
     * @param ys labels of the rows, the lowest first
     */
    public static HeatMapChart heat(
            String title,
            String x,
            String y,
            List<String> xs,
            List<String> ys,
            double[][] values,
            double low,
            double high) {
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        style(chart.getStyler());
        // In an SVG the numbers of its colour bar come out as pictures, in the bar's last colour.
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setRangeColors(HEAT);
        chart.getStyler().setMin(low);
        chart.getStyler().setMax(high);
        chart.getStyler().setPlotContentSize(1);
        chart.getStyler().setXAxisTickMarkSpacingHint(1);
        chart.getStyler().setYAxisTickMarkSpacingHint(1);
        chart.getStyler().setAxisTicksMarksVisible(false);
        chart.getStyler().setPlotGridLinesVisible(false);
        List<Number[]> cells = new ArrayList<>();
        for (int row = 0; row < ys.size(); row++) {
            for (int column = 0; column < xs.size(); column++) {
                double value = values[row][column];
                if (Double.isFinite(value)) {
                    cells.add(new Number[] {column, row, Math.clamp(value, low, high)});
                }
            }
        }
        chart.addSeries("values", xs, ys, cells);
        return chart;
    }

    /** Returns labels of a heat map: every {@code every}-th value, blanks between. */
    public static List<String> labels(double[] values, int every, String format) {
        return IntStream.range(0, values.length)
                .mapToObj(
                        i -> i % every == 0
                                ? String.format(Locale.ROOT, format, values[i])
                                : " ")
                .toList();
    }

    private static void style(AxesChartStyler style) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        style.setLocale(Locale.ROOT);
        style.setBaseFont(font);
        style.setChartTitleFont(font.deriveFont(Font.BOLD, 15));
        style.setAxisTitleFont(font);
        style.setAxisTickLabelsFont(font.deriveFont(12f));
        style.setLegendFont(font.deriveFont(12f));
        style.setChartFontColor(INK);
        style.setXAxisTitleColor(INK);
        style.setYAxisTitleColor(INK);
        style.setAxisTickLabelsColor(INK);
        style.setAxisTickMarksColor(INK);
        style.setPlotGridLinesColor(GRID);
        // A dashed grid would stand in the SVG dash by dash: two megabytes.
        style.setPlotGridLinesStroke(new BasicStroke(0.6f));
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(NOTHING);
        style.setPlotBorderVisible(false);
        style.setLegendBackgroundColor(NOTHING);
        style.setLegendBorderColor(NOTHING);
        style.setLegendPosition(LegendPosition.OutsideS);
        style.setLegendLayout(LegendLayout.Horizontal);
        style.setLegendSeriesLineLength(36);
        style.setMarkerSize(6);
        style.setDecimalPattern("0.####");
        style.setXAxisTickMarkSpacingHint(90);
    }

    /** Formats the ticks of the x axis. */
    public static void xTicks(XYChart chart, Function<Double, String> format) {
        chart.getStyler().setXAxisTickLabelsFormattingFunction(format);
    }

    /** Returns {@code chart} as an SVG element to stand in a page. */
    public static String svg(IChart chart) {
        String file = new String(encode(chart, "svg"), StandardCharsets.UTF_8);
        return SvgElement.of(file, chart.getTitle(), INK);
    }

    /** Returns {@code chart} as a PNG file, on white. */
    public static byte[] png(IChart chart) {
        return encode(chart, "png");
    }

    private static byte[] encode(IChart chart, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ChartEncoder.saveChart(chart, bytes, format);
        } catch (IOException e) {
            throw new AssertionError("an array takes every byte", e);
        }
        return bytes.toByteArray();
    }
}
