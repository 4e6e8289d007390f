package ebbtide.kernels;

/**
 * Matrix products on packed panels. Each output element is a sum over k ascending, one fused
 * multiply-add per term, in blocks of {@link Panels#BLOCK} terms, each block from zero; the first
 * block sum is stored (or added to what is there, with {@code accumulate}), each further one added.
 *
 * <p>The sums are raw: bias, initial value and activation are the business of a {@link Pointwise}
 * method that runs over them while they are in L1.
 */
public interface Products {
    /**
     * sums[r, c] = Σₖ a[r, k] · packed(k, c), for rows of {@code a} as they stand in memory.
     *
     * @param a left factor [rows, depth], rows {@code aStride} floats apart
     * @param packed {@code panels} panels, {@code panelStride} floats apart
     * @param sums [rows, 16·panels], rows {@code sumsStride} floats apart
     * @param accumulate whether block sums are added to what {@code sums} holds
     */
    void multiply(
            float[] a,
            int aOff,
            int aStride,
            int rows,
            int depth,
            float[] packed,
            int packedOff,
            int panelStride,
            int panels,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean accumulate);

    /**
     * sums[r, c] = Σₖ aPanel(k, r) · packed(k, c): the left factor is one panel, read by columns, as
     * in dW = dzᵀ·x. At most 16 rows and at most one block of terms (or as many as one time step has
     * batch rows): the sum runs from zero over all of {@code depth} and is stored.
     *
     * @param aPanel one panel, of which columns 0 to rows − 1 are used
     */
    void multiplyColumns(
            float[] aPanel,
            int aOff,
            int rows,
            int depth,
            float[] packed,
            int packedOff,
            int panelStride,
            int panels,
            float[] sums,
            int sumsOff,
            int sumsStride);
}
