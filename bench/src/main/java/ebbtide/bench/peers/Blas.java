package ebbtide.bench.peers;

/** A library with the product of dense matrices on heap arrays, row-major. */
interface Blas {
    /** Returns the name that rows and ratios carry. */
    String name();

    /** Returns how long threads of its own may go on spinning after a call. */
    long spinNanos();

    /** Sets the threads of the calls from now on. */
    void threads(int count);

    /**
     * C = op(A)·op(B) + beta·C with op(A) [m, k], op(B) [k, n], C [m, n], rows {@code aStride}, {@code
     * bStride} and {@code cStride} floats apart.
     */
    void sgemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
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
