package ebbtide.kernels.scalar;

import ebbtide.kernels.Rows;

/** The reference of {@link Rows}. */
public final class ScalarRows implements Rows {
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
            for (int c = 0; c < columns; c++) {
                out[o + c] = (0f + table[t + c]) + bias[biasOff + c];
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
            for (int c = 0; c < columns; c++) {
                sums[s + c] = sums[s + c] + a[from + c];
            }
        }
    }

    @Override
    public void addRows(
            float[] a, int aOff, int aStride, int rows, int columns, float[] sums, int sumsOff) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                sums[sumsOff + c] = sums[sumsOff + c] + a[aOff + r * aStride + c];
            }
        }
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
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                sums[sumsOff + c] =
                        Math.fma(
                                a[aOff + r * aStride + c],
                                b[bOff + r * bStride + c],
                                sums[sumsOff + c]);
            }
        }
    }
}
