package ebbtide.engine.init;

import ebbtide.engine.random.Generator;
import java.util.Arrays;

/**
 * Each unit (row) receives from k units drawn without replacement, with weights scale·N(0, 1); all
 * other weights are zero. Units then start out different from each other and unsaturated whatever
 * their number. Where a row has fewer than k columns, all are connected. Sources: J. Martens, "Deep
 * learning via Hessian-free optimization", ICML 2010, section 5 ("sparse initialization"); J.
 * Martens, I. Sutskever, "Learning recurrent neural networks with Hessian-free optimization", ICML
 * 2011 (k = 15).
 *
 * @param connections k, at least 1
 * @param scale standard deviation of the weights, above 0
 */
public record Sparse(int connections, double scale) implements Initializer {
    /**
     * Creates the initialiser.
     *
     * @throws IllegalArgumentException unless the numbers are in range
     */
    public Sparse {
        if (connections < 1) {
            throw new IllegalArgumentException(
                    "sparse: expected at least 1 connection, got %d".formatted(connections));
        }
        Initializers.requirePositive("sparse: scale", scale);
    }

    @Override
    public void fill(float[] w, int rows, int columns, Generator random) {
        Initializers.requireLength(w, rows, columns);
        Arrays.fill(w, 0f);
        int[] sources = new int[columns];
        Arrays.setAll(sources, c -> c);
        int k = Math.min(connections, columns);
        for (int r = 0; r < rows; r++) {
            // The start of a Fisher-Yates shuffle; any order of the sources is as good a start.
            for (int i = 0; i < k; i++) {
                int j = i + random.nextInt(columns - i);
                int source = sources[j];
                sources[j] = sources[i];
                sources[i] = source;
                w[r * columns + source] = (float) (scale * random.nextGaussian());
            }
        }
    }
}
