package ebbtide.engine.optim;

import ebbtide.engine.Layout;
import ebbtide.kernels.Kernels;

/** Gradient descent: p ← p − lr·(g + λ·p). {@code torch.optim.SGD} without momentum. */
public final class Sgd extends Optimizer {
    private final double weightDecay;

    /**
     * Creates gradient descent.
     *
     * @param weightDecay λ, at least 0
     */
    public Sgd(Kernels kernels, Layout layout, double weightDecay) {
        super("sgd", kernels, layout);
        requireRange("weight decay", weightDecay, 0, Float.MAX_VALUE);
        this.weightDecay = weightDecay;
    }

    @Override
    void update(float[] p, float[] g, int n, double lr, long t) {
        kernels.sgd(p, 0, g, 0, n, lr, weightDecay);
    }
}
