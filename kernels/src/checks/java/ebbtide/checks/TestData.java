package ebbtide.checks;

import java.util.SplittableRandom;

/** Random arrays of one kind, the same for the same seed. */
public final class TestData {
    /** What the floats are like. */
    public enum Kind {
        /** Around 1, of either sign. */
        ORDINARY,
        /** Magnitudes from 2⁻²⁰ to 2²⁰, where every other one nearly takes back the one before. */
        CANCELLING,
        /** Finite, with many zeros of either sign, subnormals and numbers near overflow. */
        EXTREME,
        /** With NaN and infinities too, from a few to half of all. */
        SPECIAL
    }

    private static final float[] EDGES =
            {0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL,
                -Float.MIN_NORMAL, 0x0.fffffep-126f, Float.MAX_VALUE, -Float.MAX_VALUE, 0x1p64f,
                -0x1p-64f, 1f,
                -1f, 0.5f, 88.7f, -88.7f, -103.9f, 17f};
    private static final float[] NOT_FINITE =
            {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};

    /** The seed. */
    public final long seed;
    private final Kind kind;
    private final SplittableRandom random;
    private final double rate;
    private float last;

    /** Begins anew. */
    public TestData(long seed, Kind kind) {
        this.seed = seed;
        this.kind = kind;
        this.random = new SplittableRandom(seed);
        this.rate = Math.pow(2, -1 - random.nextInt(8));
    }

    /** Returns the next float. */
    public float next() {
        return switch (kind) {
            case ORDINARY -> (float) random.nextGaussian();
            case CANCELLING -> cancelling();
            case EXTREME -> extreme();
            case SPECIAL -> random.nextDouble() < rate ? NOT_FINITE[random.nextInt(3)] : extreme();
        };
    }

    private float cancelling() {
        if (random.nextBoolean()) {
            last = -last * (1 + random.nextInt(4) * 0x1p-23f);
        } else {
            last = (float) random.nextGaussian() * Math.scalb(1f, random.nextInt(41) - 20);
        }
        return last;
    }

    private float extreme() {
        return switch (random.nextInt(4)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> anyFinite();
            default -> (float) random.nextGaussian() * 4;
        };
    }

    private float anyFinite() {
        float x = Float.intBitsToFloat(random.nextInt());
        return Float.isFinite(x) ? x : 0f;
    }

    /** Returns the next n floats. */
    public float[] floats(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = next();
        }
        return x;
    }

    /** Returns n numbers from 0 to bound − 1. */
    public int[] indices(int n, int bound) {
        return random.ints(n, 0, bound).toArray();
    }

    /** Returns a number from 0 to bound − 1. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** An array that holds a matrix somewhere in its midst, among other random numbers. */
    public Area area(int rows, int columns) {
        int off = random.nextInt(20);
        int stride = columns + random.nextInt(20);
        return new Area(floats(off + rows * stride + random.nextInt(20)), off, stride, rows,
                columns);
    }

    /** A matrix of one row. */
    public Area row(int n) {
        return area(1, n);
    }
}
