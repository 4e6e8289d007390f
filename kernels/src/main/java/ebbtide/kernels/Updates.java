package ebbtide.kernels;

/**
 * The elementwise updates of the optimisers over n consecutive parameters p with gradients g, with
 * PyTorch's definitions (torch.optim, 2.13), in its order of operations on a CPU.
 *
 * <p>Settings are doubles, as in PyTorch: what is derived from them (1 − β, lr/c₁) is derived in
 * double and rounded once to float; elements are float32 throughout. In the sequences below fma(a, b,
 * c) is a·b + c rounded once, and every other sign is one rounded operation. {@code weightDecay} λ
 * makes g′ = fma(λ, p, g) of the gradient, except in {@link #adamw}. The gradient is only read.
 */
public interface Updates {
    /** p ← fma(−lr, g′, p). */
    void sgd(float[] p, int pOff, float[] g, int gOff, int n, double lr, double weightDecay);

    /**
     * v ← (μ·v) + g′; p ← fma(−lr, v, p), or with Nesterov p ← fma(−lr, fma(μ, v, g′), p). (PyTorch
     * starts v at the first gradient, which is the same from v = 0.)
     */
    void momentum(
            float[] p,
            int pOff,
            float[] g,
            int gOff,
            float[] v,
            int vOff,
            int n,
            double lr,
            double weightDecay,
            double mu,
            boolean nesterov);

    /** s ← fma((1 − α)·g′, g′, α·s); p ← p − (lr·g′) / (√s + ε). */
    void rmsprop(
            float[] p,
            int pOff,
            float[] g,
            int gOff,
            float[] s,
            int sOff,
            int n,
            double lr,
            double weightDecay,
            double alpha,
            double epsilon);

    /**
     * m ← fma(1 − β₁, g′, β₁·m); v ← fma((1 − β₂)·g′, g′, β₂·v); p ← p − ((lr/c₁)·m) / (√v/√c₂ + ε),
     * where the caller gives c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ of update t.
     *
     * @param c1 c₁
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
            double lr,
            double weightDecay,
            double beta1,
            double beta2,
            double epsilon,
            double c1,
            double rootC2);

    /** As {@link #adam}, with the decay apart from the gradient: first p ← p·(1 − lr·λ), then g′ = g. */
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
            double lr,
            double weightDecay,
            double beta1,
            double beta2,
            double epsilon,
            double c1,
            double rootC2);

    /** x[i] ← x[i]·factor for i &lt; n. */
    void scale(float[] x, int xOff, int n, float factor);

    /** x[i] ← x[i] limited to [−limit, limit] for i &lt; n; NaN stays NaN. */
    void clamp(float[] x, int xOff, int n, float limit);
}
