package ebbtide.kernels;

/** Copies of matrices in the order in which {@link Products} reads them; see {@link Panels}. */
public interface Packing {
    /**
     * Packs the transpose of rows: packed(k, c) = w[c, k] for c &lt; columns, k &lt; depth; a weight
     * matrix [outputs, inputs] becomes the right factor of y = x·Wᵀ.
     *
     * @param w rows of at least {@code depth} floats, {@code wStride} apart
     * @param packed receives {@link Panels#size}(depth, columns) floats; columns past the end are zero
     */
    void packTransposed(
            float[] w, int wOff, int wStride, int columns, int depth, float[] packed,
            int packedOff);

    /**
     * Packs rows as terms: packed(k0 + r, c) = a[r, c] for r &lt; rows, c &lt; columns. Called once
     * it packs a whole weight matrix as the right factor of dx = dz·W; called repeatedly with a
     * growing {@code k0} it collects the rows of several time steps into one product.
     *
     * @param panelStride floats from one panel to the next, at least (k0 + rows)·16
     */
    void packRows(
            float[] a,
            int aOff,
            int aStride,
            int rows,
            int columns,
            float[] packed,
            int packedOff,
            int panelStride,
            int k0);

    /**
     * Packs rows as terms of a left factor, in groups of {@link Panels#GROUP} columns: element
     * (k0 + r, c) at packedOff + (c / 8)·groupStride + (k0 + r)·8 + c mod 8. Columns from {@code
     * columns} to the end of the last group are zero.
     *
     * @param groupStride floats from one group to the next, at least (k0 + rows)·8
     */
    void packColumns(
            float[] a,
            int aOff,
            int aStride,
            int rows,
            int columns,
            float[] packed,
            int packedOff,
            int groupStride,
            int k0);

    /**
     * Packs rows as outputs of a left factor, in groups of {@link Panels#GROUP} rows: element (r, k) at
     * packedOff + (r / 8)·groupStride + k·8 + r mod 8. It is {@link #packColumns} of the transpose. The
     * last row fills the last group.
     *
     * @param groupStride floats from one group to the next, at least depth·8
     */
    void packGroups(
            float[] a,
            int aOff,
            int aStride,
            int rows,
            int depth,
            float[] packed,
            int packedOff,
            int groupStride);
}
