package ebbtide.kernels.scalar;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Pointwise;

/** The reference of {@link Pointwise}. */
public final class ScalarPointwise implements Pointwise {
    private final Flush flush;

    /** Creates the operations. */
    public ScalarPointwise() {
        this(VANISHED);
    }

    private ScalarPointwise(float least) {
        flush = new Flush(least);
    }

    @Override
    public Pointwise gradual() {
        return new ScalarPointwise(0f);
    }

    @Override
    public void apply(Activation f, float[] x, int xOff, float[] y, int yOff, int n) {
        for (int i = 0; i < n; i++) {
            y[yOff + i] = phi(f, x[xOff + i]);
        }
    }

    @Override
    public void exp(float[] x, int xOff, float[] y, int yOff, int n) {
        for (int i = 0; i < n; i++) {
            y[yOff + i] = ScalarMath.exp(x[xOff + i]);
        }
    }

    @Override
    public void log(float[] x, int xOff, float[] y, int yOff, int n) {
        for (int i = 0; i < n; i++) {
            y[yOff + i] = ScalarMath.log(x[xOff + i]);
        }
    }

    @Override
    public void addBias(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] bias,
            int biasOff,
            float[] out,
            int outOff,
            int outStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int o = outOff + r * outStride;
            for (int c = 0; c < columns; c++) {
                out[o + c] = sums[s + c] + bias[biasOff + c];
            }
        }
    }

    @Override
    public void activate(
            Activation f,
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] h,
            int hOff,
            int hStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int y = hOff + r * hStride;
            for (int c = 0; c < columns; c++) {
                h[y + c] = flush.state(phi(f, h[y + c] + sums[s + c]));
            }
        }
    }

    @Override
    public void differentiate(
            Activation f,
            float limit,
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] h,
            int hOff,
            int hStride,
            float[] dz,
            int dzOff,
            int dzStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int y = hOff + r * hStride;
            int d = dzOff + r * dzStride;
            for (int c = 0; c < columns; c++) {
                float adjoint = flush.adjoint(dz[d + c] + sums[s + c], limit);
                dz[d + c] = timesDerivative(f, adjoint, h[y + c]);
            }
        }
    }

    @Override
    public void accumulate(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] out,
            int outOff,
            int outStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int o = outOff + r * outStride;
            for (int c = 0; c < columns; c++) {
                out[o + c] = out[o + c] + sums[s + c];
            }
        }
    }

    /** φ(z). */
    static float phi(Activation f, float z) {
        return switch (f) {
            case SIGMOID -> ScalarMath.sigmoid(z);
            case TANH -> ScalarMath.tanh(z);
            case RELU -> z < 0f ? 0f : z;
            case IDENTITY -> z;
        };
    }

    /** adjoint · φ′(z) by y = φ(z). */
    static float timesDerivative(Activation f, float adjoint, float y) {
        return switch (f) {
            case SIGMOID -> adjoint * Math.fma(-y, y, y);
            case TANH -> adjoint * Math.fma(-y, y, 1f);
            case RELU -> y <= 0f ? 0f : adjoint;
            case IDENTITY -> adjoint;
        };
    }
}
