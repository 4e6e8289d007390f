package ebbtide.kernels;

/**
 * The pointwise parts of less common gated cells, in the layout and under the rules of {@link Cells}:
 * every product and sum is rounded by itself, in the order written, and every fma once. σ is
 * flush(sigmoid).
 */
public interface GatedVariants {
    /** Floats of scratch a row. */
    int WORK = 5 * Panels.WIDTH;

    /** Returns the same operations with flush(v) = v. */
    GatedVariants gradual();

    /**
     * LSTM whose gates look at the cell state (F. Gers, J. Schmidhuber, IJCNN 2000): i = σ(fma(p_i,
     * c_{t−1}, z_i)), f = σ(fma(p_f, c_{t−1}, z_f)), g = tanh z_g, c_t = flush(fma(f, c_{t−1}, i·g)), o =
     * σ(fma(p_o, c_t, z_o)), h_t = flush(o·tanh c_t) with z = gates + sums. Otherwise as {@link
     * Cells#lstmForward}.
     *
     * @param peepholes p_i, p_f and p_o, {@code segment} floats apart
     */
    void peepholeForward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] peepholes,
            int peepholesOff,
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
     * Backward of {@link #peepholeForward}: with d = flush(clip(dh + sums)) and τ = tanh c_t, do = (d·τ)·(o·(1
     * − o)), e = flush(fma(do, p_o, fma(d·o, 1 − τ², dc))), di, df and dg as in {@link Cells#lstmBackward},
     * dc ← fma(di, p_i, fma(df, p_f, e·f)).
     */
    void peepholeBackward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float limit,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] peepholes,
            int peepholesOff,
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
     * First half of a GRU whose reset gate comes before the product (K. Cho et al., EMNLP 2014): r, z =
     * σ(gates + sums), and r·h_{t−1}, which U_n will multiply.
     *
     * @param sums U·h_{t−1}, row k: r, z of the 16 units, side by side
     * @param gates segments r, z hold W·x + b before and r, z after; a fourth segment receives r·h
     */
    void resetForward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] h,
            int hOff,
            int hStride,
            int rows,
            float[] work);

    /**
     * Second half: n = tanh(gates + sums), h_t = flush(fma(z, h_{t−1} − n, n)).
     *
     * @param sums U_n·(r·h_{t−1}) of 16 units a row
     * @param gates segment n holds W·x + b before and n after
     * @param h states; that of the step before at {@code hOff}, the new one to {@code hNext}
     */
    void candidateForward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] h,
            int hOff,
            int hNext,
            int hStride,
            int rows,
            float[] work);

    /**
     * Backward of {@link #candidateForward}: with d = flush(clip(dh + sums)), dn = (d·(1 − z))·(1 − n²), dz =
     * (d·(h_{t−1} − n))·(z·(1 − z)); a fifth segment keeps d·z for {@link #resetBackward}.
     */
    void candidateBackward(
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
            int dhStride,
            int rows);

    /**
     * Backward of {@link #resetForward}, with s = dn·U_n in {@code sums}: dr = (s·h_{t−1})·(r·(1 −
     * r)), dhBefore ← dhBefore + fma(s, r, d·z).
     *
     * @param dhBefore where the gradient of h_{t−1} is collected, in {@code dh}
     */
    void resetBackward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] h,
            int hOff,
            int hStride,
            float[] dh,
            int dhBefore,
            int dhStride,
            int rows);
}
