package ebbtide.bench.flow;

import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The share of units, over all steps, whose slope φ'(z) is less than a tenth of the largest slope there
 * is: |tanh z| above 0.949, σ(z) below 0.026 or above 0.974, relu at 0. A gated cell has a share for each
 * gate, computed here in double from the states along one sequence.
 */
final class Saturation {
    private static final double SHARE = 0.1;

    private final Rnn rnn;
    private final CellKind kind;
    private final Inputs inputs;
    private final int layer;
    private final int hidden;
    private final Map<String, Double> shares = new LinkedHashMap<>();

    private Saturation(Rnn rnn, CellKind kind, Inputs inputs, int layer) {
        this.rnn = rnn;
        this.kind = kind;
        this.inputs = inputs;
        this.layer = layer;
        this.hidden = rnn.hidden();
    }

    /** Returns the shares along the one sequence of {@code inputs}: of the units, or of each gate. */
    static Map<String, Double> of(Rnn rnn, CellKind kind, Inputs inputs, int layer) {
        Saturation saturation = new Saturation(rnn, kind, inputs, layer);
        Plan plan = rnn.plan(inputs.steps(), 1);
        inputs.forward(plan, null, null);
        Tensor before = Tensor.zeros(rnn.layers(), 1, rnn.hidden());
        Tensor after = Tensor.zeros(rnn.layers(), 1, rnn.hidden());
        for (int t = 0; t < inputs.steps(); t++) {
            plan.state(t, before);
            plan.state(t + 1, after);
            if (Double.isNaN(kind.slope())) {
                saturation.gates(t, before, after);
            } else {
                saturation.units(before, after);
            }
        }
        saturation.shares.replaceAll((name, n) -> n / inputs.steps() / rnn.hidden());
        return saturation.shares;
    }

    private void units(Tensor before, Tensor after) {
        for (int i = 0; i < hidden; i++) {
            double output = (after.at(layer, 0, i) - (1 - kind.leak()) * before.at(layer, 0, i))
                    / kind.leak();
            count("units", kind.slopeAt(output) < SHARE * kind.slope());
        }
    }

    private void gates(int t, Tensor before, Tensor after) {
        String[] names = kind.gates();
        double[] in = new double[names.length * hidden];
        double[] rec = new double[names.length * hidden];
        addProduct("bias_ih_l", "weight_ih_l", layer == 0 ? input(t) : row(after, layer - 1), in);
        addProduct("bias_hh_l", "weight_hh_l", row(before, layer), rec);
        for (int g = 0; g < names.length; g++) {
            boolean candidate = names[g].equals("cell") || names[g].equals("new");
            for (int i = 0; i < hidden; i++) {
                int at = g * hidden + i;
                double reset = names[g].equals("new") ? sigmoid(in[i] + rec[i]) : 1;
                double z = in[at] + reset * rec[at];
                double slope = candidate
                        ? 1 - Math.pow(Math.tanh(z), 2)
                        : 4 * sigmoid(z) * (1 - sigmoid(z));
                count(names[g], slope < SHARE);
            }
        }
    }

    private void count(String name, boolean saturated) {
        shares.merge(name, saturated ? 1.0 : 0.0, Double::sum);
    }

    private double[] input(int t) {
        double[] x = new double[rnn.inputs()];
        if (inputs.tokens() != null) {
            x[inputs.tokens().at(t, 0)] = 1;
        } else {
            for (int i = 0; i < x.length; i++) {
                x[i] = inputs.x().at(t, 0, i);
            }
        }
        return x;
    }

    private static double[] row(Tensor states, int layer) {
        double[] row = new double[states.features()];
        for (int i = 0; i < row.length; i++) {
            row[i] = states.at(layer, 0, i);
        }
        return row;
    }

    /** sums = b + W·x. */
    private void addProduct(String bias, String weight, double[] x, double[] sums) {
        float[] b = rnn.parameters().read(bias + layer);
        float[] w = rnn.parameters().read(weight + layer);
        for (int i = 0; i < sums.length; i++) {
            double sum = b[i];
            for (int j = 0; j < x.length; j++) {
                sum += w[i * x.length + j] * x[j];
            }
            sums[i] = sum;
        }
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
