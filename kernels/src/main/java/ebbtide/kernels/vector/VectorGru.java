package ebbtide.kernels.vector;

import static ebbtide.kernels.Panels.WIDTH;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * The passes of {@link VectorCells}'s GRU that combine its gates. Forward, the scratch holds blocks of
 * rows·16 floats: r, z, n.
 */
final class VectorGru {
    private VectorGru() {}

    /** The argument of n to the scratch; r, z and q to their places. */
    static void candidate(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] bias,
            int biasOff,
            float[] work,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            int rows) {
        int block = rows * WIDTH;
        for (int k = 0; k < rows; k++) {
            int s = sumsOff + k * sumsStride;
            int w = k * WIDTH;
            int a = gatesOff + k * gatesStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector b = FloatVector.fromArray(SPECIES, bias, biasOff + u);
                FloatVector q = FloatVector.fromArray(SPECIES, sums, s + u).add(b);
                FloatVector r = FloatVector.fromArray(SPECIES, work, w + u);
                FloatVector z = FloatVector.fromArray(SPECIES, work, w + block + u);
                FloatVector x = FloatVector.fromArray(SPECIES, gates, a + 2 * segment + u);
                r.fma(q, x).intoArray(work, w + 2 * block + u);
                r.intoArray(gates, a + u);
                z.intoArray(gates, a + segment + u);
                q.intoArray(gates, a + 3 * segment + u);
            }
        }
    }

    /** h_t = fma(z, h_{t−1} − n, n); n to its place. */
    static void newState(
            float least,
            float[] work,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] h,
            int hOff,
            int hNext,
            int hStride,
            int rows) {
        int block = rows * WIDTH;
        for (int k = 0; k < rows; k++) {
            int w = k * WIDTH;
            int a = gatesOff + k * gatesStride + 2 * segment;
            int before = hOff + k * hStride;
            int after = hNext + k * hStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector z = FloatVector.fromArray(SPECIES, work, w + block + u);
                FloatVector n = FloatVector.fromArray(SPECIES, work, w + 2 * block + u);
                FloatVector old = FloatVector.fromArray(SPECIES, h, before + u);
                n.intoArray(gates, a + u);
                FloatVector state = z.fma(old.sub(n), n);
                state.blend(0f, state.abs().compare(LT, least)).intoArray(h, after + u);
            }
        }
    }

    /** All of backward: it needs no scratch, because forward left r, z, n and q in the gates. */
    static void backward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float limit,
            float least,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] h,
            int hOff,
            int hStride,
            float[] dh,
            int dhOff,
            int dhBefore,
            int dhStride,
            int rows) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int k = 0; k < rows; k++) {
            int s = sumsOff + k * sumsStride;
            int a = gatesOff + k * gatesStride;
            int before = hOff + k * hStride;
            int dy = dhOff + k * dhStride;
            int dyBefore = dhBefore + k * dhStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector d = FloatVector.fromArray(SPECIES, sums, s + u);
                d = FloatVector.fromArray(SPECIES, dh, dy + u).add(d);
                d = d.blend(limit, d.compare(GT, limit));
                d = d.blend(-limit, d.compare(LT, -limit));
                d = d.blend(0f, d.abs().compare(LT, least));

                FloatVector z = FloatVector.fromArray(SPECIES, gates, a + segment + u);
                FloatVector sum = FloatVector.fromArray(SPECIES, dh, dyBefore + u);
                sum.add(d.mul(z)).intoArray(dh, dyBefore + u);

                FloatVector n = FloatVector.fromArray(SPECIES, gates, a + 2 * segment + u);
                FloatVector old = FloatVector.fromArray(SPECIES, h, before + u);
                d.mul(old.sub(n)).mul(z.neg().fma(z, z)).intoArray(gates, a + segment + u);
                FloatVector dn = d.mul(one.sub(z)).mul(n.neg().fma(n, one));
                dn.intoArray(gates, a + 2 * segment + u);

                FloatVector r = FloatVector.fromArray(SPECIES, gates, a + u);
                FloatVector q = FloatVector.fromArray(SPECIES, gates, a + 3 * segment + u);
                dn.mul(q).mul(r.neg().fma(r, r)).intoArray(gates, a + u);
                dn.mul(r).intoArray(gates, a + 3 * segment + u);
            }
        }
    }
}
