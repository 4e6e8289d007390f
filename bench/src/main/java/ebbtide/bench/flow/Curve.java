package ebbtide.bench.flow;

import java.util.Arrays;

/**
 * ‖∂L/∂h_t‖ over t for a batch of sequences, and what is read off it. (Plain loops: a training may ask at
 * every update, from the first on, when streams are not yet compiled.)
 */
public final class Curve {
    /** The quantiles that are shown. */
    public static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95};
    private static final int MEDIAN = 2;

    private final double[][] norms;
    private final double[][] sorted;

    /**
     * Looks at a curve.
     *
     * @param norms [t][b], step t being the state after input t; not copied
     */
    public Curve(double[][] norms) {
        this.norms = norms;
        sorted = new double[norms.length][];
        for (int t = 0; t < norms.length; t++) {
            sorted[t] = norms[t].clone();
            Arrays.sort(sorted[t]);
        }
    }

    /** Returns T. */
    public int steps() {
        return norms.length;
    }

    /** Returns the quantiles of the batch at step {@code t}, linear between neighbours. */
    public double[] quantiles(int t) {
        double[] values = new double[QUANTILES.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = quantileOfSorted(sorted[t], QUANTILES[i]);
        }
        return values;
    }

    /** Returns the median of the batch at step {@code t}. */
    public double median(int t) {
        return quantileOfSorted(sorted[t], QUANTILES[MEDIAN]);
    }

    /** Returns the mean of the batch at step {@code t}. */
    public double mean(int t) {
        double sum = 0;
        for (double norm : norms[t]) {
            sum += norm;
        }
        return sum / norms[t].length;
    }

    static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return quantileOfSorted(sorted, share);
    }

    private static double quantileOfSorted(double[] sorted, double share) {
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
            // NaN is the largest of all.
            if (sorted[t][0] > 0 && !Double.isNaN(sorted[t][sorted[t].length - 1])) {
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
