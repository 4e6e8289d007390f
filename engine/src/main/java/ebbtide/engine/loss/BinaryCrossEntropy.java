package ebbtide.engine.loss;

import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.kernels.Kernels;
import java.util.Objects;

/**
 * Binary cross-entropy of logits z [T, B, F] against targets x in [0, 1]: ℓ[t, b] = Σ (max(z, 0) −
 * z·x + ln(1 + e^−|z|)) / F, in nats; the mean over Σ w as {@link Loss} describes; ∂L/∂z = w/Σw ·
 * (sigmoid(z) − x)/F. {@code torch.nn.BCEWithLogitsLoss}.
 */
public final class BinaryCrossEntropy extends Loss {
    /** Creates a loss for outputs [steps, batch, features], on the calling thread. */
    public BinaryCrossEntropy(Kernels kernels, int steps, int batch, int features) {
        this(kernels, Workers.single(), steps, batch, features);
    }

    /** Creates a loss for outputs [steps, batch, features] that splits the steps over threads. */
    public BinaryCrossEntropy(
            Kernels kernels, Workers workers, int steps, int batch, int features) {
        super(kernels, workers, steps, batch, features, features);
    }

    /** As {@link #compute(Tensor, Tensor, Tensor, float[], Tensor)} with every row counting 1. */
    public float compute(Tensor logits, Tensor targets, Tensor gradient) {
        return compute(logits, targets, null, null, gradient);
    }

    /**
     * Computes the mean loss and its gradient.
     *
     * @param logits [steps, batch, features]
     * @param targets [steps, batch, features], in [0, 1] where the row counts
     * @param mask [steps, batch, 1], at least 0, or null
     * @param sequences weights [batch], at least 0, or null
     * @param gradient receives ∂L/∂logits; may be {@code logits} itself; null for the value alone
     * @return the mean
     * @throws IllegalArgumentException if shapes, targets or weights are not as said, the weights
     *     sum to 0, or {@code gradient} overlaps another view; the gradient is not touched then
     */
    public float compute(
            Tensor logits, Tensor targets, Tensor mask, float[] sequences, Tensor gradient) {
        requireViews(logits, Objects.requireNonNull(targets, "targets"), mask, gradient);
        weights.set(mask, sequences);
        requireProbabilities(targets);
        return mean(logits, targets, gradient);
    }

    private void requireProbabilities(Tensor targets) {
        for (int t = 0; t < steps(); t++) {
            for (int b = 0; b < batch(); b++) {
                int from = targets.index(t, b);
                boolean counts = weights.values()[t * batch() + b] != 0f;
                for (int f = 0; counts && f < features(); f++) {
                    float target = targets.data()[from + f];
                    if (!(target >= 0f && target <= 1f)) {
                        throw new IllegalArgumentException(
                                "target of step %d, sequence %d, feature %d: expected 0 to 1, got %s"
                                        .formatted(t, b, f, target));
                    }
                }
            }
        }
    }

    @Override
    void kernel(
            float[] output,
            int outputOff,
            int outputStride,
            float[] target,
            int targetOff,
            int targetStride,
            float[] gradient,
            int gradientOff,
            int gradientStride,
            int row,
            int rows) {
        kernels.losses()
                .binaryCrossEntropy(
                        output,
                        outputOff,
                        outputStride,
                        target,
                        targetOff,
                        targetStride,
                        weights.values(),
                        row,
                        gradient,
                        gradientOff,
                        gradientStride,
                        losses,
                        row,
                        rows,
                        features());
    }
}
