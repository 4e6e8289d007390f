package ebbtide.engine;

import ebbtide.kernels.Panels;
import ebbtide.kernels.Reductions;
import java.util.Arrays;

/**
 * Layer normalisation (J. Ba, J. Kiros, G. Hinton, 2016, equation 3): with mean μ and variance σ² over n
 * values, x̂ = (a − μ)/√(σ² + ε), ε = 1e-5. The values are those of one or more segments of a row, H of
 * each; what pads them comes out as 0.
 *
 * <p>Sequence: sums are {@link Reductions}, segment after segment, and divided by n; the variance is
 * that of the centred values; x̂ = (a − μ)·s with s = 1/√(σ²/n + ε). One object serves one worker.
 */
final class LayerNorm {
    private static final float EPSILON = 1e-5f;

    private final Reductions reductions;
    private final int hidden;
    private final int padded;
    private final float[] products;

    /** @param most segments that are normalised together at most */
    LayerNorm(Reductions reductions, int hidden, int most) {
        this.reductions = reductions;
        this.hidden = hidden;
        padded = Panels.padded(hidden);
        products = new float[most * padded];
    }

    /**
     * Normalises {@code count} segments together; {@code from} may be {@code to}.
     *
     * @return s
     */
    float normalize(float[] from, int at, int count, float[] to, int toAt) {
        float mean = 0;
        for (int g = 0; g < count; g++) {
            mean += reductions.sum(from, at + g * padded, hidden);
        }
        mean /= count * hidden;
        float squares = 0;
        for (int g = 0; g < count; g++) {
            int out = toAt + g * padded;
            for (int i = 0; i < hidden; i++) {
                to[out + i] = from[at + g * padded + i] - mean;
            }
            Arrays.fill(to, out + hidden, out + padded, 0f);
            squares += reductions.sumOfSquares(to, out, hidden);
        }
        float scale = 1 / (float) Math.sqrt(squares / (count * hidden) + EPSILON);
        for (int i = toAt; i < toAt + count * padded; i++) {
            to[i] *= scale;
        }
        return scale;
    }

    /**
     * ∂L/∂a = ((d − mean d) − x̂·mean(d ⊙ x̂))·s for d = ∂L/∂x̂; {@code to} may be {@code d}.
     *
     * @param normalized x̂
     * @param scale s
     */
    void differentiate(
            float[] d,
            int at,
            int count,
            float[] normalized,
            int normalizedAt,
            float scale,
            float[] to,
            int toAt) {
        float mean = 0;
        float along = 0;
        for (int g = 0; g < count; g++) {
            int segment = g * padded;
            for (int i = segment; i < segment + hidden; i++) {
                products[i] = d[at + i] * normalized[normalizedAt + i];
            }
            mean += reductions.sum(d, at + segment, hidden);
            along += reductions.sum(products, segment, hidden);
        }
        mean /= count * hidden;
        along /= count * hidden;
        for (int g = 0; g < count; g++) {
            for (int i = g * padded; i < g * padded + hidden; i++) {
                to[toAt + i] =
                        Math.fma(-along, normalized[normalizedAt + i], d[at + i] - mean) * scale;
            }
        }
    }
}
