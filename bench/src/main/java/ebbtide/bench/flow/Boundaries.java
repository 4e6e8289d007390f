package ebbtide.bench.flow;

import ebbtide.bench.plot.Charts;
import ebbtide.bench.plot.Report;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.kernels.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.XYChart;

/**
 * Vanishing without sigmoids. U is s times a permutation, so all its singular values are s. Where the
 * slope is largest (z = 0 for tanh and sigmoid, z &gt; 0 for relu) a step back is exactly γ·s, and the
 * gradient turns from fading to growing at s = 1/γ: at 1 for identity, relu and tanh, at 4 for the
 * sigmoid. Under noise it is at most that.
 */
public final class Boundaries implements Experiment {
    private static final List<String> CELLS = List.of("identity", "relu", "tanh", "sigmoid");
    /** γ·s. */
    private static final double[] FACTORS = {0.5, 0.7, 0.9, 0.97, 1.03, 1.1, 1.3};
    private static final double TOLERANCE = 0.01;

    /** Creates the experiment. */
    public Boundaries() {
    }

    @Override
    public String name() {
        return "boundaries";
    }

    @Override
    public String prediction() {
        return "The gradient fades or grows on either side of sigma1(U) = 1 with identity, relu and tanh,"
                + " and of 4 with the sigmoid (within 1 %): the sigmoid moves the boundary, it is not the"
                + " cause. Below it the factor of a step is at most gamma sigma1, whatever the input.";
    }

    @Override
    public Outcome run(boolean quick, Workers workers, Progress progress) {
        int hidden = quick ? 6 : 64;
        int steps = quick ? 20 : 50;
        XYChart chart = Charts.lines(
                "Factor of a step back", "largest singular value of U (1)",
                "measured factor a step (1)");
        Map<String, Object> boundaries = new LinkedHashMap<>();
        List<List<?>> rows = new ArrayList<>();
        boolean holds = true;
        for (String cell : CELLS) {
            progress.at((double) CELLS.indexOf(cell) / CELLS.size(), cell);
            CellKind kind = CellKind.of(cell);
            double[] scales = Arrays.stream(FACTORS).map(f -> f / kind.slope()).toArray();
            double[] steepest = new double[scales.length];
            for (int i = 0; i < scales.length; i++) {
                steepest[i] = rate(kind, hidden, steps, scales[i], 0, workers);
                double noisy = rate(kind, hidden, steps, scales[i], 1, workers);
                holds &= !(FACTORS[i] < 1) || noisy <= FACTORS[i] * 1.0001;
                rows.add(List.of(cell, scales[i], FACTORS[i], steepest[i], noisy));
            }
            double boundary = crossing(scales, steepest);
            boundaries.put(cell, boundary);
            holds &= Math.abs(boundary * kind.slope() - 1) < TOLERANCE;
            Charts.line(chart, cell, scales, steepest);
        }
        String measured = "boundaries at sigma1 = " + boundaries.entrySet().stream()
                .map(e -> "%s (%s)".formatted(Report.number((Double) e.getValue()), e.getKey()))
                .reduce((a, b) -> a + ", " + b).orElse("");
        Report page = new Report("Vanishing without sigmoids");
        page.text(prediction()).verdict((holds ? "Holds: " : "Fails: ") + measured)
                .chart(
                        "boundaries", chart,
                        "At the steepest point of each nonlinearity: a factor of 1 is reached at 1, 1, 1 and 4.")
                .table(
                        "boundaries",
                        "Over %d steps with %d units: steepest is where all slopes are largest, noise is under gaussian input."
                                .formatted(steps, hidden),
                        List.of("cell", "sigma1", "gamma sigma1", "steepest", "noise"), rows);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("hidden", hidden);
        figures.put("steps", steps);
        figures.put("boundaries", boundaries);
        return new Outcome(measured, holds, figures, page);
    }

    /** Returns the measured factor of a step back. */
    private static double rate(
            CellKind kind, int hidden, int steps, double scale, double noise, Workers workers) {
        Activation activation = Activation.valueOf(kind.name().toUpperCase(Locale.ROOT));
        Rnn rnn = Rnn.elman(activation, 1, hidden).build(9);
        float[] u = new float[hidden * hidden];
        float[] bias = new float[hidden];
        for (int i = 0; i < hidden; i++) {
            u[i * hidden + (i + 1) % hidden] = (float) scale;
            // To the steepest point: σ(0) = 1/2 comes back as s/2; relu is open above 0.
            bias[i] = switch (activation) {
                case SIGMOID -> (float) -scale / 2;
                case RELU -> 1;
                default -> 0;
            };
        }
        rnn.parameters().write("weight_hh_l0", u);
        rnn.parameters().write("bias_ih_l0", bias);
        rnn.parameters().write("bias_hh_l0", new float[hidden]);
        Subject subject = Subject.noise(rnn, kind, steps, 8, noise, 2);
        if (activation == Activation.SIGMOID && noise == 0) {
            // h_0 is 0, not 1/2: the first input makes up for it.
            float[] ones = new float[hidden];
            Arrays.fill(ones, 1f);
            rnn.parameters().write("weight_ih_l0", ones);
            Tensor x = subject.inputs().x();
            for (int b = 0; b < subject.batch(); b++) {
                x.data()[x.index(0, b)] = (float) scale / 2;
            }
        }
        return new Curve(subject.norms(workers)[0]).rate();
    }

    /** Returns where the factor passes 1, linear between the two neighbours in logarithms. */
    private static double crossing(double[] scales, double[] rates) {
        for (int i = 1; i < rates.length; i++) {
            if (rates[i - 1] < 1 && rates[i] >= 1) {
                double share = -Math.log(rates[i - 1]) / Math.log(rates[i] / rates[i - 1]);
                return scales[i - 1] * Math.pow(scales[i] / scales[i - 1], share);
            }
        }
        return Double.NaN;
    }
}
