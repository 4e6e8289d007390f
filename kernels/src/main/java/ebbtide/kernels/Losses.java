package ebbtide.kernels;

/**
 * Losses over rows, value and gradient in one pass. {@code weight[r]} multiplies both the loss of row
 * r and its gradient; a weight of 0 masks the row: its loss is +0 and its gradient +0 even where the
 * row holds NaN. Rows have {@code columns} real columns; gradients of the padding up to the next
 * multiple of 16 are set to 0, and padding of the input is not read into any result. Float targets
 * need no padding. A row's sum is one chunk of {@link Reductions}, however long the row.
 *
 * <p>Sequences below: fma(a, b, c) is a·b + c rounded once, every other sign is one rounded operation.
 */
public interface Losses {
    /**
     * Softmax cross-entropy. With m = max z, e = exp(z − m) and S = Σ e: loss[r] = weight[r] · (ln S −
     * (z[target] − m)), which keeps its digits where the loss is small; dz[r, c] = weight[r] · (e / S)
     * and at the target weight[r] · (e / S − 1). A NaN or +∞ in the row makes the row NaN, in loss and
     * gradient.
     *
     * @param z logits [rows, columns], rows padded to a multiple of 16 and {@code zStride} apart
     * @param dz receives the gradient; may be {@code z} itself
     */
    void softmaxCrossEntropy(
            float[] z,
            int zOff,
            int zStride,
            int[] target,
            int targetOff,
            float[] weight,
            int weightOff,
            float[] dz,
            int dzOff,
            int dzStride,
            float[] loss,
            int lossOff,
            int rows,
            int columns);

    /**
     * Squared error. With d = y − target: loss[r] = weight[r] · Σ d², each term one fused multiply-add
     * into its lane; dy[r, c] = (2·weight[r]) · d. (A mean over columns is the caller's weight.)
     *
     * @param y outputs [rows, columns], rows padded to a multiple of 16
     * @param dy receives the gradient; may be {@code y} itself
     */
    void squaredError(
            float[] y,
            int yOff,
            int yStride,
            float[] target,
            int targetOff,
            int targetStride,
            float[] weight,
            int weightOff,
            float[] dy,
            int dyOff,
            int dyStride,
            float[] loss,
            int lossOff,
            int rows,
            int columns);

    /**
     * Binary cross-entropy of logits. loss[r] = weight[r] · Σ (fma(−z, target, max(z, 0)) + ln(1 + e))
     * with e = exp(−|z|); dz[r, c] = weight[r] · (sigmoid(z) − target), target in [0, 1].
     *
     * <p>ln(1 + e) = 2·artanh s for s = e / (e + 2), at most 1/3: fma(2s·q, p, 2s) with q = s² and p =
     * 1/3 + q/5 + … + q⁵/13 by Horner's rule in fma. What the series leaves out is below 1.5·10⁻⁸ of
     * the result, a quarter of a last place, and small losses keep all their digits.
     *
     * @param z logits [rows, columns], rows padded to a multiple of 16
     * @param dz receives the gradient; must not overlap {@code z} or {@code target}
     */
    void binaryCrossEntropy(
            float[] z,
            int zOff,
            int zStride,
            float[] target,
            int targetOff,
            int targetStride,
            float[] weight,
            int weightOff,
            float[] dz,
            int dzOff,
            int dzStride,
            float[] loss,
            int lossOff,
            int rows,
            int columns);
}
