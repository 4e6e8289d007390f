package ebbtide.kernels;

/**
 * Losses over rows, value and gradient in one pass. {@code weight[r]} multiplies both the loss of row
 * r and its gradient; a weight of 0 masks the row: its loss is +0 and its gradient +0 even where the
 * row holds NaN. Rows have {@code columns} real columns; gradients of the padding up to the next
 * multiple of 16 are set to 0, and padding of the input is not read into any result.
 */
public interface Losses {
    /**
     * Softmax cross-entropy. loss[r] = weight[r] · (ln Σ eᶻᶜ − z[target]) with the row's maximum
     * taken out first; dz[r, c] = weight[r] · (softmax(z)[c] − [c = target]).
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
     * Squared error. loss[r] = weight[r] · Σ (y − target)²; dy[r, c] = 2·weight[r]·(y − target).
     * (A mean over columns is the caller's weight.)
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
     * Binary cross-entropy of logits. loss[r] = weight[r] · Σ (max(z, 0) − z·target + ln(1 + e^−|z|));
     * dz[r, c] = weight[r] · (sigmoid(z) − target), target in [0, 1].
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
