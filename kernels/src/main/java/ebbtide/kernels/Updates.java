package ebbtide.kernels;

/**
 * The elementwise updates of the optimisers over n consecutive parameters p with gradients g, with
 * PyTorch's definitions (torch.optim, 2.13). {@code weightDecay} λ is added to the gradient as
 * g + λ·p, except in {@link #adamw}.
 */
public interface Updates {
    /** p ← p − lr·g. */
    void sgd(float[] p, int pOff, float[] g, int gOff, int n, float lr, float weightDecay);

    /**
     * v ← μ·v + g; p ← p − lr·v, or with Nesterov p ← p − lr·(g + μ·v). (PyTorch starts v at the first
     * gradient, which is the same from v = 0.)
     */
    void momentum(
            float[] p,
            int pOff,
            float[] g,
            int gOff,
            float[] v,
            int vOff,
            int n,
            float lr,
            float weightDecay,
            float mu,
            boolean nesterov);

    /** s ← α·s + (1 − α)·g²; p ← p − lr·g / (√s + ε). */
    void rmsprop(
            float[] p,
            int pOff,
            float[] g,
            int gOff,
            float[] s,
            int sOff,
            int n,
            float lr,
            float weightDecay,
            float alpha,
            float epsilon);

    /**
     * m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; p ← p − (lr/c₁)·m / (√v/√c₂ + ε), where the
     * caller gives c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ of update t.
     *
     * @param rootC2 √c₂
     */
    void adam(
            float[] p,
            int pOff,
            float[] g,
            int gOff,
            float[] m,
            int mOff,
            float[] v,
            int vOff,
            int n,
            float lr,
            float weightDecay,
            float beta1,
            float beta2,
            float epsilon,
            float c1,
            float rootC2);

    /** As {@link #adam}, with the decay apart from the gradient: first p ← p·(1 − lr·λ). */
    void adamw(
            float[] p,
            int pOff,
            float[] g,
            int gOff,
            float[] m,
            int mOff,
            float[] v,
            int vOff,
            int n,
            float lr,
            float weightDecay,
            float beta1,
            float beta2,
            float epsilon,
            float c1,
            float rootC2);

    /** x[i] ← x[i]·factor for i &lt; n. */
    void scale(float[] x, int xOff, int n, float factor);

    /** x[i] ← x[i] limited to [−limit, limit] for i &lt; n; NaN stays NaN. */
    void clamp(float[] x, int xOff, int n, float limit);
}
