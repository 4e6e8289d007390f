package ebbtide.engine.loss;

import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.kernels.Kernels;
import java.util.Objects;

/**
 * Squared error of outputs y [T, B, F] against targets x: ℓ[t, b] = Σ (y − x)² / F; the mean over Σ
 * w as {@link Loss} describes; ∂L/∂y = w/Σw · 2·(y − x)/F. {@code torch.nn.MSELoss}.
 */
public final class MeanSquaredError extends Loss {
    /** Creates a loss for outputs [steps, batch, features], on the calling thread. */
    public MeanSquaredError(Kernels kernels, int steps, int batch, int features) {
        this(kernels, Workers.single(), steps, batch, features);
    }

    /** Creates a loss for outputs [steps, batch, features] that splits the steps over threads. */
    public MeanSquaredError(
            Kernels kernels, Workers workers, int steps, int batch, int features) {
        super(kernels, workers, steps, batch, features, features);
    }

    /** As {@link #compute(Tensor, Tensor, Tensor, float[], Tensor)} with every row counting 1. */
    public float compute(Tensor outputs, Tensor targets, Tensor gradient) {
        return compute(outputs, targets, null, null, gradient);
    }

    /**
     * Computes the mean loss and its gradient.
     *
     * @param outputs [steps, batch, features]
     * @param targets [steps, batch, features]
     * @param mask [steps, batch, 1], at least 0, or null
     * @param sequences weights [batch], at least 0, or null
     * @param gradient receives ∂L/∂outputs; may be {@code outputs} itself; null for the value alone
     * @return the mean
     * @throws IllegalArgumentException if shapes or weights are not as said, the weights sum to 0,
     *     or {@code gradient} overlaps another view; the gradient is not touched then
     */
    public float compute(
            Tensor outputs, Tensor targets, Tensor mask, float[] sequences, Tensor gradient) {
        requireViews(outputs, Objects.requireNonNull(targets, "targets"), mask, gradient);
        weights.set(mask, sequences);
        return mean(outputs, targets, gradient);
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
                .squaredError(
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
