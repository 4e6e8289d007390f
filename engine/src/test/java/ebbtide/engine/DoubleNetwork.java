package ebbtide.engine;

import ebbtide.kernels.Activation;
import java.util.Arrays;
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
    private final int features;

    DoubleNetwork(Networks kind, int steps, int batch, int inputs, int hidden, int layers) {
        this.kind = kind;
        this.steps = steps;
        this.batch = batch;
        this.inputs = inputs;
        this.hidden = hidden;
        this.layers = layers;
        features = kind.of(inputs, hidden).build(0).features();
    }

    /** Σ y·dy + Σ hn·dhn + Σ cn·dcn for the parameters, x, h0 and c0 in {@code p}. */
    double loss(Map<String, double[]> p, Pass.Given given) {
        double loss = 0;
        double[] x = p.get("x");
        int width = inputs;
        for (int layer = 0; layer < layers; layer++) {
            double[] y = new double[steps * batch * features];
            for (int b = 0; b < batch; b++) {
                double[][] h = new double[steps + 1][];
                h[0] = slice(p.get("h0"), layer * batch + b, features);
                double[] c =
                        p.containsKey("c0") ? slice(p.get("c0"), layer * batch + b, hidden) : null;
                for (int t = 0; t < steps; t++) {
                    h[t + 1] = step(p, layer, x, (t * batch + b) * width, width, h, t, c);
                    System.arraycopy(h[t + 1], 0, y, (t * batch + b) * features, features);
                }
                for (int i = 0; i < features; i++) {
                    loss += h[steps][i] * given.dhn().at(layer, b, i);
                }
                for (int i = 0; i < hidden; i++) {
                    loss += c == null ? 0 : c[i] * given.dcn().at(layer, b, i);
                }
            }
            x = y;
            width = features;
        }
        for (int i = 0; i < x.length; i++) {
            loss += x[i] * given.dy().data()[i];
        }
        return loss;
    }

    private static double[] slice(double[] states, int row, int width) {
        double[] h = new double[width];
        System.arraycopy(states, row * width, h, 0, width);
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
        if (kind.name().startsWith("NORMALIZED")) {
            double[] row = Arrays.copyOfRange(x, at, at + width);
            return new DoubleLayerNorm(p, layer, hidden).step(kind, row, h[t], c);
        }
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
                        + dot(p.get("weight_hh_l" + layer), row, h[t], 0, features);
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
                case LSTM, PROJECTED -> {
                    double forget = sigmoid(in[1] + rec[1]);
                    c[i] = forget * c[i] + sigmoid(in[0] + rec[0]) * Math.tanh(in[2] + rec[2]);
                    yield sigmoid(in[3] + rec[3]) * Math.tanh(c[i]);
                }
                case LEARNED_LEAK -> {
                    double alpha = sigmoid(p.get("leak_l" + layer)[i]);
                    yield h[t][i] + alpha * (sigmoid(in[0] + rec[0]) - h[t][i]);
                }
                case RESIDUAL -> h[t][i] + Math.tanh(in[0] + rec[0]);
                case PEEPHOLE -> {
                    double pi = p.get("weight_ci_l" + layer)[i];
                    double pf = p.get("weight_cf_l" + layer)[i];
                    double po = p.get("weight_co_l" + layer)[i];
                    double forget = sigmoid(in[1] + rec[1] + pf * c[i]);
                    double input = sigmoid(in[0] + rec[0] + pi * c[i]);
                    c[i] = forget * c[i] + input * Math.tanh(in[2] + rec[2]);
                    yield sigmoid(in[3] + rec[3] + po * c[i]) * Math.tanh(c[i]);
                }
                case GRU_RESET_FIRST -> {
                    double z = sigmoid(in[1] + rec[1]);
                    double candidate = in[2] + p.get("bias_hh_l" + layer)[2 * hidden + i];
                    for (int j = 0; j < hidden; j++) {
                        double r = p.get("bias_ih_l" + layer)[j]
                                + dot(p.get("weight_ih_l" + layer), j, x, at, width)
                                + p.get("bias_hh_l" + layer)[j]
                                + dot(p.get("weight_hh_l" + layer), j, h[t], 0, features);
                        candidate += p.get("weight_hh_l" + layer)[(2 * hidden + i) * hidden + j]
                                * sigmoid(r) * h[t][j];
                    }
                    yield (1 - z) * Math.tanh(candidate) + z * h[t][i];
                }
                case GRU -> {
                    double r = sigmoid(in[0] + rec[0]);
                    double z = sigmoid(in[1] + rec[1]);
                    double n = Math.tanh(in[2] + r * rec[2]);
                    yield (1 - z) * n + z * h[t][i];
                }
                case NORMALIZED, NORMALIZED_LEAKY, NORMALIZED_LSTM, NORMALIZED_GRU ->
                    throw new AssertionError(kind);
            };
        }
        return kind == Networks.PROJECTED ? project(p.get("weight_hr_l" + layer), next) : next;
    }

    private double[] project(double[] w, double[] outputs) {
        double[] states = new double[features];
        for (int i = 0; i < features; i++) {
            states[i] = dot(w, i, outputs, 0, hidden);
        }
        return states;
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
