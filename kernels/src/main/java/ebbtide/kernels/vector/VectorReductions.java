package ebbtide.kernels.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.MAX;

import ebbtide.kernels.Reductions;
import ebbtide.kernels.scalar.ScalarReductions;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Reductions} on vectors, whatever the width on four of 128 bits: sixteen lanes are all that the
 * contract lets run side by side, and as one, two or four vectors they wait for the latency of the
 * same chain of additions. (Written without a method for the tree or the tail: {@link
 * VectorFunctions} says why no vector may be an argument.)
 */
public final class VectorReductions implements Reductions {
    private static final VectorSpecies<Float> QUARTER = FloatVector.SPECIES_128;
    /** The lane numbers 0, 1, 2, 3. */
    private static final FloatVector IOTA = FloatVector.zero(QUARTER).addIndex(1);

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
        VectorSpecies<Float> species = VectorWidth.SPECIES;
        int done = species.loopBound(n);
        IntVector max = FloatVector.zero(species).viewAsIntegralLanes();
        for (int i = 0; i < done; i += species.length()) {
            FloatVector v = FloatVector.fromArray(species, x, xOff + i);
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
        FloatVector zero = FloatVector.zero(QUARTER);
        FloatVector a = zero;
        FloatVector b = zero;
        FloatVector c = zero;
        FloatVector d = zero;
        int done = n & -LANES;
        for (int i = xOff; i < xOff + done; i += LANES) {
            a = a.add(FloatVector.fromArray(QUARTER, x, i));
            b = b.add(FloatVector.fromArray(QUARTER, x, i + 4));
            c = c.add(FloatVector.fromArray(QUARTER, x, i + 8));
            d = d.add(FloatVector.fromArray(QUARTER, x, i + 12));
        }
        for (int lane = 0; lane < n - done; lane++) {
            // One element in its lane and zero in the others: no lane sum is ever −0, so adding +0
            // changes none.
            float e = x[xOff + done + lane];
            a = a.add(zero.blend(e, IOTA.compare(EQ, lane)));
            b = b.add(zero.blend(e, IOTA.compare(EQ, lane - 4)));
            c = c.add(zero.blend(e, IOTA.compare(EQ, lane - 8)));
            d = d.add(zero.blend(e, IOTA.compare(EQ, lane - 12)));
        }
        FloatVector v = a.add(c).add(b.add(d));
        return (v.lane(0) + v.lane(2)) + (v.lane(1) + v.lane(3));
    }

    /** Σ x[i]² over one chunk, however long; x is multiplied by {@code scale} first. */
    static float chunkSquares(float[] x, int xOff, int n, float scale) {
        FloatVector zero = FloatVector.zero(QUARTER);
        FloatVector a = zero;
        FloatVector b = zero;
        FloatVector c = zero;
        FloatVector d = zero;
        int done = n & -LANES;
        for (int i = xOff; i < xOff + done; i += LANES) {
            FloatVector v = FloatVector.fromArray(QUARTER, x, i).mul(scale);
            a = v.fma(v, a);
            v = FloatVector.fromArray(QUARTER, x, i + 4).mul(scale);
            b = v.fma(v, b);
            v = FloatVector.fromArray(QUARTER, x, i + 8).mul(scale);
            c = v.fma(v, c);
            v = FloatVector.fromArray(QUARTER, x, i + 12).mul(scale);
            d = v.fma(v, d);
        }
        for (int lane = 0; lane < n - done; lane++) {
            // One element in its lane and zero in the others: no lane sum is ever −0, so adding +0
            // changes none.
            float e = x[xOff + done + lane] * scale;
            FloatVector v = zero.blend(e, IOTA.compare(EQ, lane));
            a = v.fma(v, a);
            v = zero.blend(e, IOTA.compare(EQ, lane - 4));
            b = v.fma(v, b);
            v = zero.blend(e, IOTA.compare(EQ, lane - 8));
            c = v.fma(v, c);
            v = zero.blend(e, IOTA.compare(EQ, lane - 12));
            d = v.fma(v, d);
        }
        FloatVector v = a.add(c).add(b.add(d));
        return (v.lane(0) + v.lane(2)) + (v.lane(1) + v.lane(3));
    }

    private static float sumOfSquares(float[] x, int xOff, int n, float scale) {
        float sum = 0f;
        for (int i = 0; i < n; i += CHUNK) {
            sum = sum + chunkSquares(x, xOff + i, Math.min(CHUNK, n - i), scale);
        }
        return sum;
    }
}
