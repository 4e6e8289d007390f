package ebbtide.kernels;

/** Integer inputs: rows of a table instead of a product with one-hot vectors, and column sums. */
public interface Rows {
    /**
     * out[r, c] = (0 + table[index[r], c]) + bias[c] for c &lt; columns (a multiple of 16): what W·x + b
     * is for a one-hot x, bit for bit where W is finite. (The 0 is the sum that a product starts from:
     * it makes +0 of −0.)
     */
    void gather(
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
            int columns);

    /**
     * sums[index[r], c] += a[r, c] for r ascending, c &lt; columns (a multiple of 16): the block sum
     * of a gathered weight gradient, in the order in which a dense product would add its terms.
     */
    void scatterAdd(
            float[] a,
            int aOff,
            int aStride,
            int[] index,
            int indexOff,
            float[] sums,
            int sumsOff,
            int sumsStride,
            int rows,
            int columns);

    /**
     * sums[c] += Σᵣ a[r, c] for r ascending, one addition a row, c &lt; columns (a multiple of 16): the
     * block sum of a bias gradient.
     */
    void addRows(
            float[] a, int aOff, int aStride, int rows, int columns, float[] sums, int sumsOff);

    /**
     * sums[c] ← fma(a[r, c], b[r, c], sums[c]) for r ascending, c &lt; columns (a multiple of 16): the
     * block sum of the gradient of a parameter that multiplies one unit, as a peephole does.
     */
    void addProducts(
            float[] a,
            int aOff,
            int aStride,
            float[] b,
            int bOff,
            int bStride,
            int rows,
            int columns,
            float[] sums,
            int sumsOff);
}
