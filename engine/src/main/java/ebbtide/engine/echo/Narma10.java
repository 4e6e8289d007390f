package ebbtide.engine.echo;

import ebbtide.engine.random.Generator;

/**
 * The nonlinear autoregressive moving average of order 10, with u uniform in [0, 0.5):
 *
 * <pre>
 *   y(n+1) = 0.3·y(n) + 0.05·y(n)·Σ y(n−i), i = 0..9 + 1.5·u(n−9)·u(n) + 0.1
 * </pre>
 *
 * Source: A. Atiya, A. Parlos, "New results on recurrent network training: unifying the algorithms
 * and accelerating convergence", IEEE Transactions on Neural Networks 11(3), 2000, equation 86.
 *
 * @param inputs u(n), n from 0
 * @param targets y(n+1), the first number that depends on u(n)
 */
public record Narma10(double[] inputs, double[] targets) {
    private static final int ORDER = 10;
    /** The attractor stays below 1; beyond, the quadratic term takes over for good. */
    private static final double DIVERGED = 2;

    /**
     * Draws a series that starts from zeros. A rare sequence of inputs diverges; the next stream of
     * the seed is then taken.
     *
     * @throws IllegalArgumentException if the length is below 1
     */
    public static Narma10 series(int length, long seed) {
        Numbers.atLeast(1, "length", length);
        for (long stream = 0;; stream++) {
            Narma10 drawn = draw(length, Generator.of(seed, stream));
            if (drawn != null) {
                return drawn;
            }
        }
    }

    private static Narma10 draw(int length, Generator random) {
        double[] u = new double[length];
        double[] next = new double[length];
        for (int n = 0; n < length; n++) {
            u[n] = 0.5 * random.nextDouble();
            double late = n < ORDER - 1 ? 0 : u[n - ORDER + 1];
            double y = n == 0 ? 0 : next[n - 1];
            double sum = 0;
            for (int i = 1; i <= Math.min(ORDER, n); i++) {
                sum += next[n - i];
            }
            next[n] = 0.3 * y + 0.05 * y * sum + 1.5 * late * u[n] + 0.1;
            if (!(next[n] < DIVERGED)) {
                return null;
            }
        }
        return new Narma10(u, next);
    }
}
