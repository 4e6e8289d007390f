package ebbtide.bench.flow;

import ebbtide.bench.plot.Charts;
import ebbtide.bench.plot.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/** The page of {@link Cures}. */
final class CuresPage {
    private CuresPage() {
    }

    /**
     * Returns the page.
     *
     * @param common what all command lines have in common
     */
    static Report of(
            String prediction, String verdict, String common, List<CureResult> results) {
        Report page = new Report("The cures side by side");
        page.text(prediction).verdict(verdict)
                .text("Each is: ebbtide train " + common + ", with --seed 0, 1, ... and");
        table(page, results);
        page.chart(
                "before", curves("Before training", results, r -> r.curveBefore),
                "Seed 0, median of the batch; 1 at the end. Clipping with and without Omega starts as none does.")
                .chart(
                        "after", curves("After training", results, r -> r.curveAfter),
                        "Seed 0, best weights, median of the batch; 1 at the end.");
        return page;
    }

    private static void table(Report page, List<CureResult> results) {
        List<List<?>> rows = new ArrayList<>();
        for (CureResult r : results) {
            boolean flows = !r.before.isEmpty();
            rows.add(
                    List.of(
                            r.name, r.arguments,
                            flows ? Report.number(r.changeBefore()) : "-",
                            flows ? Report.number(r.changeAfter()) : "-",
                            r.solved + " of " + r.seeds(), r.accuracy(),
                            flows ? Long.toString(r.updates / r.seeds()) : "-",
                            r.seconds / r.seeds()));
        }
        page.table(
                "cures",
                "Gradient: its norm at the first step over that at the last, before training and after, median"
                        + " of batch and seeds. Accuracy: mean of the seeds on the test. Updates, seconds:"
                        + " of one seed, until it solves the task or the budget is over, validations included.",
                List.of(
                        "cure", "arguments", "gradient before", "after", "solved", "accuracy",
                        "updates", "seconds"),
                rows);
    }

    private static XYChart curves(
            String title, List<CureResult> results, Function<CureResult, double[]> which) {
        XYChart chart = Charts.decades(
                Charts.lines(title, "time step t (steps)", "norm of dL/dh_t, median (1)"));
        double[] none = which.apply(results.getFirst());
        for (CureResult r : results) {
            double[] curve = which.apply(r);
            boolean asNone = r != results.getFirst() && Arrays.equals(curve, none);
            if (curve != null && !asNone
                    && Arrays.stream(curve).anyMatch(v -> v > 0 && Double.isFinite(v))) {
                XYSeries line = Charts.line(
                        chart, r.name,
                        IntStream.rangeClosed(1, curve.length).asDoubleStream().toArray(), curve);
                Charts.style(line, results.indexOf(r));
            }
        }
        return chart;
    }
}
