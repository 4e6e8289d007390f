package ebbtide.kernels.scalar;

import ebbtide.kernels.Updates;

/** The reference of {@link Updates}. */
public final class ScalarUpdates implements Updates {
    @Override
    public void sgd(float[] p, int pOff, float[] g, int gOff, int n, double lr,
            double weightDecay) {
        float rate = (float) lr;
        float decay = (float) weightDecay;
        for (int i = 0; i < n; i++) {
            float x = p[pOff + i];
            float dx = Math.fma(decay, x, g[gOff + i]);
            p[pOff + i] = Math.fma(-rate, dx, x);
        }
    }

    @Override
    public void momentum(
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
            boolean nesterov) {
        float rate = (float) lr;
        float decay = (float) weightDecay;
        float keep = (float) mu;
        for (int i = 0; i < n; i++) {
            float x = p[pOff + i];
            float dx = Math.fma(decay, x, g[gOff + i]);
            float velocity = keep * v[vOff + i] + dx;
            v[vOff + i] = velocity;
            p[pOff + i] = Math.fma(-rate, nesterov ? Math.fma(keep, velocity, dx) : velocity, x);
        }
    }

    @Override
    public void rmsprop(
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
            double epsilon) {
        float rate = (float) lr;
        float decay = (float) weightDecay;
        float keep = (float) alpha;
        float take = (float) (1 - alpha);
        float eps = (float) epsilon;
        for (int i = 0; i < n; i++) {
            float x = p[pOff + i];
            float dx = Math.fma(decay, x, g[gOff + i]);
            float square = Math.fma(take * dx, dx, keep * s[sOff + i]);
            s[sOff + i] = square;
            p[pOff + i] = x - (rate * dx) / ((float) Math.sqrt(square) + eps);
        }
    }

    @Override
    public void adam(
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
            double rootC2) {
        float rate = (float) (lr / c1);
        float decay = (float) weightDecay;
        float keep1 = (float) beta1;
        float take1 = (float) (1 - beta1);
        float keep2 = (float) beta2;
        float take2 = (float) (1 - beta2);
        float eps = (float) epsilon;
        float root = (float) rootC2;
        for (int i = 0; i < n; i++) {
            float x = p[pOff + i];
            float dx = Math.fma(decay, x, g[gOff + i]);
            float mean = Math.fma(take1, dx, keep1 * m[mOff + i]);
            float square = Math.fma(take2 * dx, dx, keep2 * v[vOff + i]);
            m[mOff + i] = mean;
            v[vOff + i] = square;
            p[pOff + i] = x - (rate * mean) / ((float) Math.sqrt(square) / root + eps);
        }
    }

    @Override
    public void adamw(
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
            double rootC2) {
        scale(p, pOff, n, (float) (1 - lr * weightDecay));
        adam(p, pOff, g, gOff, m, mOff, v, vOff, n, lr, 0, beta1, beta2, epsilon, c1, rootC2);
    }

    @Override
    public void scale(float[] x, int xOff, int n, float factor) {
        for (int i = 0; i < n; i++) {
            x[xOff + i] = x[xOff + i] * factor;
        }
    }

    @Override
    public void clamp(float[] x, int xOff, int n, float limit) {
        for (int i = 0; i < n; i++) {
            x[xOff + i] = clamp(x[xOff + i], limit);
        }
    }

    /** x limited to [−limit, limit]; NaN stays NaN, and −0 stays −0. */
    static float clamp(float x, float limit) {
        float low = x > limit ? limit : x;
        return low < -limit ? -limit : low;
    }
}
