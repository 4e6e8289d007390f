package ebbtide.engine;

import ebbtide.kernels.Activation;
import java.util.Map;

/**
 * Networks in double precision, element by element as the equations stand, for central differences. It
 * shares nothing with the engine but the names of the parameters.
 */
final class DoubleNetwork {
    private final Networks kind;
    private final int steps;
    private final int batch;
    private final int inputs;
    private final int hidden;
    private final int layers;

    DoubleNetwork(Networks kind, int steps, int batch, int inputs, int hidden, int layers) {
        this.kind = kind;
        this.steps = steps;
        this.batch = batch;
        this.inputs = inputs;
        this.hidden = hidden;
        this.layers = layers;
    }

    /** Σ y·dy + Σ hn·dhn + Σ cn·dcn for the parameters, x, h0 and c0 in {@code p}. */
    double loss(Map<String, double[]> p, Pass.Given given) {
        double loss = 0;
        double[] x = p.get("x");
        int width = inputs;
        for (int layer = 0; layer < layers; layer++) {
            double[] y = new double[steps * batch * hidden];
            for (int b = 0; b < batch; b++) {
                double[][] h = new double[steps + 1][];
                h[0] = slice(p.get("h0"), layer * batch + b);
                double[] c = p.containsKey("c0") ? slice(p.get("c0"), layer * batch + b) : null;
                for (int t = 0; t < steps; t++) {
                    h[t + 1] = step(p, layer, x, (t * batch + b) * width, width, h, t, c);
                    System.arraycopy(h[t + 1], 0, y, (t * batch + b) * hidden, hidden);
                }
                for (int i = 0; i < hidden; i++) {
                    loss += h[steps][i] * given.dhn().at(layer, b, i);
                    loss += c == null ? 0 : c[i] * given.dcn().at(layer, b, i);
                }
            }
            x = y;
            width = hidden;
        }
        for (int i = 0; i < x.length; i++) {
            loss += x[i] * given.dy().data()[i];
        }
        return loss;
    }

    private double[] slice(double[] states, int row) {
        double[] h = new double[hidden];
        System.arraycopy(states, row * hidden, h, 0, hidden);
        return h;
    }

    /** The state after step t, and c replaced by its successor. */
    private double[] step(
            Map<String, double[]> p,
            int layer,
            double[] x,
            int at,
            int width,
            double[][] h,
            int t,
            double[] c) {
        double[] next = new double[hidden];
        for (int i = 0; i < hidden; i++) {
            double[] in = new double[4];
            double[] rec = new double[4];
            int gates = p.get("bias_ih_l" + layer).length / hidden;
            for (int g = 0; g < gates; g++) {
                int row = g * hidden + i;
                in[g] = p.get("bias_ih_l" + layer)[row]
                        + dot(p.get("weight_ih_l" + layer), row, x, at, width);
                rec[g] = p.get("bias_hh_l" + layer)[row]
                        + dot(p.get("weight_hh_l" + layer), row, h[t], 0, hidden);
            }
            next[i] = switch (kind) {
                case SIGMOID, TANH, RELU, IDENTITY ->
                    activate(Activation.valueOf(kind.name()), in[0] + rec[0]);
                case LEAKY -> h[t][i] + 0.3f * (Math.tanh(in[0] + rec[0]) - h[t][i]);
                case SKIP -> activate(
                        Activation.SIGMOID,
                        in[0]
                                + rec[0]
                                + skip(p.get("weight_skip_l" + layer), i, h, t + 1 - 3)
                                + skip(p.get("weight_skip2_l" + layer), i, h, t + 1 - 5));
                case LSTM -> {
                    double forget = sigmoid(in[1] + rec[1]);
                    c[i] = forget * c[i] + sigmoid(in[0] + rec[0]) * Math.tanh(in[2] + rec[2]);
                    yield sigmoid(in[3] + rec[3]) * Math.tanh(c[i]);
                }
                case GRU -> {
                    double r = sigmoid(in[0] + rec[0]);
                    double z = sigmoid(in[1] + rec[1]);
                    double n = Math.tanh(in[2] + r * rec[2]);
                    yield (1 - z) * n + z * h[t][i];
                }
            };
        }
        return next;
    }

    private double skip(double[] v, int i, double[][] h, int slot) {
        return slot < 0 ? 0 : dot(v, i, h[slot], 0, hidden);
    }

    private static double dot(double[] w, int row, double[] x, int at, int n) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += w[row * n + j] * x[at + j];
        }
        return sum;
    }

    private static double activate(Activation f, double z) {
        return switch (f) {
            case SIGMOID -> sigmoid(z);
            case TANH -> Math.tanh(z);
            case RELU -> Math.max(z, 0);
            case IDENTITY -> z;
        };
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
