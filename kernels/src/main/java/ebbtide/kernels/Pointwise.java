package ebbtide.kernels;

/**
 * Elementwise operations: activations over plain arrays, and the second halves of the fused steps,
 * which run over a tile of product sums while it is in L1. The methods over rows take {@code columns}
 * as a multiple of {@link Panels#WIDTH} and rows that are padded accordingly.
 *
 * <p>What steps hand to one another, states and adjoints, is flushed: flush(v) is +0 where |v| &lt; {@link
 * #VANISHED}, and else v, NaN included. Both shrink by a factor at every step where they vanish, and would be
 * subnormal soon; an operation with a subnormal operand or result takes some 150 cycles on Intel's cores.
 * So much is left between 2⁻¹⁰⁰ and the last normal number that products with factors down to 2⁻²⁶ are normal.
 */
public interface Pointwise {
    /** What is smaller in magnitude counts as zero where values are flushed: 2⁻¹⁰⁰ = 7.9e-31. */
    float VANISHED = 0x1p-100f;

    /** Returns the same operations with flush(v) = v. */
    Pointwise gradual();

    /** y[i] = φ(x[i]) for i &lt; n; x and y may be the same array at the same offset. */
    void apply(Activation f, float[] x, int xOff, float[] y, int yOff, int n);

    /** y[i] = eˣ for x = x[i], i &lt; n; in place allowed. */
    void exp(float[] x, int xOff, float[] y, int yOff, int n);

    /** y[i] = ln x[i] for i &lt; n; in place allowed. */
    void log(float[] x, int xOff, float[] y, int yOff, int n);

    /** out[r, c] = sums[r, c] + bias[c]: what completes the merged input projection. */
    void addBias(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] bias,
            int biasOff,
            float[] out,
            int outOff,
            int outStride,
            int rows,
            int columns);

    /**
     * h[r, c] = flush(φ(h[r, c] + sums[r, c])): h holds the projection W·x + b before and the hidden state
     * after; sums is U·h of the step before.
     */
    void activate(
            Activation f,
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] h,
            int hOff,
            int hStride,
            int rows,
            int columns);

    /**
     * dz[r, c] = a · φ′(h[r, c]) with a = flush(clip(dz[r, c] + sums[r, c])): dz holds ∂L/∂h from above before
     * and ∂L/∂z after; sums is what comes back from the step after, dzᵗ⁺¹·U. clip limits the adjoint
     * to [−limit, limit] and lets NaN pass; +∞ leaves it alone.
     *
     * <p>Sequence: sigmoid a · fma(−y, y, y), tanh a · fma(−y, y, 1), relu +0 where y ≤ 0 (even where
     * a is infinite) and else a, identity a.
     */
    void differentiate(
            Activation f,
            float limit,
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] h,
            int hOff,
            int hStride,
            float[] dz,
            int dzOff,
            int dzStride,
            int rows,
            int columns);

    /** out[r, c] += sums[r, c]: what completes a block of a weight gradient. */
    void accumulate(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] out,
            int outOff,
            int outStride,
            int rows,
            int columns);
}
