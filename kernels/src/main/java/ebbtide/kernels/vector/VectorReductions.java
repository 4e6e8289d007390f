package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.MAX;

import ebbtide.kernels.Reductions;
import ebbtide.kernels.scalar.ScalarReductions;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * {@link Reductions} on vectors: the sixteen lanes of the contract are four, two or one of them. (Written
 * without a method for the tree or the tail: {@link VectorFunctions} says why no vector may be an
 * argument.)
 */
public final class VectorReductions implements Reductions {
    private static final int LENGTH = SPECIES.length();
    private static final int VECTORS = LANES / LENGTH;
    /** The lane numbers 0, 1, … of one vector. */
    private static final FloatVector IOTA = FloatVector.zero(SPECIES).addIndex(1);

    /** Lanes turned by eight and by four, so that a lane meets those of the tree. */
    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(SPECIES, 8, 1, true);

    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(SPECIES, 4, 1, true);

    @Override
    public float sum(float[] x, int xOff, int n) {
        float sum = 0f;
        for (int i = 0; i < n; i += CHUNK) {
            sum = sum + chunkSum(x, xOff + i, Math.min(CHUNK, n - i));
        }
        return sum;
    }

    @Override
    public float sumOfSquares(float[] x, int xOff, int n) {
        return sumOfSquares(x, xOff, n, 1f);
    }

    @Override
    public float norm(float[] x, int xOff, int n) {
        float squares = sumOfSquares(x, xOff, n);
        if (squares >= 0x1p-100f && squares < Float.POSITIVE_INFINITY) {
            return (float) Math.sqrt(squares);
        }
        float largest = maxAbs(x, xOff, n);
        if (largest == 0f || !(largest < Float.POSITIVE_INFINITY)) {
            return largest;
        }
        float unit = ScalarReductions.unit(largest);
        return (float) Math.sqrt(sumOfSquares(x, xOff, n, 1f / unit)) * unit;
    }

    /** Compares bit patterns: without the sign they are ordered as the floats are, with NaN on top. */
    @Override
    public float maxAbs(float[] x, int xOff, int n) {
        int done = SPECIES.loopBound(n);
        IntVector max = FloatVector.zero(SPECIES).viewAsIntegralLanes();
        for (int i = 0; i < done; i += LENGTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOff + i);
            max = max.max(v.viewAsIntegralLanes().and(Integer.MAX_VALUE));
        }
        int bits = max.reduceLanes(MAX);
        for (int i = done; i < n; i++) {
            bits = Math.max(bits, Float.floatToRawIntBits(x[xOff + i]) & Integer.MAX_VALUE);
        }
        return Float.intBitsToFloat(bits);
    }

    /** Σ x[i] over one chunk, however long. */
    static float chunkSum(float[] x, int xOff, int n) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = zero;
        FloatVector b = zero;
        FloatVector c = zero;
        FloatVector d = zero;
        int done = n & -LANES;
        for (int i = xOff; i < xOff + done; i += LANES) {
            a = a.add(FloatVector.fromArray(SPECIES, x, i));
            if (VECTORS > 1) {
                b = b.add(FloatVector.fromArray(SPECIES, x, i + LENGTH));
            }
            if (VECTORS > 2) {
                c = c.add(FloatVector.fromArray(SPECIES, x, i + 2 * LENGTH));
                d = d.add(FloatVector.fromArray(SPECIES, x, i + 3 * LENGTH));
            }
        }
        for (int lane = 0; lane < n - done; lane++) {
            // One element in its lane and zero in the others: no lane sum is ever −0, so adding +0
            // changes none.
            float e = x[xOff + done + lane];
            a = a.add(zero.blend(e, IOTA.compare(EQ, lane)));
            if (VECTORS > 1) {
                b = b.add(zero.blend(e, IOTA.compare(EQ, lane - LENGTH)));
            }
            if (VECTORS > 2) {
                c = c.add(zero.blend(e, IOTA.compare(EQ, lane - 2 * LENGTH)));
                d = d.add(zero.blend(e, IOTA.compare(EQ, lane - 3 * LENGTH)));
            }
        }
        FloatVector sum = a.add(c).add(b.add(d));
        sum = LENGTH > 8 ? sum.add(sum.rearrange(BY_8)) : sum;
        sum = LENGTH > 4 ? sum.add(sum.rearrange(BY_4)) : sum;
        return (sum.lane(0) + sum.lane(2)) + (sum.lane(1) + sum.lane(3));
    }

    /** Σ x[i]² over one chunk, however long; x is multiplied by {@code scale} first. */
    static float chunkSquares(float[] x, int xOff, int n, float scale) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = zero;
        FloatVector b = zero;
        FloatVector c = zero;
        FloatVector d = zero;
        int done = n & -LANES;
        for (int i = xOff; i < xOff + done; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i).mul(scale);
            a = v.fma(v, a);
            if (VECTORS > 1) {
                v = FloatVector.fromArray(SPECIES, x, i + LENGTH).mul(scale);
                b = v.fma(v, b);
            }
            if (VECTORS > 2) {
                v = FloatVector.fromArray(SPECIES, x, i + 2 * LENGTH).mul(scale);
                c = v.fma(v, c);
                v = FloatVector.fromArray(SPECIES, x, i + 3 * LENGTH).mul(scale);
                d = v.fma(v, d);
            }
        }
        for (int lane = 0; lane < n - done; lane++) {
            // One element in its lane and zero in the others: no lane sum is ever −0, so adding +0
            // changes none.
            float e = x[xOff + done + lane] * scale;
            FloatVector v = zero.blend(e, IOTA.compare(EQ, lane));
            a = v.fma(v, a);
            if (VECTORS > 1) {
                v = zero.blend(e, IOTA.compare(EQ, lane - LENGTH));
                b = v.fma(v, b);
            }
            if (VECTORS > 2) {
                v = zero.blend(e, IOTA.compare(EQ, lane - 2 * LENGTH));
                c = v.fma(v, c);
                v = zero.blend(e, IOTA.compare(EQ, lane - 3 * LENGTH));
                d = v.fma(v, d);
            }
        }
        FloatVector sum = a.add(c).add(b.add(d));
        sum = LENGTH > 8 ? sum.add(sum.rearrange(BY_8)) : sum;
        sum = LENGTH > 4 ? sum.add(sum.rearrange(BY_4)) : sum;
        return (sum.lane(0) + sum.lane(2)) + (sum.lane(1) + sum.lane(3));
    }

    private static float sumOfSquares(float[] x, int xOff, int n, float scale) {
        float sum = 0f;
        for (int i = 0; i < n; i += CHUNK) {
            sum = sum + chunkSquares(x, xOff + i, Math.min(CHUNK, n - i), scale);
        }
        return sum;
    }
}
