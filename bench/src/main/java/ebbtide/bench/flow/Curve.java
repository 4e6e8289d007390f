package ebbtide.bench.flow;

import ebbtide.engine.Tensor;
import java.util.Arrays;

/**
 * ‖∂L/∂h_t‖ over t for a batch of sequences, and what is read off it.
 *
 * @param norms [t][b], step t being the state after input t
 */
public record Curve(double[][] norms) {
    /** The quantiles that are shown. */
    public static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95};
    private static final int MEDIAN = 2;

    /** Measures the rows of ∂L/∂h_t [T, B, H]. */
    static Curve of(Tensor adjoint) {
        double[][] norms = new double[adjoint.steps()][adjoint.rows()];
        for (int t = 0; t < norms.length; t++) {
            for (int b = 0; b < norms[t].length; b++) {
                double squares = 0;
                for (int i = 0; i < adjoint.features(); i++) {
                    double value = adjoint.at(t, b, i);
                    squares += value * value;
                }
                norms[t][b] = Math.sqrt(squares);
            }
        }
        return new Curve(norms);
    }

    /** Returns T. */
    public int steps() {
        return norms.length;
    }

    /** Returns the quantiles of the batch at step {@code t}, linear between neighbours. */
    public double[] quantiles(int t) {
        return Arrays.stream(QUANTILES).map(q -> quantile(norms[t], q)).toArray();
    }

    /** Returns the median of the batch at step {@code t}. */
    public double median(int t) {
        return quantiles(t)[MEDIAN];
    }

    /** Returns the mean of the batch at step {@code t}. */
    public double mean(int t) {
        return Arrays.stream(norms[t]).average().orElse(Double.NaN);
    }

    static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        // Equal neighbours first: infinity minus infinity is no number.
        return sorted[below] == sorted[above]
                ? sorted[below]
                : sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** Returns the last step that the loss of every sequence reaches, counted from 0. */
    public int last() {
        for (int t = steps() - 1; t > 0; t--) {
            if (Arrays.stream(norms[t]).allMatch(n -> n > 0)) {
                return t;
            }
        }
        return 0;
    }

    /** Returns the first step that the median has not underflown at. */
    public int first() {
        for (int t = 0; t < last(); t++) {
            if (median(t) > 0) {
                return t;
            }
        }
        return last();
    }

    /** Returns median ‖∂L/∂h_first‖ / median ‖∂L/∂h_last‖. */
    public double change() {
        return median(first()) / median(last());
    }

    /** Returns the factor of one step back, the geometric mean over all of them, NaN for T = 1. */
    public double rate() {
        return Math.pow(change(), 1.0 / (last() - first()));
    }

    /**
     * Returns Pascanu's Ω = Σ_t (‖(∂L/∂h_{t+1})·(∂h_{t+1}/∂h_t)‖ / ‖∂L/∂h_{t+1}‖ − 1)², the mean of
     * the batch: 0 where the norm of the gradient is kept at every step. Only where one step has a
     * loss is the numerator ‖∂L/∂h_t‖, as it is here. Source: R. Pascanu, T. Mikolov, Y. Bengio, ICML
     * 2013, equation 9.
     */
    public double omega() {
        double sum = 0;
        for (int b = 0; b < norms[0].length; b++) {
            for (int t = 0; t + 1 < steps(); t++) {
                if (norms[t + 1][b] > 0) {
                    double excess = norms[t][b] / norms[t + 1][b] - 1;
                    sum += excess * excess;
                }
            }
        }
        return sum / norms[0].length;
    }
}
