package ebbtide.bench.validate;

import ebbtide.bench.plot.Charts;
import ebbtide.bench.plot.Report;
import ebbtide.checks.ElementaryFunction;
import ebbtide.engine.Workers;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;

/** The page of a validation: every finding, errors of the functions, error growth over time. */
public final class ValidationReport {
    private static final int PLACES = 400;
    private static final int FLOATS = 500;
    private static final int STEPS = 400;
    private static final int POINTS = 50;
    private static final int HIDDEN = 16;

    private final Kernels kernels = KernelSelection.selected().kernels();
    private final Report page = new Report("Ebbtide: validation of its numerics");

    private ValidationReport() {
    }

    /** Makes the page. */
    public static Report page(List<Finding> findings, String machine, long seed) {
        ValidationReport report = new ValidationReport();
        report.page.text(machine);
        report.verdict(findings);
        report.page.heading("Elementary functions");
        report.function(ElementaryFunction.SIGMOID, -110, 20);
        report.function(ElementaryFunction.TANH, -10, 10);
        report.function(ElementaryFunction.EXP, -105, 89);
        report.function(ElementaryFunction.LOG, 1e-3, 8);
        report.page.heading("Rounding over time");
        report.growth(1, seed);
        report.growth(3, seed);
        report.page.heading("Every check");
        report.findings(findings);
        return report.page;
    }

    private void verdict(List<Finding> findings) {
        long failed = findings.stream().filter(f -> f.verdict() == Verdict.FAILED).count();
        long passed = findings.stream().filter(f -> f.verdict() == Verdict.PASSED).count();
        page.verdict("%d passed, %d failed, %d out of reach or not run".formatted(
                passed, failed, findings.size() - passed - failed));
    }

    private void findings(List<Finding> findings) {
        page.table(
                "checks", "The worst case of each against its limit.",
                List.of(
                        "check", "subject", "cases", "worst", "limit", "unit", "verdict",
                        "worst at", "shape", "remark"),
                findings.stream().<List<?>>map(f -> List.of(
                        f.check(), f.subject(), f.cases(), f.worst(), f.limit(), f.unit(),
                        f.verdict(), f.place(), f.shape(), f.remark())).toList());
    }

    /** The largest error between neighbouring places of a range. */
    private void function(ElementaryFunction f, double from, double to) {
        double[] at = new double[PLACES];
        double[] error = new double[PLACES];
        float[] x = new float[FLOATS];
        float[] y = new float[FLOATS];
        for (int place = 0; place < PLACES; place++) {
            for (int i = 0; i < FLOATS; i++) {
                x[i] = (float) (from + (to - from) * (place + (double) i / FLOATS) / PLACES);
            }
            f.compute(kernels.pointwise(), x, y, FLOATS);
            at[place] = x[0];
            for (int i = 0; i < FLOATS; i++) {
                error[place] = Math.max(
                        error[place], ElementaryFunction.ulps(y[i], f.reference(x[i])));
            }
        }
        String name = f.name().toLowerCase(Locale.ROOT);
        XYChart chart = Charts.lines("Error of " + name, "x (1)", "largest error (ULP)");
        Charts.line(chart, "found", at, error);
        Charts.line(
                chart, "documented maximum", new double[] {from, to},
                new double[] {f.maxUlp, f.maxUlp});
        page.chart(
                "error-" + name, chart, "The largest of %d floats at each of %d places."
                        .formatted(FLOATS, PLACES));
    }

    /** The error of a state against its bound, step by step. */
    private void growth(double gain, long seed) {
        Problem problem = Problem.random(
                CellSpec.rnn(Activation.TANH), STEPS, 1, 4, HIDDEN, 1, gain, seed);
        GraphNetwork network = new GraphNetwork(problem);
        float[] y = problem.run(problem.network(kernels), Workers.single()).get("y");
        int[] nodes = network.outputs.get("y");
        double[] roundings = new double[network.graph.size()];
        for (int node = 0; node < roundings.length; node++) {
            roundings[node] = network.graph.rounding(node);
        }
        double[] steps = new double[POINTS];
        double[] errors = new double[POINTS];
        double[] bounds = new double[POINTS];
        for (int point = 0; point < POINTS; point++) {
            int t = point * (STEPS - 1) / (POINTS - 1);
            steps[point] = t + 1;
            for (int unit = 0; unit < HIDDEN; unit++) {
                int at = t * HIDDEN + unit;
                double error = Math.abs(y[at] - network.graph.value(nodes[at]));
                double bound = GraphSweeps.bound(network.graph, nodes[at], roundings);
                errors[point] = Math.max(errors[point], Math.max(error, 1e-10));
                bounds[point] = Math.max(bounds[point], bound);
            }
        }
        XYChart chart = Charts.decades(Charts.lines(
                "Rounding of a tanh network, weights in ±%.0f/√H".formatted(gain),
                "time step t (steps)", "largest over the units (1)"));
        Charts.line(chart, "error", steps, errors);
        Charts.line(chart, "first-order bound", steps, bounds);
        page.chart(
                "growth-" + (int) gain, chart,
                "T = %d, H = %d. Above 1e-2 the bound is out of reach: it says nothing there."
                        .formatted(STEPS, HIDDEN));
    }
}
