package ebbtide.engine.optim;

import ebbtide.engine.Gradients;
import ebbtide.kernels.Kernels;

/**
 * Clipping of parameter gradients before an update. Both methods refuse gradients that cannot be
 * clipped to anything sound: they throw {@link NonFiniteGradientException} before a single value is
 * changed, and the caller skips the update (after {@link Gradients#zero}) or stops. Neither
 * allocates.
 *
 * <p>Immutable; safe for use by several threads on different gradients.
 */
public final class Clip {
    /** What PyTorch adds to the norm, so that a norm of exactly the limit shrinks a little too. */
    private static final float MARGIN = 1e-6f;

    private final Kernels kernels;

    /** Creates a clip that computes with these kernels. */
    public Clip(Kernels kernels) {
        this.kernels = kernels;
    }

    /**
     * g ← min(max(g, −limit), limit), {@code torch.nn.utils.clip_grad_value_}. Infinite gradients
     * become ±limit.
     *
     * @return max |g| before
     * @throws IllegalArgumentException unless the limit is a number above 0 (+∞ changes nothing)
     * @throws NonFiniteGradientException if any gradient is NaN; nothing is changed then
     */
    public float byValue(Gradients gradients, float limit) {
        requireLimit(limit);
        float[] g = gradients.array();
        float largest = kernels.reductions().maxAbs(g, 0, g.length);
        if (Float.isNaN(largest)) {
            throw new NonFiniteGradientException("largest gradient", largest);
        }
        if (largest > limit) {
            kernels.updates().clamp(g, 0, g.length, limit);
        }
        return largest;
    }

    /**
     * g ← g·min(1, limit / (‖g‖ + 1e-6)) with ‖g‖ = √Σ g² over all parameters, {@code
     * torch.nn.utils.clip_grad_norm_}; the norm is {@link ebbtide.kernels.Reductions#norm}, free of
     * overflow, so a huge finite gradient is still clipped right. Where the factor is 1 nothing is
     * written. Source: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent
     * neural networks", ICML 2013, algorithm 1.
     *
     * <p>Unlike PyTorch, which by default multiplies on and leaves NaN and zeros behind, a norm
     * that is NaN or infinite throws.
     *
     * @return ‖g‖ before
     * @throws IllegalArgumentException unless the limit is a number above 0 (+∞ only measures)
     * @throws NonFiniteGradientException if the norm is NaN or infinite; nothing is changed then
     */
    public float byGlobalNorm(Gradients gradients, float limit) {
        requireLimit(limit);
        float[] g = gradients.array();
        float norm = kernels.reductions().norm(g, 0, g.length);
        if (!(norm <= Float.MAX_VALUE)) {
            throw new NonFiniteGradientException("norm of the gradients", norm);
        }
        float factor = limit / (norm + MARGIN);
        if (factor < 1f) {
            kernels.updates().scale(g, 0, g.length, factor);
        }
        return norm;
    }

    private static void requireLimit(float limit) {
        if (!(limit > 0f)) {
            throw new IllegalArgumentException("clip limit: expected more than 0, got " + limit);
        }
    }
}
