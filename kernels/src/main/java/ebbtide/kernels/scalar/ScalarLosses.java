package ebbtide.kernels.scalar;

import ebbtide.kernels.Losses;
import ebbtide.kernels.Panels;
import java.util.Arrays;

/** The reference of {@link Losses}. */
public final class ScalarLosses implements Losses {
    @Override
    public void softmaxCrossEntropy(
            float[] z,
            int zOff,
            int zStride,
            int[] target,
            int targetOff,
            float[] weight,
            int weightOff,
            float[] dz,
            int dzOff,
            int dzStride,
            float[] loss,
            int lossOff,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            float w = weight[weightOff + r];
            int d = dzOff + r * dzStride;
            loss[lossOff + r] =
                    w == 0f
                            ? 0f
                            : softmaxRow(
                                    z, zOff + r * zStride, target[targetOff + r], w, dz, d,
                                    columns);
            clear(dz, d, w == 0f ? 0 : columns, columns);
        }
    }

    private static float softmaxRow(
            float[] z, int zOff, int target, float w, float[] dz, int dzOff, int columns) {
        float max = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < columns; c++) {
            max = z[zOff + c] > max ? z[zOff + c] : max;
        }
        float margin = z[zOff + target] - max;
        for (int c = 0; c < columns; c++) {
            dz[dzOff + c] = ScalarMath.exp(z[zOff + c] - max);
        }
        float sum = ScalarReductions.chunkSum(dz, dzOff, columns);
        float hit = dz[dzOff + target] / sum - 1f;
        for (int c = 0; c < columns; c++) {
            dz[dzOff + c] = w * (dz[dzOff + c] / sum);
        }
        dz[dzOff + target] = w * hit;
        return w * (ScalarMath.log(sum) - margin);
    }

    @Override
    public void squaredError(
            float[] y,
            int yOff,
            int yStride,
            float[] target,
            int targetOff,
            int targetStride,
            float[] weight,
            int weightOff,
            float[] dy,
            int dyOff,
            int dyStride,
            float[] loss,
            int lossOff,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            float w = weight[weightOff + r];
            int from = yOff + r * yStride;
            int t = targetOff + r * targetStride;
            int d = dyOff + r * dyStride;
            loss[lossOff + r] =
                    w == 0f ? 0f : squaredRow(y, from, target, t, w, dy, d, columns);
            clear(dy, d, w == 0f ? 0 : columns, columns);
        }
    }

    private static float squaredRow(
            float[] y, int yOff, float[] target, int tOff, float w, float[] dy, int dyOff,
            int columns) {
        for (int c = 0; c < columns; c++) {
            dy[dyOff + c] = y[yOff + c] - target[tOff + c];
        }
        float sum = ScalarReductions.chunkSquares(dy, dyOff, columns, 1f);
        for (int c = 0; c < columns; c++) {
            dy[dyOff + c] = (2f * w) * dy[dyOff + c];
        }
        return w * sum;
    }

    @Override
    public void binaryCrossEntropy(
            float[] z,
            int zOff,
            int zStride,
            float[] target,
            int targetOff,
            int targetStride,
            float[] weight,
            int weightOff,
            float[] dz,
            int dzOff,
            int dzStride,
            float[] loss,
            int lossOff,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            float w = weight[weightOff + r];
            int from = zOff + r * zStride;
            int t = targetOff + r * targetStride;
            int d = dzOff + r * dzStride;
            loss[lossOff + r] = w == 0f ? 0f : binaryRow(z, from, target, t, w, dz, d, columns);
            clear(dz, d, w == 0f ? 0 : columns, columns);
        }
    }

    private static float binaryRow(
            float[] z, int zOff, float[] target, int tOff, float w, float[] dz, int dzOff,
            int columns) {
        for (int c = 0; c < columns; c++) {
            dz[dzOff + c] = binaryTerm(z[zOff + c], target[tOff + c]);
        }
        float sum = ScalarReductions.chunkSum(dz, dzOff, columns);
        for (int c = 0; c < columns; c++) {
            dz[dzOff + c] = w * (ScalarMath.sigmoid(z[zOff + c]) - target[tOff + c]);
        }
        return w * sum;
    }

    /** max(z, 0) − z·t + ln(1 + e^−|z|), the logarithm by the series of 2·artanh(s). */
    public static float binaryTerm(float z, float t) {
        float e = ScalarMath.exp(-Math.abs(z));
        float s = e / (e + 2f);
        float twice = s + s;
        float q = s * s;
        float p = Math.fma(1f / 13, q, 1f / 11);
        p = Math.fma(p, q, 1f / 9);
        p = Math.fma(p, q, 1f / 7);
        p = Math.fma(p, q, 1f / 5);
        p = Math.fma(p, q, 1f / 3);
        float log = Math.fma(twice * q, p, twice);
        return Math.fma(-z, t, z > 0f ? z : 0f) + log;
    }

    private static void clear(float[] dz, int dzOff, int from, int columns) {
        Arrays.fill(dz, dzOff + from, dzOff + Panels.padded(columns), 0f);
    }
}
