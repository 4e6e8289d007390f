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
     * sums[r, c] = Σₖ a(k, r) · packed(k, c): the left factor is packed in groups, by {@link
     * Packing#packGroups} or, as in dW = dzᵀ·x, by {@link Packing#packColumns}. All of {@code depth} is
     * one block, whose sums from zero are stored or added.
     *
     * @param a left factor in groups of {@link Panels#GROUP} outputs, {@code groupStride} floats apart
     * @param rows outputs, a multiple of {@link Panels#HALF_GROUP}
     * @param sums [rows, 16·panels], rows {@code sumsStride} floats apart
     * @param accumulate whether the sums are added to what {@code sums} holds
     */
    void multiplyGroups(
            float[] a,
            int aOff,
            int groupStride,
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
}
