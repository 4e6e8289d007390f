package ebbtide.kernels.scalar;

import static ebbtide.kernels.Panels.WIDTH;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Cells;
import ebbtide.kernels.Pointwise;

/** The reference of {@link Cells}; it has no use for the scratch. */
public final class ScalarCells implements Cells {
    private final Flush flush;

    /** Creates the operations. */
    public ScalarCells() {
        this(Pointwise.VANISHED);
    }

    private ScalarCells(float least) {
        flush = new Flush(least);
    }

    @Override
    public Cells gradual() {
        return new ScalarCells(0f);
    }

    @Override
    public void lstmForward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
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
                float i = flush.gate(gates[z + u] + sums[s + u]);
                float f = flush.gate(gates[z + segment + u] + sums[s + WIDTH + u]);
                float g = ScalarMath.tanh(gates[z + 2 * segment + u] + sums[s + 2 * WIDTH + u]);
                float o = flush.gate(gates[z + 3 * segment + u] + sums[s + 3 * WIDTH + u]);
                float state = flush.state(Math.fma(f, c[before + u], i * g));
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
    public void lstmBackward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float limit,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
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
                float i = gates[z + u];
                float f = gates[z + segment + u];
                float g = gates[z + 2 * segment + u];
                float o = gates[z + 3 * segment + u];
                float tau = ScalarMath.tanh(c[after + u]);
                float d = flush.adjoint(dh[dy + u] + sums[s + u], limit);
                float e = Math.fma(d * o, Math.fma(-tau, tau, 1f), dc[carried + u]);
                e = flush.state(e);
                gates[z + u] = (e * g) * Math.fma(-i, i, i);
                gates[z + segment + u] = (e * c[before + u]) * Math.fma(-f, f, f);
                gates[z + 2 * segment + u] = (e * i) * Math.fma(-g, g, 1f);
                gates[z + 3 * segment + u] = (d * tau) * Math.fma(-o, o, o);
                dc[carried + u] = e * f;
            }
        }
    }

    @Override
    public void gruForward(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] gates,
            int gatesOff,
            int gatesStride,
            int segment,
            float[] bias,
            int biasOff,
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
                float r = flush.gate(gates[a + u] + sums[s + u]);
                float z = flush.gate(gates[a + segment + u] + sums[s + WIDTH + u]);
                float q = sums[s + 2 * WIDTH + u] + bias[biasOff + u];
                float n = ScalarMath.tanh(Math.fma(r, q, gates[a + 2 * segment + u]));
                gates[a + u] = r;
                gates[a + segment + u] = z;
                gates[a + 2 * segment + u] = n;
                gates[a + 3 * segment + u] = q;
                h[after + u] = flush.state(Math.fma(z, h[before + u] - n, n));
            }
        }
    }

    @Override
    public void gruBackward(
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
            int dhBefore,
            int dhStride,
            int rows) {
        for (int k = 0; k < rows; k++) {
            int s = sumsOff + k * sumsStride;
            int a = gatesOff + k * gatesStride;
            int before = hOff + k * hStride;
            int dy = dhOff + k * dhStride;
            int dyBefore = dhBefore + k * dhStride;
            for (int u = 0; u < WIDTH; u++) {
                float r = gates[a + u];
                float z = gates[a + segment + u];
                float n = gates[a + 2 * segment + u];
                float q = gates[a + 3 * segment + u];
                float d = flush.adjoint(dh[dy + u] + sums[s + u], limit);
                float dn = (d * (1f - z)) * Math.fma(-n, n, 1f);
                gates[a + u] = (dn * q) * Math.fma(-r, r, r);
                gates[a + segment + u] = (d * (h[before + u] - n)) * Math.fma(-z, z, z);
                gates[a + 2 * segment + u] = dn;
                gates[a + 3 * segment + u] = dn * r;
                dh[dyBefore + u] += d * z;
            }
        }
    }

    @Override
    public void leakyForward(
            Activation f,
            float[] sums,
            int sumsOff,
            int sumsStride,
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
            int s = sumsOff + r * sumsStride;
            int y = aOff + r * aStride;
            int before = hOff + r * hStride;
            int after = hNext + r * hStride;
            for (int c = 0; c < columns; c++) {
                a[y + c] = ScalarPointwise.phi(f, a[y + c] + sums[s + c]);
                float old = h[before + c];
                h[after + c] = flush.state(Math.fma(alpha[alphaOff + c], a[y + c] - old, old));
            }
        }
    }

    @Override
    public void leakyBackward(
            Activation f,
            float limit,
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] a,
            int aOff,
            int aStride,
            float[] alpha,
            int alphaOff,
            float[] dAlpha,
            int dAlphaOff,
            int dAlphaStride,
            float[] h,
            int hOff,
            int hStride,
            float[] dh,
            int dhOff,
            int dhBefore,
            int dhStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int y = aOff + r * aStride;
            int before = hOff + r * hStride;
            int dy = dhOff + r * dhStride;
            int dyBefore = dhBefore + r * dhStride;
            int rate = dAlphaOff + r * dAlphaStride;
            for (int c = 0; c < columns; c++) {
                float d = flush.adjoint(dh[dy + c] + sums[s + c], limit);
                if (dAlpha != null) {
                    dAlpha[rate + c] = Math.fma(d, a[y + c] - h[before + c], dAlpha[rate + c]);
                }
                float take = alpha[alphaOff + c];
                a[y + c] = ScalarPointwise.timesDerivative(f, d * take, a[y + c]);
                dh[dyBefore + c] = dh[dyBefore + c] + Math.fma(-take, d, d);
            }
        }
    }
}
