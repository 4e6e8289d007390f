package ebbtide.kernels.vector;

import static ebbtide.kernels.Panels.WIDTH;
import static ebbtide.kernels.Polynomials.SIGMOID_LAST;
import static ebbtide.kernels.Polynomials.SIGMOID_MAX;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import ebbtide.kernels.GatedVariants;
import ebbtide.kernels.Pointwise;
import jdk.incubator.vector.FloatVector;

/**
 * {@link GatedVariants} on vectors, as {@link VectorCells}; the scratch of a peephole LSTM is that of {@link
 * VectorLstm}.
 */
public final class VectorGatedVariants implements GatedVariants {
    private final float least;
    /** Where a gate is 0. */
    private final float last;

    /** Creates the operations. */
    public VectorGatedVariants() {
        this(Pointwise.VANISHED);
    }

    private VectorGatedVariants(float least) {
        this.least = least;
        last = least == 0f ? SIGMOID_MAX : SIGMOID_LAST;
    }

    @Override
    public GatedVariants gradual() {
        return new VectorGatedVariants(0f);
    }

    @Override
    public void peepholeForward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] peepholes,
            int peepholesOff,
            float[] c,
            int cOff,
            int cNext,
            int cStride,
            float[] h,
            int hOff,
            int hStride,
            int rows,
            float[] work) {
        int n = rows * WIDTH;
        int i = gatesOff;
        int f = i + segment;
        int g = f + segment;
        int o = g + segment;
        int pi = peepholesOff;
        int pf = pi + segment;
        int po = pf + segment;
        look(sums, sumsOff, sumsStride, gates, i, gatesStride, peepholes, pi, c, cOff, cStride,
                rows, work, 0);
        look(sums, sumsOff + WIDTH, sumsStride, gates, f, gatesStride, peepholes, pf, c, cOff,
                cStride, rows, work, n);
        VectorCells.add(
                sums, sumsOff + 2 * WIDTH, sumsStride, gates, g, gatesStride, rows, work, 3 * n);
        VectorFunctions.sigmoid(work, 0, work, 0, 2 * n, last);
        VectorFunctions.tanh(work, 3 * n, work, 3 * n, n);
        VectorLstm.newState(
                least, work, gates, gatesOff, gatesStride, segment, c, cOff, cNext, cStride, rows);
        look(sums, sumsOff + 3 * WIDTH, sumsStride, gates, o, gatesStride, peepholes, po, c, cNext,
                cStride, rows, work, 2 * n);
        VectorFunctions.tanh(work, 4 * n, work, 4 * n, n);
        VectorFunctions.sigmoid(work, 2 * n, work, 2 * n, n, last);
        VectorLstm.output(least, work, gates, o, gatesStride, h, hOff, hStride, rows);
    }

    @Override
    public void peepholeBackward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float limit,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] peepholes,
            int peepholesOff,
            float[] c,
            int cOff,
            int cNext,
            int cStride,
            float[] dh,
            int dhOff,
            int dhStride,
            float[] dc,
            int dcOff,
            int dcStride,
            int rows,
            float[] work) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(c, cNext + r * cStride, work, r * WIDTH, WIDTH);
        }
        VectorFunctions.tanh(work, 0, work, 0, rows * WIDTH);
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int z = gatesOff + r * gatesStride;
            int before = cOff + r * cStride;
            int dy = dhOff + r * dhStride;
            int carried = dcOff + r * dcStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                int p = peepholesOff + u;
                FloatVector d = FloatVector.fromArray(SPECIES, sums, s + u);
                d = FloatVector.fromArray(SPECIES, dh, dy + u).add(d);
                d = d.blend(limit, d.compare(GT, limit));
                d = d.blend(-limit, d.compare(LT, -limit));
                d = d.blend(0f, d.abs().compare(LT, least));

                FloatVector o = FloatVector.fromArray(SPECIES, gates, z + 3 * segment + u);
                FloatVector tau = FloatVector.fromArray(SPECIES, work, r * WIDTH + u);
                FloatVector dO = d.mul(tau).mul(o.neg().fma(o, o));
                FloatVector e = FloatVector.fromArray(SPECIES, dc, carried + u);
                e = d.mul(o).fma(tau.neg().fma(tau, one), e);
                e = dO.fma(FloatVector.fromArray(SPECIES, peepholes, p + 2 * segment), e);
                e = e.blend(0f, e.abs().compare(LT, least));
                dO.intoArray(gates, z + 3 * segment + u);

                FloatVector i = FloatVector.fromArray(SPECIES, gates, z + u);
                FloatVector g = FloatVector.fromArray(SPECIES, gates, z + 2 * segment + u);
                FloatVector di = e.mul(g).mul(i.neg().fma(i, i));
                di.intoArray(gates, z + u);
                e.mul(i).mul(g.neg().fma(g, one)).intoArray(gates, z + 2 * segment + u);

                FloatVector f = FloatVector.fromArray(SPECIES, gates, z + segment + u);
                FloatVector state = FloatVector.fromArray(SPECIES, c, before + u);
                FloatVector df = e.mul(state).mul(f.neg().fma(f, f));
                df.intoArray(gates, z + segment + u);
                FloatVector pf = FloatVector.fromArray(SPECIES, peepholes, p + segment);
                FloatVector pi = FloatVector.fromArray(SPECIES, peepholes, p);
                di.fma(pi, df.fma(pf, e.mul(f))).intoArray(dc, carried + u);
            }
        }
    }

    @Override
    public void resetForward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] h,
            int hOff,
            int hStride,
            int rows,
            float[] work) {
        int n = rows * WIDTH;
        VectorCells.add(sums, sumsOff, sumsStride, gates, gatesOff, gatesStride, rows, work, 0);
        VectorCells.add(sums, sumsOff + WIDTH, sumsStride, gates, gatesOff + segment, gatesStride,
                rows, work,
                n);
        VectorFunctions.sigmoid(work, 0, work, 0, 2 * n, last);
        for (int k = 0; k < rows; k++) {
            int a = gatesOff + k * gatesStride;
            int before = hOff + k * hStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector r = FloatVector.fromArray(SPECIES, work, k * WIDTH + u);
                r.intoArray(gates, a + u);
                FloatVector.fromArray(SPECIES, work, n + k * WIDTH + u)
                        .intoArray(gates, a + segment + u);
                r.mul(FloatVector.fromArray(SPECIES, h, before + u))
                        .intoArray(gates, a + 3 * segment + u);
            }
        }
    }

    @Override
    public void candidateForward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] h,
            int hOff,
            int hNext,
            int hStride,
            int rows,
            float[] work) {
        VectorCells.add(sums, sumsOff, sumsStride, gates, gatesOff + 2 * segment, gatesStride, rows,
                work, 0);
        VectorFunctions.tanh(work, 0, work, 0, rows * WIDTH);
        for (int k = 0; k < rows; k++) {
            int a = gatesOff + k * gatesStride;
            int before = hOff + k * hStride;
            int after = hNext + k * hStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector n = FloatVector.fromArray(SPECIES, work, k * WIDTH + u);
                FloatVector z = FloatVector.fromArray(SPECIES, gates, a + segment + u);
                FloatVector old = FloatVector.fromArray(SPECIES, h, before + u);
                n.intoArray(gates, a + 2 * segment + u);
                FloatVector state = z.fma(old.sub(n), n);
                state.blend(0f, state.abs().compare(LT, least)).intoArray(h, after + u);
            }
        }
    }

    @Override
    public void candidateBackward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float limit,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] h,
            int hOff,
            int hStride,
            float[] dh,
            int dhOff,
            int dhStride,
            int rows) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int k = 0; k < rows; k++) {
            int s = sumsOff + k * sumsStride;
            int a = gatesOff + k * gatesStride;
            int before = hOff + k * hStride;
            int dy = dhOff + k * dhStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector d = FloatVector.fromArray(SPECIES, sums, s + u);
                d = FloatVector.fromArray(SPECIES, dh, dy + u).add(d);
                d = d.blend(limit, d.compare(GT, limit));
                d = d.blend(-limit, d.compare(LT, -limit));
                d = d.blend(0f, d.abs().compare(LT, least));
                FloatVector z = FloatVector.fromArray(SPECIES, gates, a + segment + u);
                FloatVector n = FloatVector.fromArray(SPECIES, gates, a + 2 * segment + u);
                FloatVector old = FloatVector.fromArray(SPECIES, h, before + u);
                d.mul(old.sub(n)).mul(z.neg().fma(z, z)).intoArray(gates, a + segment + u);
                d.mul(one.sub(z)).mul(n.neg().fma(n, one)).intoArray(gates, a + 2 * segment + u);
                d.mul(z).intoArray(gates, a + 4 * segment + u);
            }
        }
    }

    @Override
    public void resetBackward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] h,
            int hOff,
            int hStride,
            float[] dh,
            int dhBefore,
            int dhStride,
            int rows) {
        for (int k = 0; k < rows; k++) {
            int s = sumsOff + k * sumsStride;
            int a = gatesOff + k * gatesStride;
            int before = hOff + k * hStride;
            int to = dhBefore + k * dhStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector r = FloatVector.fromArray(SPECIES, gates, a + u);
                FloatVector sum = FloatVector.fromArray(SPECIES, sums, s + u);
                FloatVector old = FloatVector.fromArray(SPECIES, h, before + u);
                sum.mul(old).mul(r.neg().fma(r, r)).intoArray(gates, a + u);
                FloatVector passed = FloatVector.fromArray(SPECIES, gates, a + 4 * segment + u);
                FloatVector.fromArray(SPECIES, dh, to + u)
                        .add(sum.fma(r, passed))
                        .intoArray(dh, to + u);
            }
        }
    }

    /** work = fma(p, c, gates + sums). */
    private static void look(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            float[] peepholes,
            int peepholesOff,
            float[] c,
            int cOff,
            int cStride,
            int rows,
            float[] work,
            int workOff) {
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int z = gatesOff + r * gatesStride;
            int w = workOff + r * WIDTH;
            int state = cOff + r * cStride;
            for (int u = 0; u < WIDTH; u += SPECIES.length()) {
                FloatVector v = FloatVector.fromArray(SPECIES, sums, s + u);
                v = FloatVector.fromArray(SPECIES, gates, z + u).add(v);
                FloatVector p = FloatVector.fromArray(SPECIES, peepholes, peepholesOff + u);
                FloatVector.fromArray(SPECIES, c, state + u).fma(p, v).intoArray(work, w + u);
            }
        }
    }
}
