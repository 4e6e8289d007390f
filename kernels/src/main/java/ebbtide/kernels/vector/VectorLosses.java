package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import ebbtide.kernels.Losses;
import ebbtide.kernels.Panels;
import ebbtide.kernels.scalar.ScalarLosses;
import ebbtide.kernels.scalar.ScalarMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * {@link Losses} on vectors. Each pass over a row is a small method of its own, and what is to be
 * summed is first stored where the gradient will be.
 */
public final class VectorLosses implements Losses {
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
        float max = max(z, zOff, columns);
        float margin = z[zOff + target] - max;
        subtract(max, z, zOff, dz, dzOff, Panels.padded(columns));
        VectorFunctions.exp(dz, dzOff, dz, dzOff, Panels.padded(columns));
        clear(dz, dzOff, columns, columns);
        float sum = VectorReductions.chunkSum(dz, dzOff, Panels.padded(columns));
        float hit = dz[dzOff + target] / sum - 1f;
        divide(dz, dzOff, sum, w, Panels.padded(columns));
        dz[dzOff + target] = w * hit;
        return w * (ScalarMath.log(sum) - margin);
    }

    /**
     * Any order gives the reference's bits: NaN is passed over here and returns with the sum, and the
     * sign of a zero maximum changes no difference that is not zero.
     */
    private static float max(float[] z, int zOff, int columns) {
        int done = SPECIES.loopBound(columns);
        FloatVector lanes = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int c = 0; c < done; c += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, z, zOff + c);
            lanes = lanes.blend(v, v.compare(GT, lanes));
        }
        float max = lanes.reduceLanes(MAX);
        for (int c = done; c < columns; c++) {
            max = z[zOff + c] > max ? z[zOff + c] : max;
        }
        return max;
    }

    private static void subtract(float max, float[] z, int zOff, float[] dz, int dzOff,
            int padded) {
        for (int c = 0; c < padded; c += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, z, zOff + c).sub(max).intoArray(dz, dzOff + c);
        }
    }

    private static void divide(float[] dz, int dzOff, float sum, float w, int padded) {
        for (int c = 0; c < padded; c += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, dz, dzOff + c);
            v.div(sum).mul(w).intoArray(dz, dzOff + c);
        }
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
        int done = SPECIES.loopBound(columns);
        for (int c = 0; c < done; c += SPECIES.length()) {
            FloatVector t = FloatVector.fromArray(SPECIES, target, tOff + c);
            FloatVector.fromArray(SPECIES, y, yOff + c).sub(t).intoArray(dy, dyOff + c);
        }
        for (int c = done; c < columns; c++) {
            dy[dyOff + c] = y[yOff + c] - target[tOff + c];
        }
        float sum = VectorReductions.chunkSquares(dy, dyOff, columns, 1f);
        multiply(dy, dyOff, 2f * w, Panels.padded(columns));
        return w * sum;
    }

    private static void multiply(float[] dy, int dyOff, float factor, int padded) {
        for (int c = 0; c < padded; c += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, dy, dyOff + c);
            v.mul(factor).intoArray(dy, dyOff + c);
        }
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
        int done = SPECIES.loopBound(columns);
        minusAbs(z, zOff, dz, dzOff, done);
        VectorFunctions.exp(dz, dzOff, dz, dzOff, done);
        binaryTerms(z, zOff, target, tOff, dz, dzOff, done);
        for (int c = done; c < columns; c++) {
            dz[dzOff + c] = ScalarLosses.binaryTerm(z[zOff + c], target[tOff + c]);
        }
        float sum = VectorReductions.chunkSum(dz, dzOff, columns);
        VectorFunctions.sigmoid(z, zOff, dz, dzOff, done);
        subtractAndScale(target, tOff, w, dz, dzOff, done);
        for (int c = done; c < columns; c++) {
            dz[dzOff + c] = w * (ScalarMath.sigmoid(z[zOff + c]) - target[tOff + c]);
        }
        return w * sum;
    }

    private static void minusAbs(float[] z, int zOff, float[] dz, int dzOff, int done) {
        for (int c = 0; c < done; c += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, z, zOff + c).abs().neg().intoArray(dz, dzOff + c);
        }
    }

    /** Finds e^−|z| in dz and leaves the terms of the loss there. */
    private static void binaryTerms(
            float[] z, int zOff, float[] target, int tOff, float[] dz, int dzOff, int done) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int c = 0; c < done; c += SPECIES.length()) {
            FloatVector e = FloatVector.fromArray(SPECIES, dz, dzOff + c);
            FloatVector s = e.div(e.add(2f));
            FloatVector twice = s.add(s);
            FloatVector q = s.mul(s);
            FloatVector p = FloatVector.broadcast(SPECIES, 1f / 13);
            p = p.fma(q, FloatVector.broadcast(SPECIES, 1f / 11));
            p = p.fma(q, FloatVector.broadcast(SPECIES, 1f / 9));
            p = p.fma(q, FloatVector.broadcast(SPECIES, 1f / 7));
            p = p.fma(q, FloatVector.broadcast(SPECIES, 1f / 5));
            p = p.fma(q, FloatVector.broadcast(SPECIES, 1f / 3));
            FloatVector log = twice.mul(q).fma(p, twice);
            FloatVector v = FloatVector.fromArray(SPECIES, z, zOff + c);
            FloatVector t = FloatVector.fromArray(SPECIES, target, tOff + c);
            FloatVector positive = zero.blend(v, v.compare(GT, 0f));
            v.neg().fma(t, positive).add(log).intoArray(dz, dzOff + c);
        }
    }

    private static void subtractAndScale(
            float[] target, int tOff, float w, float[] dz, int dzOff, int done) {
        for (int c = 0; c < done; c += SPECIES.length()) {
            FloatVector t = FloatVector.fromArray(SPECIES, target, tOff + c);
            FloatVector v = FloatVector.fromArray(SPECIES, dz, dzOff + c);
            v.sub(t).mul(w).intoArray(dz, dzOff + c);
        }
    }

    private static void clear(float[] dz, int dzOff, int from, int columns) {
        Arrays.fill(dz, dzOff + from, dzOff + Panels.padded(columns), 0f);
    }
}
