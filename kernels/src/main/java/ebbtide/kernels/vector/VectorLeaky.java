package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * The passes of {@link VectorCells}'s leaky cell. As in {@link VectorPointwise}, every derivative
 * spells out the same sum, clip and flush.
 */
final class VectorLeaky {
    private VectorLeaky() {}

    /** h_t = fma(α, a − h_{t−1}, h_{t−1}). */
    static void mix(
            float least,
            float[] a,
            int aOff,
            int aStride,
            float[] alpha,
            int alphaOff,
            float[] h,
            int hOff,
            int hNext,
            int hStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int y = aOff + r * aStride;
            int before = hOff + r * hStride;
            int after = hNext + r * hStride;
            for (int c = 0; c < columns; c += SPECIES.length()) {
                FloatVector take = FloatVector.fromArray(SPECIES, alpha, alphaOff + c);
                FloatVector old = FloatVector.fromArray(SPECIES, h, before + c);
                FloatVector u = FloatVector.fromArray(SPECIES, a, y + c);
                FloatVector state = take.fma(u.sub(old), old);
                state.blend(0f, state.abs().compare(LT, least)).intoArray(h, after + c);
            }
        }
    }

    /** dα ← fma(d, a − h_{t−1}, dα) of one row. */
    static void rates(
            float limit,
            float least,
            float[] sums,
            int s,
            float[] a,
            int y,
            float[] dAlpha,
            int rate,
            float[] h,
            int before,
            float[] dh,
            int dy,
            int columns) {
        for (int c = 0; c < columns; c += SPECIES.length()) {
            FloatVector d = FloatVector.fromArray(SPECIES, sums, s + c);
            d = FloatVector.fromArray(SPECIES, dh, dy + c).add(d);
            d = d.blend(limit, d.compare(GT, limit));
            d = d.blend(-limit, d.compare(LT, -limit));
            d = d.blend(0f, d.abs().compare(LT, least));
            FloatVector u = FloatVector.fromArray(SPECIES, a, y + c);
            FloatVector old = FloatVector.fromArray(SPECIES, h, before + c);
            FloatVector sum = FloatVector.fromArray(SPECIES, dAlpha, rate + c);
            d.fma(u.sub(old), sum).intoArray(dAlpha, rate + c);
        }
    }

    static void sigmoidBackward(
            float limit,
            float least,
            float[] sums,
            int s,
            float[] a,
            int y,
            float[] alpha,
            int rate,
            float[] dh,
            int dy,
            int dyBefore,
            int columns) {
        for (int c = 0; c < columns; c += SPECIES.length()) {
            FloatVector d = FloatVector.fromArray(SPECIES, sums, s + c);
            d = FloatVector.fromArray(SPECIES, dh, dy + c).add(d);
            d = d.blend(limit, d.compare(GT, limit));
            d = d.blend(-limit, d.compare(LT, -limit));
            d = d.blend(0f, d.abs().compare(LT, least));
            FloatVector take = FloatVector.fromArray(SPECIES, alpha, rate + c);
            FloatVector u = FloatVector.fromArray(SPECIES, a, y + c);
            d.mul(take).mul(u.neg().fma(u, u)).intoArray(a, y + c);
            FloatVector sum = FloatVector.fromArray(SPECIES, dh, dyBefore + c);
            sum.add(take.neg().fma(d, d)).intoArray(dh, dyBefore + c);
        }
    }

    static void tanhBackward(
            float limit,
            float least,
            float[] sums,
            int s,
            float[] a,
            int y,
            float[] alpha,
            int rate,
            float[] dh,
            int dy,
            int dyBefore,
            int columns) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int c = 0; c < columns; c += SPECIES.length()) {
            FloatVector d = FloatVector.fromArray(SPECIES, sums, s + c);
            d = FloatVector.fromArray(SPECIES, dh, dy + c).add(d);
            d = d.blend(limit, d.compare(GT, limit));
            d = d.blend(-limit, d.compare(LT, -limit));
            d = d.blend(0f, d.abs().compare(LT, least));
            FloatVector take = FloatVector.fromArray(SPECIES, alpha, rate + c);
            FloatVector u = FloatVector.fromArray(SPECIES, a, y + c);
            d.mul(take).mul(u.neg().fma(u, one)).intoArray(a, y + c);
            FloatVector sum = FloatVector.fromArray(SPECIES, dh, dyBefore + c);
            sum.add(take.neg().fma(d, d)).intoArray(dh, dyBefore + c);
        }
    }

    static void reluBackward(
            float limit,
            float least,
            float[] sums,
            int s,
            float[] a,
            int y,
            float[] alpha,
            int rate,
            float[] dh,
            int dy,
            int dyBefore,
            int columns) {
        for (int c = 0; c < columns; c += SPECIES.length()) {
            FloatVector d = FloatVector.fromArray(SPECIES, sums, s + c);
            d = FloatVector.fromArray(SPECIES, dh, dy + c).add(d);
            d = d.blend(limit, d.compare(GT, limit));
            d = d.blend(-limit, d.compare(LT, -limit));
            d = d.blend(0f, d.abs().compare(LT, least));
            FloatVector take = FloatVector.fromArray(SPECIES, alpha, rate + c);
            FloatVector u = FloatVector.fromArray(SPECIES, a, y + c);
            d.mul(take).blend(0f, u.compare(LE, 0f)).intoArray(a, y + c);
            FloatVector sum = FloatVector.fromArray(SPECIES, dh, dyBefore + c);
            sum.add(take.neg().fma(d, d)).intoArray(dh, dyBefore + c);
        }
    }

    static void identityBackward(
            float limit,
            float least,
            float[] sums,
            int s,
            float[] a,
            int y,
            float[] alpha,
            int rate,
            float[] dh,
            int dy,
            int dyBefore,
            int columns) {
        for (int c = 0; c < columns; c += SPECIES.length()) {
            FloatVector d = FloatVector.fromArray(SPECIES, sums, s + c);
            d = FloatVector.fromArray(SPECIES, dh, dy + c).add(d);
            d = d.blend(limit, d.compare(GT, limit));
            d = d.blend(-limit, d.compare(LT, -limit));
            d = d.blend(0f, d.abs().compare(LT, least));
            FloatVector take = FloatVector.fromArray(SPECIES, alpha, rate + c);
            d.mul(take).intoArray(a, y + c);
            FloatVector sum = FloatVector.fromArray(SPECIES, dh, dyBefore + c);
            sum.add(take.neg().fma(d, d)).intoArray(dh, dyBefore + c);
        }
    }
}
