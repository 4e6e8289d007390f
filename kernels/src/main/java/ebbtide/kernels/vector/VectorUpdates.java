package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import ebbtide.kernels.Updates;
import ebbtide.kernels.scalar.ScalarUpdates;
import jdk.incubator.vector.FloatVector;

/** {@link Updates} on vectors; what does not fill a vector is left to the reference. */
public final class VectorUpdates implements Updates {
    private static final ScalarUpdates TAIL = new ScalarUpdates();

    @Override
    public void sgd(float[] p, int pOff, float[] g, int gOff, int n, double lr,
            double weightDecay) {
        int done = SPECIES.loopBound(n);
        FloatVector rate = FloatVector.broadcast(SPECIES, -(float) lr);
        FloatVector decay = FloatVector.broadcast(SPECIES, (float) weightDecay);
        for (int i = 0; i < done; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, p, pOff + i);
            FloatVector dx = decay.fma(x, FloatVector.fromArray(SPECIES, g, gOff + i));
            rate.fma(dx, x).intoArray(p, pOff + i);
        }
        TAIL.sgd(p, pOff + done, g, gOff + done, n - done, lr, weightDecay);
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
        int done = SPECIES.loopBound(n);
        if (nesterov) {
            nesterov(p, pOff, g, gOff, v, vOff, done, (float) lr, (float) weightDecay, (float) mu);
        } else {
            heavyBall(p, pOff, g, gOff, v, vOff, done, (float) lr, (float) weightDecay, (float) mu);
        }
        int rest = n - done;
        pOff += done;
        gOff += done;
        vOff += done;
        TAIL.momentum(p, pOff, g, gOff, v, vOff, rest, lr, weightDecay, mu, nesterov);
    }

    private static void heavyBall(
            float[] p,
            int pOff,
            float[] g,
            int gOff,
            float[] v,
            int vOff,
            int done,
            float lr,
            float weightDecay,
            float mu) {
        FloatVector rate = FloatVector.broadcast(SPECIES, -lr);
        FloatVector decay = FloatVector.broadcast(SPECIES, weightDecay);
        for (int i = 0; i < done; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, p, pOff + i);
            FloatVector dx = decay.fma(x, FloatVector.fromArray(SPECIES, g, gOff + i));
            FloatVector velocity = FloatVector.fromArray(SPECIES, v, vOff + i).mul(mu).add(dx);
            velocity.intoArray(v, vOff + i);
            rate.fma(velocity, x).intoArray(p, pOff + i);
        }
    }

    private static void nesterov(
            float[] p,
            int pOff,
            float[] g,
            int gOff,
            float[] v,
            int vOff,
            int done,
            float lr,
            float weightDecay,
            float mu) {
        FloatVector rate = FloatVector.broadcast(SPECIES, -lr);
        FloatVector decay = FloatVector.broadcast(SPECIES, weightDecay);
        FloatVector keep = FloatVector.broadcast(SPECIES, mu);
        for (int i = 0; i < done; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, p, pOff + i);
            FloatVector dx = decay.fma(x, FloatVector.fromArray(SPECIES, g, gOff + i));
            FloatVector velocity = FloatVector.fromArray(SPECIES, v, vOff + i).mul(keep).add(dx);
            velocity.intoArray(v, vOff + i);
            rate.fma(keep.fma(velocity, dx), x).intoArray(p, pOff + i);
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
        int done = SPECIES.loopBound(n);
        float rate = (float) lr;
        FloatVector decay = FloatVector.broadcast(SPECIES, (float) weightDecay);
        float keep = (float) alpha;
        float take = (float) (1 - alpha);
        float eps = (float) epsilon;
        for (int i = 0; i < done; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, p, pOff + i);
            FloatVector dx = decay.fma(x, FloatVector.fromArray(SPECIES, g, gOff + i));
            FloatVector old = FloatVector.fromArray(SPECIES, s, sOff + i);
            FloatVector square = dx.mul(take).fma(dx, old.mul(keep));
            square.intoArray(s, sOff + i);
            x.sub(dx.mul(rate).div(square.sqrt().add(eps))).intoArray(p, pOff + i);
        }
        int rest = n - done;
        pOff += done;
        gOff += done;
        sOff += done;
        TAIL.rmsprop(p, pOff, g, gOff, s, sOff, rest, lr, weightDecay, alpha, epsilon);
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
        int done = SPECIES.loopBound(n);
        float rate = (float) (lr / c1);
        FloatVector decay = FloatVector.broadcast(SPECIES, (float) weightDecay);
        float keep1 = (float) beta1;
        FloatVector take1 = FloatVector.broadcast(SPECIES, (float) (1 - beta1));
        float keep2 = (float) beta2;
        float take2 = (float) (1 - beta2);
        float eps = (float) epsilon;
        float root = (float) rootC2;
        for (int i = 0; i < done; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, p, pOff + i);
            FloatVector dx = decay.fma(x, FloatVector.fromArray(SPECIES, g, gOff + i));
            FloatVector oldMean = FloatVector.fromArray(SPECIES, m, mOff + i);
            FloatVector oldSquare = FloatVector.fromArray(SPECIES, v, vOff + i);
            FloatVector mean = take1.fma(dx, oldMean.mul(keep1));
            FloatVector square = dx.mul(take2).fma(dx, oldSquare.mul(keep2));
            mean.intoArray(m, mOff + i);
            square.intoArray(v, vOff + i);
            FloatVector size = square.sqrt().div(root).add(eps);
            x.sub(mean.mul(rate).div(size)).intoArray(p, pOff + i);
        }
        int rest = n - done;
        pOff += done;
        gOff += done;
        mOff += done;
        vOff += done;
        TAIL.adam(
                p, pOff, g, gOff, m, mOff, v, vOff, rest, lr, weightDecay, beta1, beta2, epsilon,
                c1,
                rootC2);
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
        int done = SPECIES.loopBound(n);
        for (int i = 0; i < done; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOff + i);
            v.mul(factor).intoArray(x, xOff + i);
        }
        TAIL.scale(x, xOff + done, n - done, factor);
    }

    @Override
    public void clamp(float[] x, int xOff, int n, float limit) {
        int done = SPECIES.loopBound(n);
        for (int i = 0; i < done; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOff + i);
            v = v.blend(limit, v.compare(GT, limit));
            v.blend(-limit, v.compare(LT, -limit)).intoArray(x, xOff + i);
        }
        TAIL.clamp(x, xOff + done, n - done, limit);
    }
}
