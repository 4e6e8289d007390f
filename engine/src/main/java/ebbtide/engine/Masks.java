package ebbtide.engine;

/**
 * Random masks that depend on seed, place, step, sequence and unit alone, so that neither threads nor
 * the order of rows change them: bit i of a row is drawn by SplitMix64 (G. Steele et al., OOPSLA 2014)
 * from its own counter. Drawn anew in the backward pass rather than kept.
 */
final class Masks {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long place;
    private final int threshold;
    private long seed;
    private boolean drawn;

    /**
     * @param place tells masks of one plan apart
     * @param rate the probability that a unit is chosen
     */
    Masks(int place, float rate) {
        this.place = mix(place + 1L);
        this.threshold = Math.round(rate * (1 << 24));
    }

    void draw(long seed) {
        this.seed = mix(seed ^ place);
        drawn = true;
    }

    void clear() {
        drawn = false;
    }

    boolean drawn() {
        return drawn;
    }

    /** Where the counters of a row begin. */
    long row(int step, int sequence) {
        return mix(mix(seed + step) + sequence);
    }

    /** Whether a unit is chosen. */
    boolean chosen(long row, int unit) {
        return (mix(row + unit * GOLDEN) >>> 40) < threshold;
    }

    /** Multiplies units by 0 where they are chosen and by {@code scale} elsewhere. */
    void drop(float[] data, int offset, int units, long row, float scale) {
        for (int i = 0; i < units; i++) {
            data[offset + i] *= chosen(row, i) ? 0f : scale;
        }
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
