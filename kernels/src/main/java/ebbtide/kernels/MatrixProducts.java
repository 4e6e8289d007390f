package ebbtide.kernels;

/**
 * Products of whole matrices by a library that keeps to no order of summation: within γ_k·|A||B| of the
 * exact ones, and not the same bits everywhere. {@link Kernels#with} puts one beside a set of kernels.
 * Any number of threads may call it at once.
 */
public interface MatrixProducts {
    /** Returns the library's name, in one word. */
    String name();

    /**
     * C = alpha·op(A)·op(B) + beta·C with op(A) [m, k], op(B) [k, n], C [m, n], all row-major.
     *
     * <p>With {@code transposeA} the array holds Aᵀ, that is [k, m]; likewise {@code transposeB}
     * and [n, k]. A beta of 0 overwrites C, whatever it holds; with an alpha of 0 or a k of 0, A
     * and B are not read. Floats of C between its rows are left alone.
     *
     * @param aStride floats from one row of the array to the next, at least its columns
     * @throws IllegalArgumentException if a matrix does not lie inside its array, or the range of C
     *     overlaps that of A or B
     * @throws IllegalStateException if the library was closed
     */
    void sgemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int aOff,
            int aStride,
            float[] b,
            int bOff,
            int bStride,
            float beta,
            float[] c,
            int cOff,
            int cStride);
}
