package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Rows;
import jdk.incubator.vector.FloatVector;

/** {@link Rows} on vectors. */
public final class VectorRows implements Rows {
    private static final int LANES = SPECIES.length();

    @Override
    public void gather(
            float[] table,
            int tableOff,
            int tableStride,
            int[] index,
            int indexOff,
            float[] bias,
            int biasOff,
            float[] out,
            int outOff,
            int outStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int t = tableOff + index[indexOff + r] * tableStride;
            int o = outOff + r * outStride;
            for (int c = 0; c < columns; c += SPECIES.length()) {
                FloatVector b = FloatVector.fromArray(SPECIES, bias, biasOff + c);
                FloatVector.fromArray(SPECIES, table, t + c).add(0f).add(b).intoArray(out, o + c);
            }
        }
    }

    @Override
    public void scatterAdd(
            float[] a,
            int aOff,
            int aStride,
            int[] index,
            int indexOff,
            float[] sums,
            int sumsOff,
            int sumsStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int from = aOff + r * aStride;
            int s = sumsOff + index[indexOff + r] * sumsStride;
            for (int c = 0; c < columns; c += SPECIES.length()) {
                FloatVector v = FloatVector.fromArray(SPECIES, a, from + c);
                FloatVector.fromArray(SPECIES, sums, s + c).add(v).intoArray(sums, s + c);
            }
        }
    }

    @Override
    public void addRows(
            float[] a, int aOff, int aStride, int rows, int columns, float[] sums, int sumsOff) {
        int c = 0;
        for (; c <= columns - 4 * LANES; c += 4 * LANES) {
            addFour(a, aOff + c, aStride, rows, sums, sumsOff + c);
        }
        for (; c < columns; c += LANES) {
            FloatVector sum = FloatVector.fromArray(SPECIES, sums, sumsOff + c);
            for (int r = 0; r < rows; r++) {
                sum = sum.add(FloatVector.fromArray(SPECIES, a, aOff + r * aStride + c));
            }
            sum.intoArray(sums, sumsOff + c);
        }
    }

    /** Four vectors at once: one alone waits for the latency of each sum. */
    private static void addFour(
            float[] a, int aOff, int aStride, int rows, float[] sums, int sumsOff) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, sums, sumsOff);
        FloatVector s1 = FloatVector.fromArray(SPECIES, sums, sumsOff + LANES);
        FloatVector s2 = FloatVector.fromArray(SPECIES, sums, sumsOff + 2 * LANES);
        FloatVector s3 = FloatVector.fromArray(SPECIES, sums, sumsOff + 3 * LANES);
        for (int r = 0; r < rows; r++) {
            int from = aOff + r * aStride;
            s0 = s0.add(FloatVector.fromArray(SPECIES, a, from));
            s1 = s1.add(FloatVector.fromArray(SPECIES, a, from + LANES));
            s2 = s2.add(FloatVector.fromArray(SPECIES, a, from + 2 * LANES));
            s3 = s3.add(FloatVector.fromArray(SPECIES, a, from + 3 * LANES));
        }
        s0.intoArray(sums, sumsOff);
        s1.intoArray(sums, sumsOff + LANES);
        s2.intoArray(sums, sumsOff + 2 * LANES);
        s3.intoArray(sums, sumsOff + 3 * LANES);
    }

    @Override
    public void addProducts(
            float[] a,
            int aOff,
            int aStride,
            float[] b,
            int bOff,
            int bStride,
            int rows,
            int columns,
            float[] sums,
            int sumsOff) {
        for (int c = 0; c < columns; c += SPECIES.length()) {
            FloatVector sum = FloatVector.fromArray(SPECIES, sums, sumsOff + c);
            for (int r = 0; r < rows; r++) {
                FloatVector v = FloatVector.fromArray(SPECIES, b, bOff + r * bStride + c);
                sum = FloatVector.fromArray(SPECIES, a, aOff + r * aStride + c).fma(v, sum);
            }
            sum.intoArray(sums, sumsOff + c);
        }
    }
}
