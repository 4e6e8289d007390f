package ebbtide.engine.loss;

import ebbtide.engine.Tensor;
import ebbtide.engine.Tokens;
import ebbtide.engine.Workers;
import ebbtide.kernels.Kernels;

/**
 * Softmax cross-entropy of logits z [T, B, C] against classes y [T, B]: ℓ[t, b] = ln Σ exp z[c] −
 * z[y], in nats; the mean over Σ w as {@link Loss} describes; ∂L/∂z[c] = w/Σw · (softmax(z)[c] −
 * [c = y]). {@code torch.nn.CrossEntropyLoss}.
 */
public final class SoftmaxCrossEntropy extends Loss {
    private final int[] classes;

    /** Creates a loss for logits [steps, batch, classes], on the calling thread. */
    public SoftmaxCrossEntropy(Kernels kernels, int steps, int batch, int classes) {
        this(kernels, Workers.single(), steps, batch, classes);
    }

    /** Creates a loss for logits [steps, batch, classes] that splits the steps over threads. */
    public SoftmaxCrossEntropy(
            Kernels kernels, Workers workers, int steps, int batch, int classes) {
        super(kernels, workers, steps, batch, classes, 1);
        this.classes = new int[steps * batch];
    }

    /** As {@link #compute(Tensor, Tokens, Tensor, float[], Tensor)} with every row counting 1. */
    public float compute(Tensor logits, Tokens targets, Tensor gradient) {
        return compute(logits, targets, null, null, gradient);
    }

    /**
     * Computes the mean loss and its gradient.
     *
     * @param logits [steps, batch, classes]
     * @param targets [steps, batch], each from 0 to classes − 1 where the row counts, anything
     *     where it does not
     * @param mask [steps, batch, 1], at least 0, or null
     * @param sequences weights [batch], at least 0, or null
     * @param gradient receives ∂L/∂logits; may be {@code logits} itself; null for the value alone
     * @return the mean in nats
     * @throws IllegalArgumentException if shapes, targets or weights are not as said, the weights
     *     sum to 0, or {@code gradient} overlaps another view; the gradient is not touched then
     */
    public float compute(
            Tensor logits, Tokens targets, Tensor mask, float[] sequences, Tensor gradient) {
        requireViews(logits, null, mask, gradient);
        if (targets.steps() != steps() || targets.rows() != batch()) {
            throw new IllegalArgumentException(
                    "targets: expected [%d, %d], got [%d, %d]"
                            .formatted(steps(), batch(), targets.steps(), targets.rows()));
        }
        weights.set(mask, sequences);
        for (int t = 0; t < steps(); t++) {
            for (int b = 0; b < batch(); b++) {
                int row = t * batch() + b;
                classes[row] =
                        weights.values()[row] == 0f ? 0 : requireClass(targets.at(t, b), t, b);
            }
        }
        return mean(logits, null, gradient);
    }

    private int requireClass(int target, int t, int b) {
        if (target < 0 || target >= features()) {
            throw new IllegalArgumentException(
                    "target of step %d, sequence %d: expected 0 to %d, got %d"
                            .formatted(t, b, features() - 1, target));
        }
        return target;
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
                .softmaxCrossEntropy(
                        output,
                        outputOff,
                        outputStride,
                        classes,
                        row,
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
