package ebbtide.engine.loss;

import ebbtide.engine.Tensor;
import java.util.Arrays;

/**
 * What each row (one step of one sequence) counts in a mean: weight[t, b] = mask[t, b]·sequence[b]
 * / (d · Σ mask·sequence), products and sum in double, rounded to float once.
 */
final class RowWeights {
    private final int steps;
    private final int batch;
    private final float[] values;
    private final int divisor;
    private boolean constantNow;

    /**
     * Creates weights that are all 1 / (d·steps·batch).
     *
     * @param divisor d, what the mean runs over besides the rows
     */
    RowWeights(int steps, int batch, int divisor) {
        this.steps = steps;
        this.batch = batch;
        this.values = new float[Math.multiplyExact(steps, batch)];
        this.divisor = divisor;
    }

    /** Returns the weights of rows t·batch + b. */
    float[] values() {
        return values;
    }

    /**
     * Computes the weights.
     *
     * @param mask [steps, batch, 1] or null for all 1
     * @param sequences [batch] or null for all 1
     * @throws IllegalArgumentException if a shape is wrong, a weight negative, NaN or infinite, or
     *     if they sum to 0
     */
    void set(Tensor mask, float[] sequences) {
        if (mask == null && sequences == null) {
            if (!constantNow) {
                Arrays.fill(values, (float) (1 / ((double) divisor * values.length)));
                constantNow = true;
            }
            return;
        }
        requireShapes(mask, sequences);
        double total = 0;
        for (int t = 0; t < steps; t++) {
            for (int b = 0; b < batch; b++) {
                total += weight(mask, sequences, t, b);
            }
        }
        if (total == 0) {
            throw new IllegalArgumentException(
                    "mask and weights: expected a sum above 0, got 0; a batch needs a row that counts");
        }
        total *= divisor;
        constantNow = false;
        for (int t = 0; t < steps; t++) {
            for (int b = 0; b < batch; b++) {
                values[t * batch + b] = (float) (weight(mask, sequences, t, b) / total);
            }
        }
    }

    private static double weight(Tensor mask, float[] sequences, int t, int b) {
        float m = mask == null ? 1f : mask.at(t, b, 0);
        float s = sequences == null ? 1f : sequences[b];
        if (!(m >= 0f && m <= Float.MAX_VALUE && s >= 0f && s <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "weight of step %d, sequence %d: expected finite numbers of at least 0, got mask %s, weight %s"
                            .formatted(t, b, m, s));
        }
        return (double) m * s;
    }

    private void requireShapes(Tensor mask, float[] sequences) {
        if (mask != null
                && (mask.steps() != steps || mask.rows() != batch || mask.features() != 1)) {
            throw new IllegalArgumentException(
                    "mask: expected [%d, %d, 1], got [%d, %d, %d]"
                            .formatted(steps, batch, mask.steps(), mask.rows(), mask.features()));
        }
        if (sequences != null && sequences.length != batch) {
            throw new IllegalArgumentException(
                    "weights of sequences: expected %d, got %d".formatted(batch, sequences.length));
        }
    }
}
