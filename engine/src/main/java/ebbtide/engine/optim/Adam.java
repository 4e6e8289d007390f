package ebbtide.engine.optim;

import ebbtide.engine.Layout;
import ebbtide.kernels.Kernels;

/**
 * Adam and AdamW: m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; p ← p − (lr/c₁)·m / (√v/√c₂ + ε)
 * with c₁ = 1 − β₁ᵗ, c₂ = 1 − β₂ᵗ at update t = 1, 2, … Adam adds weight decay to the gradient, g +
 * λ·p; AdamW takes it from the parameter, p ← p·(1 − lr·λ), before the rest. {@code
 * torch.optim.Adam} and {@code torch.optim.AdamW}, without AMSGrad.
 *
 * <p>Settings and corrections are doubles and reach float only inside the kernel: 1 − β₂ of a β₂ =
 * 0.999 that was rounded to float first would be off by 1.3e-5.
 *
 * <p>Sources: D. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015; I.
 * Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
 */
public final class Adam extends Optimizer {
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double weightDecay;
    private final boolean decoupled;

    private Adam(
            Kernels kernels,
            Layout layout,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            boolean decoupled) {
        super(decoupled ? "adamw" : "adam", kernels, layout, "mean", "square");
        requireRange("beta1", beta1, 0, Math.nextDown(1.0));
        requireRange("beta2", beta2, 0, Math.nextDown(1.0));
        requireRange("epsilon", epsilon, Float.MIN_VALUE, Float.MAX_VALUE);
        requireRange("weight decay", weightDecay, 0, Float.MAX_VALUE);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
        this.decoupled = decoupled;
    }

    /**
     * Creates Adam with m = v = 0.
     *
     * @param beta1 β₁ in [0, 1)
     * @param beta2 β₂ in [0, 1)
     * @param epsilon ε, more than 0 (with 0 a gradient of zero would give 0/0)
     * @param weightDecay λ, at least 0
     */
    public static Adam adam(
            Kernels kernels,
            Layout layout,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay) {
        return new Adam(kernels, layout, beta1, beta2, epsilon, weightDecay, false);
    }

    /** Creates AdamW with m = v = 0; parameters as for {@link #adam}. */
    public static Adam adamw(
            Kernels kernels,
            Layout layout,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay) {
        return new Adam(kernels, layout, beta1, beta2, epsilon, weightDecay, true);
    }

    @Override
    void update(float[] p, float[] g, int n, double lr, long t) {
        double c1 = 1 - StrictMath.pow(beta1, t);
        double rootC2 = StrictMath.sqrt(1 - StrictMath.pow(beta2, t));
        float[] m = values(0);
        float[] v = values(1);
        if (decoupled) {
            kernels.adamw(
                    p, 0, g, 0, m, 0, v, 0, n, lr, weightDecay, beta1, beta2, epsilon, c1, rootC2);
        } else {
            kernels.adam(
                    p, 0, g, 0, m, 0, v, 0, n, lr, weightDecay, beta1, beta2, epsilon, c1, rootC2);
        }
    }
}
