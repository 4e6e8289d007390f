package ebbtide.bench.data;

import ebbtide.engine.random.Generator;

/**
 * Random draws that depend on a seed, a purpose and a number alone: the engine's generator, started
 * afresh for each window. A stopped run therefore has no generator to save for its data. Unlike
 * {@link Generator#of(long, long)}, starting allocates nothing. Not safe for use by several threads.
 */
public final class Draws {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final Generator generator;
    private final long[] state = new long[4];

    /** Creates draws of {@code seed}. */
    public Draws(long seed) {
        this.seed = seed;
        this.generator = Generator.of(seed);
    }

    /** Starts the sequence that belongs to {@code purpose} and {@code number}. */
    public void start(int purpose, long number) {
        long key = mix(mix(mix(seed + GOLDEN) + purpose) + number);
        for (int i = 0; i < state.length; i++) {
            key += GOLDEN;
            state[i] = mix(key);
        }
        generator.restore(state);
    }

    /** Returns a whole number from 0 to {@code bound} − 1. */
    public int below(int bound) {
        return generator.nextInt(bound);
    }

    /** Returns a number from the uniform distribution on [−1, 1]. */
    public float symmetric() {
        return generator.uniform(-1f, 1f);
    }

    /**
     * Returns a number from the normal distribution of mean 0 and variance 1, by the polar method (G.
     * Marsaglia, T. Bray, SIAM Review 6(3), 1964). {@link Generator#nextGaussian} takes a cosine, for
     * which the JDK allocates an array.
     */
    public double gaussian() {
        while (true) {
            double u = 2 * generator.nextDouble() - 1;
            double v = 2 * generator.nextDouble() - 1;
            double s = u * u + v * v;
            if (s < 1 && s > 0) {
                return u * StrictMath.sqrt(-2 * StrictMath.log(s) / s);
            }
        }
    }

    /** SplitMix64's output function, a bijection: at most one of the four words can be zero. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
