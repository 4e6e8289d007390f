package ebbtide.engine;

import java.util.Arrays;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** A step of cells with layer normalisation in double precision, as Ba et al. (2016) write them. */
final class DoubleLayerNorm {
    private final Map<String, double[]> p;
    private final String suffix;
    private final int hidden;

    DoubleLayerNorm(Map<String, double[]> p, int layer, int hidden) {
        this.p = p;
        suffix = "_l" + layer;
        this.hidden = hidden;
    }

    /** The state after; c is replaced by its successor. */
    double[] step(Networks kind, double[] x, double[] h, double[] c) {
        double[] wx = product("weight_ih", x);
        double[] uh = product("weight_hh", h);
        return switch (kind) {
            case NORMALIZED -> elman(wx, uh);
            case NORMALIZED_LEAKY -> {
                double[] candidate = elman(wx, uh);
                yield each(i -> h[i] + sigmoid(p("leak", i)) * (candidate[i] - h[i]));
            }
            case NORMALIZED_LSTM -> lstm(wx, uh, c);
            case NORMALIZED_GRU -> gru(wx, uh, h);
            default -> throw new IllegalArgumentException(kind.name());
        };
    }

    private double[] elman(double[] wx, double[] uh) {
        double[] a = normal(each(i -> wx[i] + p("bias_ih", i) + uh[i]), 0, hidden);
        return each(i -> Math.tanh(p("gain", i) * a[i] + p("bias_hh", i)));
    }

    /** Equations 20 to 22. */
    private double[] lstm(double[] wx, double[] uh, double[] c) {
        double[] x = normal(wx, 0, 4 * hidden);
        double[] u = normal(uh, 0, 4 * hidden);
        double[] z = new double[4 * hidden];
        Arrays.setAll(z, i -> input(x, i) + recurrent(u, i));
        for (int i = 0; i < hidden; i++) {
            c[i] =
                    sigmoid(z[hidden + i]) * c[i]
                            + sigmoid(z[i]) * Math.tanh(z[2 * hidden + i]);
        }
        double[] normal = normal(c, 0, hidden);
        return each(i -> sigmoid(z[3 * hidden + i])
                * Math.tanh(p("gain_c", i) * normal[i] + p("bias_c", i)));
    }

    /** Equations 27 to 29, z as PyTorch has it. */
    private double[] gru(double[] wx, double[] uh, double[] h) {
        double[] x = normal(normal(wx, 0, 2 * hidden), 2 * hidden, 3 * hidden);
        double[] u = normal(normal(uh, 0, 2 * hidden), 2 * hidden, 3 * hidden);
        return each(i -> {
            double r = sigmoid(input(x, i) + recurrent(u, i));
            double z = sigmoid(input(x, hidden + i) + recurrent(u, hidden + i));
            double n = Math.tanh(input(x, 2 * hidden + i) + r * recurrent(u, 2 * hidden + i));
            return (1 - z) * n + z * h[i];
        });
    }

    private double input(double[] normal, int i) {
        return p("gain_ih", i) * normal[i] + p("bias_ih", i);
    }

    private double recurrent(double[] normal, int i) {
        return p("gain_hh", i) * normal[i] + p("bias_hh", i);
    }

    private double p(String name, int i) {
        return p.get(name + suffix)[i];
    }

    private double[] each(IntToDoubleFunction f) {
        double[] all = new double[hidden];
        Arrays.setAll(all, f);
        return all;
    }

    private double[] product(String name, double[] x) {
        double[] w = p.get(name + suffix);
        double[] out = new double[w.length / x.length];
        for (int i = 0; i < w.length; i++) {
            out[i / x.length] += w[i] * x[i % x.length];
        }
        return out;
    }

    /** A copy in which elements {@code from} to {@code to} − 1 are normalised. */
    private static double[] normal(double[] a, int from, int to) {
        double mean = Arrays.stream(a, from, to).average().orElseThrow();
        double variance =
                Arrays.stream(a, from, to).map(v -> (v - mean) * (v - mean)).average()
                        .orElseThrow();
        double[] normal = a.clone();
        for (int i = from; i < to; i++) {
            normal[i] = (a[i] - mean) / Math.sqrt(variance + 1e-5f);
        }
        return normal;
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
