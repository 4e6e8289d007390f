package ebbtide.bench.flow;

import ebbtide.bench.plot.Charts;
import ebbtide.bench.plot.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/** An {@link Analysis} as a page and as JSON. */
public final class AnalysisReport {
    private static final String[] QUANTILES = {"5 %", "25 %", "median", "75 %", "95 %"};

    private final Subject subject;
    private final Analysis analysis;
    private final Report page;

    private AnalysisReport(Subject subject, Analysis analysis, String title) {
        this.subject = subject;
        this.analysis = analysis;
        page = new Report(title);
    }

    /** Returns the page. */
    public static Report page(Subject subject, Analysis analysis, String title) {
        AnalysisReport report = new AnalysisReport(subject, analysis, title);
        report.page.text(
                "What becomes of a gradient on its way back through %d steps. Only the last step of each of %d sequences has a loss L; what arrives at step t is ∂L/∂h_t."
                        .formatted(subject.steps(), subject.batch()));
        for (LayerFlow layer : analysis.layers()) {
            if (analysis.layers().size() > 1) {
                report.page.heading("Flow through " + layer.name());
            }
            report.page.verdict(layer.verdict().words());
            report.curve(layer);
            report.products(layer);
            report.exponents(layer);
            report.matrices(layer);
            report.shares(layer);
        }
        return report.page;
    }

    private static double[] range(int from, int count) {
        return IntStream.range(from, from + count).asDoubleStream().toArray();
    }

    private void curve(LayerFlow layer) {
        Curve curve = layer.curve();
        int steps = curve.steps();
        XYChart chart = Charts.decades(
                Charts.lines("Gradient over time", "time step t (steps)", "norm of dL/dh_t (1)"));
        List<List<?>> rows = new ArrayList<>();
        double[][] lines = new double[QUANTILES.length][steps];
        for (int t = 0; t < steps; t++) {
            double[] quantiles = curve.quantiles(t);
            List<Object> row = new ArrayList<>(List.of(t + 1, curve.mean(t)));
            for (int q = 0; q < quantiles.length; q++) {
                lines[q][t] = quantiles[q];
                row.add(quantiles[q]);
            }
            rows.add(row);
        }
        for (int q : new int[] {2, 0, 4, 1, 3}) {
            Charts.line(chart, QUANTILES[q], range(1, steps), lines[q]);
        }
        boolean bounded = !Double.isNaN(layer.verdict().predicted());
        if (bounded) {
            double last = curve.median(curve.last());
            double[] bound = new double[steps];
            for (int t = 0; t < steps; t++) {
                bound[t] = t > curve.last()
                        ? Double.NaN
                        : last * Math.pow(layer.verdict().predicted(), curve.last() - t);
            }
            // A bound that leaves the picture would squeeze what it is there to be compared with.
            double top = Arrays.stream(lines[4]).max().orElse(1);
            Charts.line(
                    chart, "bound", range(1, steps),
                    Arrays.stream(bound).map(v -> v > 100 * top ? Double.NaN : v).toArray());
        }
        String name = "curve-" + layer.key();
        page.chart(
                name, chart,
                "Quantiles over the batch. A straight line is a constant factor a step"
                        + (bounded
                                ? "; the bound is the theorem's largest factor to the power T - t."
                                : "."));
        List<String> headers = new ArrayList<>(List.of("t", "mean"));
        headers.addAll(List.of(QUANTILES));
        page.link(name, "The curve,", headers, rows);
    }

    private void products(LayerFlow layer) {
        if (layer.lags().length < 2) {
            return;
        }
        int count = layer.singularValues()[0].length;
        XYChart chart = Charts.decades(
                Charts.lines(
                        "Singular values of dh_T/dh_(T-n)", "n (steps back)",
                        "singular value (1)"));
        double[] lags = Arrays.stream(layer.lags()).asDoubleStream().toArray();
        for (int i : IntStream.of(0, 1, count / 4, count / 2, count - 1).distinct().toArray()) {
            if (i >= count) {
                continue;
            }
            double[] values =
                    Arrays.stream(layer.singularValues()).mapToDouble(v -> v[i]).toArray();
            if (Arrays.stream(values).anyMatch(v -> v > 0 && Double.isFinite(v))) {
                Charts.line(chart, "no. " + (i + 1), lags, values);
            }
        }
        String name = "jacobians-" + layer.key();
        page.chart(
                name, chart,
                "Along the first sequence. A value ends where float32 cannot tell it from the largest one's rounding.");
        List<List<?>> rows = new ArrayList<>();
        for (int n = 0; n < lags.length; n++) {
            List<Object> row = new ArrayList<>(List.of(layer.lags()[n]));
            Arrays.stream(layer.singularValues()[n]).forEach(row::add);
            rows.add(row);
        }
        List<String> headers = new ArrayList<>(List.of("n"));
        IntStream.rangeClosed(1, count).forEach(i -> headers.add("s" + i));
        page.link(
                name,
                count < subject.rnn().features() ? "The leading singular values,"
                        : "All singular values,",
                headers, rows);
    }

    private void exponents(LayerFlow layer) {
        double[] exponents = layer.exponents();
        XYChart chart = Charts.lines(
                "Lyapunov spectrum", "number, by size", "exponent (nats per step)");
        Charts.line(chart, "exponents", range(1, exponents.length), exponents);
        String name = "lyapunov-" + layer.key();
        page.chart(
                name, chart,
                "Growth rates of the products of Jacobians, by QR: below 0 a direction fades, above it grows.");
        page.link(
                name, "The exponents,", List.of("number", "exponent"),
                IntStream.range(0, exponents.length)
                        .<List<?>>mapToObj(i -> List.of(i + 1, exponents[i])).toList());
    }

    private void matrices(LayerFlow layer) {
        List<List<?>> rows = new ArrayList<>();
        for (Recurrent u : layer.matrices()) {
            double[] s = u.singularValues();
            rows.add(
                    List.of(
                            u.name().isEmpty() ? "U" : "U " + u.name(),
                            Double.isNaN(u.radius()) ? "-" : Report.number(u.radius()), u.largest(),
                            s[s.length / 2], s[s.length - 1]));
            String name = "eigenvalues-" + layer.key()
                    + (u.name().isEmpty() ? "" : "-" + u.name());
            if (u.eigenvalues().length > 0) {
                page.chart(
                        name, plane(u),
                        "Eigenvalues of " + rows.getLast().get(0)
                                + " in the complex plane, with the unit circle.");
                page.link(
                        name, "Eigenvalues and singular values,",
                        List.of("real", "imaginary", "singular value"),
                        IntStream.range(0, u.eigenvalues().length).<List<?>>mapToObj(
                                i -> List.of(u.eigenvalues()[i][0], u.eigenvalues()[i][1], s[i]))
                                .toList());
            }
        }
        page.table(
                "matrices-" + layer.key(), "The recurrent matrices.",
                List.of(
                        "matrix", "max |eigenvalue|", "largest singular value", "median",
                        "smallest"),
                rows);
    }

    private static XYChart plane(Recurrent u) {
        XYChart chart = Charts.square(
                "Eigenvalues of U " + u.name(), "real part (1)", "imaginary part (1)");
        double[] angle =
                DoubleStream.iterate(0, a -> a <= 2 * Math.PI + 1e-9, a -> a + Math.PI / 60)
                        .toArray();
        Charts.line(
                chart, "unit circle", Arrays.stream(angle).map(Math::cos).toArray(),
                Arrays.stream(angle).map(Math::sin).toArray());
        Charts.points(
                chart, "eigenvalues",
                Arrays.stream(u.eigenvalues()).mapToDouble(v -> v[0]).toArray(),
                Arrays.stream(u.eigenvalues()).mapToDouble(v -> v[1]).toArray());
        chart.getStyler().setMarkerSize(4);
        return chart;
    }

    private void shares(LayerFlow layer) {
        List<List<?>> rows = new ArrayList<>();
        layer.saturation().forEach((name, share) -> rows.add(List.of("saturated " + name, share)));
        rows.add(List.of("Pascanu's Omega", layer.curve().omega()));
        rows.add(List.of("measured factor a step", layer.verdict().measured()));
        rows.add(List.of("largest factor by the theorem", layer.verdict().predicted()));
        page.table(
                "figures-" + layer.key(),
                "Saturated: a slope below a tenth of the largest there is.",
                List.of("figure", "value"), rows);
    }

    /** Returns the figures of a layer for JSON. */
    public static Map<String, Object> json(LayerFlow layer) {
        Map<String, Object> figures = new LinkedHashMap<>();
        Curve curve = layer.curve();
        figures.put("layer", layer.layer());
        figures.put("direction", layer.reverse() ? "reverse" : "forward");
        figures.put("verdict", layer.verdict().words());
        figures.put("predictedRate", layer.verdict().predicted());
        figures.put("measuredRate", layer.verdict().measured());
        figures.put("change", layer.verdict().change());
        figures.put("stepsBack", layer.verdict().back());
        figures.put("withinBound", layer.verdict().withinBound());
        figures.put("omega", curve.omega());
        figures.put("saturated", layer.saturation());
        figures.put("lyapunov", layer.exponents());
        List<Map<String, Object>> matrices = new ArrayList<>();
        for (Recurrent u : layer.matrices()) {
            Map<String, Object> matrix = new LinkedHashMap<>();
            matrix.put("name", u.name().isEmpty() ? "U" : u.name());
            matrix.put("radius", u.radius());
            matrix.put("largestSingularValue", u.largest());
            matrix.put("singularValues", u.singularValues());
            matrix.put("eigenvalues", Arrays.asList((Object[]) u.eigenvalues()));
            matrices.add(matrix);
        }
        figures.put("matrices", matrices);
        figures.put("lags", layer.lags());
        figures.put("singularValues", Arrays.asList((Object[]) layer.singularValues()));
        List<double[]> quantiles =
                IntStream.range(0, curve.steps()).mapToObj(curve::quantiles).toList();
        figures.put("quantiles", Curve.QUANTILES);
        figures.put("curve", quantiles);
        figures.put("mean", IntStream.range(0, curve.steps()).mapToDouble(curve::mean).toArray());
        return figures;
    }
}
