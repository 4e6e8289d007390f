package ebbtide.kernels.vector;

import static ebbtide.kernels.Panels.WIDTH;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * The passes of {@link VectorCells}'s LSTM that combine its gates. Forward, the scratch holds blocks of
 * rows·16 floats: i, f, o, g, and then the new state.
 */
final class VectorLstm {
    private VectorLstm() {}

    /** c_t to its place and to the scratch; i, f and g to theirs. */
    static void newState(
            float least,
            float[] work,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] c,
            int cOff,
            int cNext,
            int cStride,
            int rows) {
        int n = rows * WIDTH;
        for (int r = 0; r < rows; r++) {
            int w = r * WIDTH;
            int z = gatesOff + r * gatesStride;
            int before = cOff + r * cStride;
            int after = cNext + r * cStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector i = FloatVector.fromArray(SPECIES, work, w + u);
                FloatVector f = FloatVector.fromArray(SPECIES, work, w + n + u);
                FloatVector g = FloatVector.fromArray(SPECIES, work, w + 3 * n + u);
                FloatVector state = FloatVector.fromArray(SPECIES, c, before + u);
                state = f.fma(state, i.mul(g));
                state = state.blend(0f, state.abs().compare(LT, least));
                i.intoArray(gates, z + u);
                f.intoArray(gates, z + segment + u);
                g.intoArray(gates, z + 2 * segment + u);
                state.intoArray(c, after + u);
                state.intoArray(work, w + 4 * n + u);
            }
        }
    }

    /** h_t = o · tanh c_t, which is in the scratch; o to its place. */
    static void output(
            float least,
            float[] work,
            float[] gates,
            int gatesOff,
            int gatesStride,
            float[] h,
            int hOff,
            int hStride,
            int rows) {
        int n = rows * WIDTH;
        for (int r = 0; r < rows; r++) {
            int w = r * WIDTH;
            int z = gatesOff + r * gatesStride;
            int y = hOff + r * hStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector o = FloatVector.fromArray(SPECIES, work, w + 2 * n + u);
                FloatVector tau = FloatVector.fromArray(SPECIES, work, w + 4 * n + u);
                o.intoArray(gates, z + u);
                FloatVector state = o.mul(tau);
                state.blend(0f, state.abs().compare(LT, least)).intoArray(h, y + u);
            }
        }
    }

    /** All of backward but tanh c_t, which is {@code taus}. */
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
            float[] c,
            int cOff,
            int cStride,
            float[] taus,
            float[] dh,
            int dhOff,
            int dhStride,
            float[] dc,
            int dcOff,
            int dcStride,
            int rows) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int z = gatesOff + r * gatesStride;
            int before = cOff + r * cStride;
            int w = r * WIDTH;
            int dy = dhOff + r * dhStride;
            int carried = dcOff + r * dcStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector d = FloatVector.fromArray(SPECIES, sums, s + u);
                d = FloatVector.fromArray(SPECIES, dh, dy + u).add(d);
                d = d.blend(limit, d.compare(GT, limit));
                d = d.blend(-limit, d.compare(LT, -limit));
                d = d.blend(0f, d.abs().compare(LT, least));

                FloatVector o = FloatVector.fromArray(SPECIES, gates, z + 3 * segment + u);
                FloatVector tau = FloatVector.fromArray(SPECIES, taus, w + u);
                FloatVector e = FloatVector.fromArray(SPECIES, dc, carried + u);
                e = d.mul(o).fma(tau.neg().fma(tau, one), e);
                e = e.blend(0f, e.abs().compare(LT, least));
                d.mul(tau).mul(o.neg().fma(o, o)).intoArray(gates, z + 3 * segment + u);

                FloatVector i = FloatVector.fromArray(SPECIES, gates, z + u);
                FloatVector g = FloatVector.fromArray(SPECIES, gates, z + 2 * segment + u);
                e.mul(g).mul(i.neg().fma(i, i)).intoArray(gates, z + u);
                e.mul(i).mul(g.neg().fma(g, one)).intoArray(gates, z + 2 * segment + u);

                FloatVector f = FloatVector.fromArray(SPECIES, gates, z + segment + u);
                FloatVector state = FloatVector.fromArray(SPECIES, c, before + u);
                e.mul(state).mul(f.neg().fma(f, f)).intoArray(gates, z + segment + u);
                e.mul(f).intoArray(dc, carried + u);
            }
        }
    }
}
