package ebbtide.bench.flow;

import ebbtide.bench.plot.Charts;
import ebbtide.bench.plot.Report;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.knowm.xchart.XYChart;

/**
 * h_t = W·h_{t−1} with a symmetric W = Q·Λ·Qᵀ: the states of the engine, unrolled, against Q·Λᵗ·Qᵀ·h_0
 * in double; their growth against |λ₁|; and how they turn into the direction q₁.
 */
public final class LinearRecurrence implements Experiment {
    private static final double[] RADII = {0.9, 1.1};
    /** |λ| of all others, at most, as a share of |λ₁|. */
    private static final double GAP = 0.9;
    private static final double TOLERANCE = 1e-3;

    /** Creates the experiment. */
    public LinearRecurrence() {
    }

    @Override
    public String name() {
        return "linear";
    }

    @Override
    public String prediction() {
        return "The state of h_t = W h_(t-1) is Q L^t Q' h_0: it fades or grows by |lambda1| a step and"
                + " turns into the leading eigendirection. Error below 0.1 %, rate within 0.1 % of"
                + " |lambda1|, cosine above 0.999.";
    }

    /** One radius: a state for each step, by the engine and in closed form. */
    private static final class Run {
        final int steps;
        final double[] norms;
        final double[] errors;
        final double[] cosines;

        Run(int hidden, int steps, double radius, Workers workers) {
            this.steps = steps;
            norms = new double[steps + 1];
            errors = new double[steps + 1];
            cosines = new double[steps + 1];
            Generator random = Generator.of(11);
            DMatrixRMaj q = Matrices.orthonormal(hidden, hidden, random);
            double[] lambda = new double[hidden];
            for (int k = 0; k < hidden; k++) {
                lambda[k] = k == 0 ? radius : radius * GAP * (2 * random.nextDouble() - 1);
            }
            Rnn rnn = Rnn.identity(1, hidden).build(0);
            rnn.parameters().edit(flat -> Arrays.fill(flat, 0f));
            float[] w = new float[hidden * hidden];
            double[] start = new double[hidden];
            Tensor h0 = Tensor.zeros(1, 1, hidden);
            for (int i = 0; i < hidden; i++) {
                h0.data()[i] = (float) random.nextGaussian();
                for (int j = 0; j < hidden; j++) {
                    double sum = 0;
                    for (int k = 0; k < hidden; k++) {
                        sum += q.get(i, k) * lambda[k] * q.get(j, k);
                    }
                    w[i * hidden + j] = (float) sum;
                }
            }
            for (int k = 0; k < hidden; k++) {
                for (int i = 0; i < hidden; i++) {
                    start[k] += q.get(i, k) * h0.data()[i];
                }
            }
            rnn.parameters().write("weight_hh_l0", w);
            Plan plan = rnn.planner(steps, 1).workers(workers).build();
            plan.forward(Tensor.zeros(steps, 1, 1), h0, null, null);
            for (int t = 0; t <= steps; t++) {
                Tensor h = t == 0 ? h0 : plan.output();
                compare(t, h, Math.max(0, t - 1), q, lambda, start);
            }
        }

        private void compare(
                int t, Tensor h, int step, DMatrixRMaj q, double[] lambda, double[] start) {
            double error = 0;
            double norm = 0;
            double along = 0;
            for (int i = 0; i < lambda.length; i++) {
                double exact = 0;
                for (int k = 0; k < lambda.length; k++) {
                    exact += q.get(i, k) * Math.pow(lambda[k], t) * start[k];
                }
                double found = h.at(step, 0, i);
                error += (found - exact) * (found - exact);
                norm += found * found;
                along += found * q.get(i, 0);
            }
            norms[t] = Math.sqrt(norm);
            errors[t] = Math.sqrt(error / norm);
            cosines[t] = Math.abs(along) / norms[t];
        }

        /** The factor of a step over the last half. */
        double rate() {
            int half = steps / 2;
            return Math.pow(norms[steps] / norms[half], 1.0 / (steps - half));
        }

        double worst() {
            return Arrays.stream(errors).max().orElse(Double.NaN);
        }
    }

    @Override
    public Outcome run(boolean quick, Workers workers, Progress progress) {
        int hidden = quick ? 8 : 64;
        int steps = quick ? 100 : 200;
        Report page = new Report("The linear recurrence");
        page.text(prediction());
        XYChart norms = Charts.decades(
                Charts.lines("Norm of the state", "time step t (steps)", "norm of h_t (1)"));
        XYChart turns = Charts.decades(
                Charts.lines("Turning", "time step t (steps)", "1 - |cos(h_t, q1)| (1)"));
        double[] time = IntStream.rangeClosed(0, steps).asDoubleStream().toArray();
        List<List<?>> rows = new ArrayList<>();
        double worst = 0;
        double offRate = 0;
        double cosine = 1;
        for (double radius : RADII) {
            Run run = new Run(hidden, steps, radius, workers);
            Charts.line(norms, "engine, |lambda1| = " + radius, time, run.norms);
            double[] power = new double[steps + 1];
            double[] off = new double[steps + 1];
            for (int t = 0; t <= steps; t++) {
                double back = Math.pow(radius, t - steps);
                power[t] = run.norms[steps] * back;
                off[t] = 1 - run.cosines[t];
                rows.add(List.of(radius, t, run.norms[t], run.errors[t], run.cosines[t]));
            }
            Charts.line(norms, radius + "^t", time, power);
            Charts.line(turns, "|lambda1| = " + radius, time, off);
            worst = Math.max(worst, run.worst());
            offRate = Math.max(offRate, Math.abs(run.rate() / radius - 1));
            cosine = Math.min(cosine, run.cosines[steps]);
            progress.at(0.5, "linear recurrence");
        }
        boolean holds = worst < TOLERANCE && offRate < TOLERANCE && cosine > 1 - TOLERANCE;
        String measured =
                "largest error %s of the state over %d steps, rate within %s of |lambda1|, cosine %s"
                        .formatted(
                                Report.number(worst), steps, Report.number(offRate),
                                Report.number(cosine));
        page.verdict((holds ? "Holds: " : "Fails: ") + measured)
                .chart("norms", norms,
                        "The engine's states and the power of the leading eigenvalue.")
                .chart("turning", turns, "How far the state is from the leading eigendirection.")
                .link(
                        "linear", "All of it,",
                        List.of("lambda1", "t", "norm", "relative error", "cosine"), rows);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("hidden", hidden);
        figures.put("steps", steps);
        figures.put("error", worst);
        figures.put("rateError", offRate);
        figures.put("cosine", cosine);
        return new Outcome(measured, holds, figures, page);
    }
}
