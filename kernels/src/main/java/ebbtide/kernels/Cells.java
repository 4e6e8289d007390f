package ebbtide.kernels;

/**
 * The pointwise parts of gated and leaky cells, for one block of 16 units and a tile of rows whose
 * product sums are in L1. Rows of gates keep one segment of padded units per gate, {@code segment}
 * floats apart, in PyTorch's order; the offsets given are those of the block's first unit in row 0.
 *
 * <p>Every product and sum below is rounded by itself, in the order written, and every fma once.
 * flush is that of {@link Pointwise}. clip limits to [−limit, limit] and lets NaN pass; 1 − y² is fma(−y, y, 1) and y·(1 − y) is fma(−y,
 * y, y), as in {@link Pointwise#differentiate}. Subscript t − 1 is the step before. Forward, the new
 * state may take the place of the old one; apart from that, what is written overlaps nothing.
 *
 * <p>{@code work} is scratch of at least {@link #WORK}·rows floats that belongs to the caller; its
 * contents before and after mean nothing.
 */
public interface Cells {
    /** Floats of scratch a row. */
    int WORK = 5 * Panels.WIDTH;

    /** Returns the same operations with flush(v) = v. */
    Cells gradual();

    /**
     * LSTM (S. Hochreiter, J. Schmidhuber, Neural Computation 9(8), 1997, with the forget gate of F.
     * Gers et al., 2000), PyTorch's form: i, f, o = flush(sigmoid), g = tanh of gates +
     * sums; c_t = flush(fma(f,
     * c_{t−1}, i·g)); h_t = flush(o·tanh c_t).
     *
     * @param sums U·h_{t−1}, row r: i, f, g, o of the 16 units, side by side
     * @param gates W·x + b before, i, f, g, o after
     * @param c cell states; that of the step before at {@code cOff}, the new one to {@code cNext}
     */
    void lstmForward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] c,
            int cOff,
            int cNext,
            int cStride,
            float[] h,
            int hOff,
            int hStride,
            int rows,
            float[] work);

    /**
     * Backward of {@link #lstmForward}: with d = flush(clip(dh + sums)), τ = tanh c_t and e =
     * flush(fma(d·o, 1 − τ², dc)), gates become di = (e·g)·(i·(1 − i)), df = (e·c_{t−1})·(f·(1 − f)), dg = (e·i)·(1 − g²),
     * do = (d·τ)·(o·(1 − o)); dc ← e·f, which belongs to the step before.
     *
     * @param sums what comes back from the step after, 16 units a row
     * @param dh gradient from above; not changed
     * @param dc carried over time, in place
     * @param limit of the adjoint, +∞ for none
     */
    void lstmBackward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float limit,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] c,
            int cOff,
            int cNext,
            int cStride,
            float[] dh,
            int dhOff,
            int dhStride,
            float[] dc,
            int dcOff,
            int dcStride,
            int rows,
            float[] work);

    /**
     * GRU with the reset gate after the product, as in PyTorch and cuDNN: r, z = flush(sigmoid) of
     * gates + sums; q = sums_n + bias; n = tanh(fma(r, q, gates_n)); h_t = flush(fma(z, h_{t−1} − n, n)).
     *
     * @param sums U·h_{t−1}, row r: r, z, n of the 16 units, side by side
     * @param gates segments r, z, n hold W·x + b before (n without the hidden bias) and r, z, n
     *     after; a fourth segment receives q
     * @param bias hidden bias of n, 16 units from {@code biasOff}
     * @param h states; that of the step before at {@code hOff}, the new one to {@code hNext}
     */
    void gruForward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] bias,
            int biasOff,
            float[] h,
            int hOff,
            int hNext,
            int hStride,
            int rows,
            float[] work);

    /**
     * Backward of {@link #gruForward}: with d = flush(clip(dh + sums)): dn = (d·(1 − z))·(1 − n²), dz =
     * (d·(h_{t−1} − n))·(z·(1 − z)), dr = (dn·q)·(r·(1 − r)); gates become dr, dz, dn, and dn·r in the
     * fourth segment; dhBefore ← dhBefore + d·z, which belongs to the step before (a
     * product rounded by itself, so that a sequence cut in two gives the same bits).
     *
     * @param h states; that of the step before at {@code hOff}
     * @param dh gradient from above; not changed
     * @param dhBefore where the gradient of h_{t−1} is collected, in the array {@code dh}
     */
    void gruBackward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float limit,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] h,
            int hOff,
            int hStride,
            float[] dh,
            int dhOff,
            int dhBefore,
            int dhStride,
            int rows);

    /**
     * Leaky cell (H. Jaeger et al., Neural Networks 20(3), 2007): a = φ(a + sums); h_t = flush(fma(α, a −
     * h_{t−1}, h_{t−1})), which for α = 0 is h_{t−1} and for α = 1 is a up to the rounding of a −
     * h_{t−1}.
     *
     * @param a W·x + b before, φ(z) after
     * @param alpha one rate a unit, from {@code alphaOff}
     * @param columns any multiple of 16
     */
    void leakyForward(
            Activation f,
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] a,
            int aOff,
            int aStride,
            float[] alpha,
            int alphaOff,
            float[] h,
            int hOff,
            int hNext,
            int hStride,
            int rows,
            int columns);

    /**
     * Backward of {@link #leakyForward}: with d = flush(clip(dh + sums)): dα ← fma(d, a − h_{t−1}, dα) row
     * by row; a becomes dz = (d·α)·φ′(a), in the words of {@link Pointwise#differentiate}; dhBefore ←
     * dhBefore + fma(−α, d, d).
     *
     * @param dAlpha one sum a row and unit, rows {@code dAlphaStride} apart, or null
     * @param dh gradient from above; not changed
     * @param dhBefore where the gradient of h_{t−1} is collected, in the array {@code dh}
     */
    void leakyBackward(
            Activation f,
            float limit,
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] a,
            int aOff,
            int aStride,
            float[] alpha,
            int alphaOff,
            float[] dAlpha,
            int dAlphaOff,
            int dAlphaStride,
            float[] h,
            int hOff,
            int hStride,
            float[] dh,
            int dhOff,
            int dhBefore,
            int dhStride,
            int rows,
            int columns);
}
