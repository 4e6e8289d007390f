package ebbtide.engine.random;

import java.util.Arrays;

/**
 * A deterministic random generator whose whole state is four longs: xoshiro256++, period 2²⁵⁶ − 1.
 * The same seed gives the same numbers on every machine; a generator {@linkplain #restore restored}
 * from {@link #state} goes on as if it had never stopped.
 *
 * <p>Sources: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM
 * Transactions on Mathematical Software 47(4), 2021 (the generator); G. Steele, D. Lea, C. Flood,
 * "Fast splittable pseudorandom number generators", OOPSLA 2014 (SplitMix64, which spreads the seed
 * over the state, as Blackman and Vigna advise). Not for cryptography.
 *
 * <p>Not safe for use by several threads; give each its own {@link #of(long, long) stream}.
 */
public final class Generator {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long s0;
    private long s1;
    private long s2;
    private long s3;

    private Generator() {}

    /** Returns a generator started from {@code seed}; every seed is allowed. */
    public static Generator of(long seed) {
        Generator generator = new Generator();
        generator.s0 = mix(seed + GOLDEN_GAMMA);
        generator.s1 = mix(seed + 2 * GOLDEN_GAMMA);
        generator.s2 = mix(seed + 3 * GOLDEN_GAMMA);
        generator.s3 = mix(seed + 4 * GOLDEN_GAMMA);
        return generator;
    }

    /**
     * Returns one of many generators of a seed: weights, order of data and sampling can each have a
     * stream of their own, so that drawing more from one does not change another. Stream 0 is not
     * {@link #of(long) of(seed)}.
     */
    public static Generator of(long seed, long stream) {
        return of(mix(seed) + mix(stream + GOLDEN_GAMMA));
    }

    /** Returns a copy of the state, four longs. */
    public long[] state() {
        return new long[] {s0, s1, s2, s3};
    }

    /**
     * Continues from a state that {@link #state} gave.
     *
     * @throws IllegalArgumentException unless the state is four longs that are not all zero
     */
    public void restore(long[] state) {
        if (state.length != 4 || (state[0] | state[1] | state[2] | state[3]) == 0) {
            throw new IllegalArgumentException(
                    "state of the random generator: expected 4 longs, not all zero, got %s"
                            .formatted(
                                    state.length > 4 ? state.length + " longs"
                                            : Arrays.toString(state)));
        }
        s0 = state[0];
        s1 = state[1];
        s2 = state[2];
        s3 = state[3];
    }

    /** Returns 64 random bits. */
    public long nextLong() {
        long result = Long.rotateLeft(s0 + s3, 23) + s0;
        long t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = Long.rotateLeft(s3, 45);
        return result;
    }

    /** Returns a multiple of 2⁻²⁴ in [0, 1), each equally likely; one draw. */
    public float nextFloat() {
        return (nextLong() >>> 40) * 0x1p-24f;
    }

    /** Returns a multiple of 2⁻⁵³ in [0, 1), each equally likely; one draw. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /**
     * Returns a number uniform in [low, high]; one draw. {@code high} itself comes out only where
     * rounding to float gives it.
     *
     * @throws IllegalArgumentException unless low ≤ high, both finite
     */
    public float uniform(float low, float high) {
        if (!(low <= high) || Float.isInfinite(low) || Float.isInfinite(high)) {
            throw new IllegalArgumentException(
                    "expected finite low <= high, got [%s, %s]".formatted(low, high));
        }
        return (float) (low + ((double) high - low) * nextDouble());
    }

    /**
     * Returns an integer in [0, bound), each exactly equally likely; one draw almost always.
     * Source: D. Lemire, "Fast random integer generation in an interval", ACM Transactions on
     * Modeling and Computer Simulation 29(1), 2019.
     *
     * @throws IllegalArgumentException if {@code bound} is less than 1
     */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("expected a bound of at least 1, got " + bound);
        }
        long product = (nextLong() >>> 32) * bound;
        long low = product & 0xffffffffL;
        if (low < bound) {
            long reject = (1L << 32) % bound;
            while (low < reject) {
                product = (nextLong() >>> 32) * bound;
                low = product & 0xffffffffL;
            }
        }
        return (int) (product >>> 32);
    }

    /**
     * Returns a number from the normal distribution of mean 0 and variance 1: √(−2 ln u)·cos 2πv
     * with u in (0, 1], v in [0, 1). Always two draws; the sine, a second normal number, is dropped
     * so that the state stays four longs. Source: G. Box, M. Muller, "A note on the generation of
     * random normal deviates", Annals of Mathematical Statistics 29(2), 1958.
     */
    public double nextGaussian() {
        double u = 1 - nextDouble();
        double v = nextDouble();
        return StrictMath.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * StrictMath.PI * v);
    }

    /** SplitMix64's output function (variant 13 of Stafford's mixers), a bijection of 64 bits. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
