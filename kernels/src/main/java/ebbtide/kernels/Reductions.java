package ebbtide.kernels;

/**
 * Reductions to one number, the same whatever the vector width. Element i of a chunk of {@link
 * #CHUNK} goes to virtual lane i mod 16, in ascending order; the lanes are added as a tree (l and
 * l + 8, then l + 4, l + 2, l + 1); the chunk sums are added in ascending order from zero.
 */
public interface Reductions {
    /** Elements of a chunk. Chunks start where the reduced range starts. */
    int CHUNK = 4096;

    /** Virtual lanes: the sums that run side by side through a chunk. */
    int LANES = 16;

    /** Σ x[i] for i &lt; n. */
    float sum(float[] x, int xOff, int n);

    /** Σ x[i]², each term one fused multiply-add into its lane. */
    float sumOfSquares(float[] x, int xOff, int n);

    /**
     * √Σ x[i]², free of overflow and underflow: where the plain sum of squares is infinite or below
     * 2⁻¹⁰⁰ it is taken again over x divided by the power of two at or below the largest |x|. NaN if
     * any x is NaN.
     */
    float norm(float[] x, int xOff, int n);

    /** max |x[i]|, 0 for n = 0, NaN if any x is NaN. */
    float maxAbs(float[] x, int xOff, int n);
}
