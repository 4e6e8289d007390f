package ebbtide.kernels.scalar;

import static ebbtide.kernels.Panels.WIDTH;

import ebbtide.kernels.GatedVariants;
import ebbtide.kernels.Pointwise;

/** The reference of {@link GatedVariants}. */
public final class ScalarGatedVariants implements GatedVariants {
    private final Flush flush;

    /** Creates the operations. */
    public ScalarGatedVariants() {
        this(Pointwise.VANISHED);
    }

    private ScalarGatedVariants(float least) {
        flush = new Flush(least);
    }

    @Override
    public GatedVariants gradual() {
        return new ScalarGatedVariants(0f);
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
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int z = gatesOff + r * gatesStride;
            int before = cOff + r * cStride;
            int after = cNext + r * cStride;
            int y = hOff + r * hStride;
            for (int u = 0; u < WIDTH; u++) {
                int p = peepholesOff + u;
                float old = c[before + u];
                float zi = gates[z + u] + sums[s + u];
                float zf = gates[z + segment + u] + sums[s + WIDTH + u];
                float i = flush.gate(Math.fma(peepholes[p], old, zi));
                float f = flush.gate(Math.fma(peepholes[p + segment], old, zf));
                float g = ScalarMath.tanh(gates[z + 2 * segment + u] + sums[s + 2 * WIDTH + u]);
                float state = flush.state(Math.fma(f, old, i * g));
                float zo = gates[z + 3 * segment + u] + sums[s + 3 * WIDTH + u];
                float o = flush.gate(Math.fma(peepholes[p + 2 * segment], state, zo));
                gates[z + u] = i;
                gates[z + segment + u] = f;
                gates[z + 2 * segment + u] = g;
                gates[z + 3 * segment + u] = o;
                c[after + u] = state;
                h[y + u] = flush.state(o * ScalarMath.tanh(state));
            }
        }
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
            int s = sumsOff + r * sumsStride;
            int z = gatesOff + r * gatesStride;
            int before = cOff + r * cStride;
            int after = cNext + r * cStride;
            int dy = dhOff + r * dhStride;
            int carried = dcOff + r * dcStride;
            for (int u = 0; u < WIDTH; u++) {
                int p = peepholesOff + u;
                float i = gates[z + u];
                float f = gates[z + segment + u];
                float g = gates[z + 2 * segment + u];
                float o = gates[z + 3 * segment + u];
                float tau = ScalarMath.tanh(c[after + u]);
                float d = flush.adjoint(dh[dy + u] + sums[s + u], limit);
                float dO = (d * tau) * Math.fma(-o, o, o);
                float e = Math.fma(d * o, Math.fma(-tau, tau, 1f), dc[carried + u]);
                e = flush.state(Math.fma(dO, peepholes[p + 2 * segment], e));
                float di = (e * g) * Math.fma(-i, i, i);
                float df = (e * c[before + u]) * Math.fma(-f, f, f);
                gates[z + u] = di;
                gates[z + segment + u] = df;
                gates[z + 2 * segment + u] = (e * i) * Math.fma(-g, g, 1f);
                gates[z + 3 * segment + u] = dO;
                float past = Math.fma(df, peepholes[p + segment], e * f);
                dc[carried + u] = Math.fma(di, peepholes[p], past);
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
        for (int k = 0; k < rows; k++) {
            int s = sumsOff + k * sumsStride;
            int a = gatesOff + k * gatesStride;
            int before = hOff + k * hStride;
            for (int u = 0; u < WIDTH; u++) {
                float r = flush.gate(gates[a + u] + sums[s + u]);
                gates[a + u] = r;
                gates[a + segment + u] =
                        flush.gate(gates[a + segment + u] + sums[s + WIDTH + u]);
                gates[a + 3 * segment + u] = r * h[before + u];
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
        for (int k = 0; k < rows; k++) {
            int s = sumsOff + k * sumsStride;
            int a = gatesOff + k * gatesStride;
            int before = hOff + k * hStride;
            int after = hNext + k * hStride;
            for (int u = 0; u < WIDTH; u++) {
                float n = ScalarMath.tanh(gates[a + 2 * segment + u] + sums[s + u]);
                gates[a + 2 * segment + u] = n;
                float state = Math.fma(gates[a + segment + u], h[before + u] - n, n);
                h[after + u] = flush.state(state);
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
        for (int k = 0; k < rows; k++) {
            int s = sumsOff + k * sumsStride;
            int a = gatesOff + k * gatesStride;
            int before = hOff + k * hStride;
            int dy = dhOff + k * dhStride;
            for (int u = 0; u < WIDTH; u++) {
                float z = gates[a + segment + u];
                float n = gates[a + 2 * segment + u];
                float d = flush.adjoint(dh[dy + u] + sums[s + u], limit);
                gates[a + segment + u] = (d * (h[before + u] - n)) * Math.fma(-z, z, z);
                gates[a + 2 * segment + u] = (d * (1f - z)) * Math.fma(-n, n, 1f);
                gates[a + 4 * segment + u] = d * z;
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
            for (int u = 0; u < WIDTH; u++) {
                float r = gates[a + u];
                float sum = sums[s + u];
                gates[a + u] = (sum * h[before + u]) * Math.fma(-r, r, r);
                dh[to + u] += Math.fma(sum, r, gates[a + 4 * segment + u]);
            }
        }
    }
}
