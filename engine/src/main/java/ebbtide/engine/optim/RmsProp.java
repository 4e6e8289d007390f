package ebbtide.engine.optim;

import ebbtide.engine.Layout;
import ebbtide.kernels.Kernels;

/**
 * RMSprop: s ← α·s + (1 − α)·g²; p ← p − lr·g / (√s + ε), where g includes λ·p. {@code
 * torch.optim.RMSprop}, not centred, without momentum.
 *
 * <p>Source: T. Tieleman, G. Hinton, "Lecture 6.5: RMSprop", COURSERA Neural Networks for Machine
 * Learning, 2012.
 */
public final class RmsProp extends Optimizer {
    private final double alpha;
    private final double epsilon;
    private final double weightDecay;

    /**
     * Creates the optimiser with s = 0.
     *
     * @param alpha α in [0, 1]
     * @param epsilon ε, more than 0 (with 0 a gradient of zero would give 0/0)
     * @param weightDecay λ, at least 0
     */
    public RmsProp(Kernels kernels, Layout layout, double alpha, double epsilon,
            double weightDecay) {
        super("rmsprop", kernels, layout, "square");
        requireRange("alpha", alpha, 0, 1);
        requireRange("epsilon", epsilon, Float.MIN_VALUE, Float.MAX_VALUE);
        requireRange("weight decay", weightDecay, 0, Float.MAX_VALUE);
        this.alpha = alpha;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
    }

    @Override
    void update(float[] p, float[] g, int n, double lr, long t) {
        kernels.rmsprop(p, 0, g, 0, values(0), 0, n, lr, weightDecay, alpha, epsilon);
    }
}
