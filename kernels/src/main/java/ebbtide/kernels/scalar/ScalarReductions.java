package ebbtide.kernels.scalar;

import ebbtide.kernels.Reductions;

/**
 * The reference of {@link Reductions}. The tree over the lanes is a recursion: the elements of residue
 * r modulo m are those of residues r and r + m modulo 2m, down to the sixteen lanes.
 */
public final class ScalarReductions implements Reductions {
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
        float unit = unit(largest);
        return (float) Math.sqrt(sumOfSquares(x, xOff, n, 1f / unit)) * unit;
    }

    @Override
    public float maxAbs(float[] x, int xOff, int n) {
        float max = 0f;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, Math.abs(x[xOff + i]));
        }
        return max;
    }

    /** Returns the power of two at or below x, or the nearest one whose inverse is a normal float. */
    public static float unit(float x) {
        return Math.scalb(1f, Math.clamp(Math.getExponent(x), -126, 126));
    }

    /** Σ x[i] over one chunk, however long. */
    static float chunkSum(float[] x, int xOff, int n) {
        return sum(x, xOff, xOff + n, 1);
    }

    /** Σ x[i]² over one chunk, however long; x is multiplied by {@code scale} first. */
    static float chunkSquares(float[] x, int xOff, int n, float scale) {
        return squares(x, xOff, xOff + n, 1, scale);
    }

    private static float sumOfSquares(float[] x, int xOff, int n, float scale) {
        float sum = 0f;
        for (int i = 0; i < n; i += CHUNK) {
            sum = sum + chunkSquares(x, xOff + i, Math.min(CHUNK, n - i), scale);
        }
        return sum;
    }

    private static float sum(float[] x, int from, int to, int step) {
        if (step < LANES) {
            return sum(x, from, to, 2 * step) + sum(x, from + step, to, 2 * step);
        }
        float lane = 0f;
        for (int i = from; i < to; i += step) {
            lane = lane + x[i];
        }
        return lane;
    }

    private static float squares(float[] x, int from, int to, int step, float scale) {
        if (step < LANES) {
            return squares(x, from, to, 2 * step, scale)
                    + squares(x, from + step, to, 2 * step, scale);
        }
        float lane = 0f;
        for (int i = from; i < to; i += step) {
            lane = Math.fma(scale * x[i], scale * x[i], lane);
        }
        return lane;
    }
}
