package ebbtide.engine.optim;

import ebbtide.engine.Layout;
import ebbtide.kernels.Kernels;

/**
 * Gradient descent with momentum: v ← μ·v + g; p ← p − lr·v, or with Nesterov p ← p − lr·(g + μ·v),
 * where g includes λ·p. {@code torch.optim.SGD} with {@code dampening=0}.
 *
 * <p>Source: I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the importance of initialization and
 * momentum in deep learning", ICML 2013, in PyTorch's form, where lr stands outside of v.
 */
public final class Momentum extends Optimizer {
    private final double mu;
    private final boolean nesterov;
    private final double weightDecay;

    /**
     * Creates the optimiser with v = 0.
     *
     * @param mu μ in [0, 1]
     * @param weightDecay λ, at least 0
     */
    public Momentum(
            Kernels kernels, Layout layout, double mu, boolean nesterov, double weightDecay) {
        super(nesterov ? "nesterov" : "momentum", kernels, layout, "momentum");
        requireRange("momentum", mu, 0, 1);
        requireRange("weight decay", weightDecay, 0, Float.MAX_VALUE);
        this.mu = mu;
        this.nesterov = nesterov;
        this.weightDecay = weightDecay;
    }

    @Override
    void update(float[] p, float[] g, int n, double lr, long t) {
        kernels.momentum(p, 0, g, 0, values(0), 0, n, lr, weightDecay, mu, nesterov);
    }
}
