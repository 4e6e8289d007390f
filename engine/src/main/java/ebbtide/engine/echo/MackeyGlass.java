package ebbtide.engine.echo;

import ebbtide.engine.random.Generator;
import java.util.Arrays;

/**
 * The Mackey-Glass series as Jaeger discretised it: ẏ(t) = 0.2·y(t − τ)/(1 + y(t − τ)¹⁰) − 0.1·y(t),
 * chaotic for τ above 16.8, by Euler steps of δ = 1/10 and one sample for every 10 of them:
 *
 * <pre>
 *   y[n+1] = y[n] + δ·(0.2·y[n − τ/δ] / (1 + y[n − τ/δ]¹⁰) − 0.1·y[n])
 * </pre>
 *
 * Networks see {@link #squash tanh(y − 1)}. Sources: M. Mackey, L. Glass, "Oscillation and chaos in
 * physiological control systems", Science 197, 1977; H. Jaeger, GMD report 148, 2001, section 6.1,
 * equations 22 and 23.
 */
public final class MackeyGlass {
    private static final int SUBSTEPS = 10;
    /** Time units until the start is forgotten: the attractor draws in within some tens of τ. */
    private static final int TRANSIENT = 2000;

    private MackeyGlass() {}

    /**
     * Returns a piece of the attractor, one number for each unit of time. It starts from a constant
     * history that the seed draws from [1.1, 1.3), 2,000 units before the first number.
     *
     * @param delay τ, at least 1; Jaeger used 17 and 30
     * @throws IllegalArgumentException if delay or length is below 1
     */
    public static double[] series(int delay, int length, long seed) {
        Numbers.atLeast(1, "delay", delay);
        double[] series = new double[Numbers.atLeast(1, "length", length)];
        double y = 1.1 + 0.2 * Generator.of(seed).nextDouble();
        double[] history = new double[delay * SUBSTEPS];
        Arrays.fill(history, y);
        int oldest = 0;
        for (int t = 0; t < TRANSIENT + length; t++) {
            for (int s = 0; s < SUBSTEPS; s++) {
                double late = history[oldest];
                history[oldest] = y;
                oldest = oldest + 1 == history.length ? 0 : oldest + 1;
                y += (0.2 * late / (1 + tenthPower(late)) - 0.1 * y) / SUBSTEPS;
            }
            if (t >= TRANSIENT) {
                series[t - TRANSIENT] = y;
            }
        }
        return series;
    }

    private static double tenthPower(double y) {
        double square = y * y;
        double fourth = square * square;
        return fourth * fourth * square;
    }

    /** Returns tanh(y − 1) of every number. */
    public static double[] squash(double[] series) {
        double[] squashed = new double[series.length];
        Arrays.setAll(squashed, i -> StrictMath.tanh(series[i] - 1));
        return squashed;
    }

    /** Returns artanh(z) + 1, the inverse of the squashing; infinite or NaN for |z| ≥ 1. */
    public static double unsquash(double z) {
        return 0.5 * (StrictMath.log1p(z) - StrictMath.log1p(-z)) + 1;
    }
}
