package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.Arrays;

/**
 * The gradient of W for token inputs: rows of dz are added to the rows of their tokens, block by block
 * in the order of {@link WeightGradients}, so that a one-hot matrix gives the same bits. Only tokens
 * that occur in a block are touched.
 */
final class TokenGradients {
    private static final int NONE = -1;

    private final Kernels kernels;
    private final ActiveRows active;
    private final int[] place;
    private final int[] present;
    private final int[] rowPlace;
    private final float[] sums;

    TokenGradients(Kernels kernels, ActiveRows active, int classes, int hidden) {
        this.kernels = kernels;
        this.active = active;
        int batch = active.batch;
        int rows = Math.min(active.steps, WeightGradients.blockSteps(batch)) * batch;
        int tokens = Math.min(rows, classes);
        place = new int[classes];
        Arrays.fill(place, NONE);
        present = new int[tokens];
        rowPlace = new int[batch];
        sums = new float[Shapes.size(tokens, Panels.padded(hidden), 1)];
    }

    static long floats(int steps, int batch, int classes, int hidden) {
        long rows = (long) Math.min(steps, WeightGradients.blockSteps(batch)) * batch;
        long tokens = Math.min(rows, classes);
        return tokens * Panels.padded(hidden) + classes + tokens + batch;
    }

    /**
     * gradient[unit, token] += Σ dz[·, unit] over the rows that hold the token, of the block that {@code
     * block} has turned to.
     */
    void add(
            StepRows dz,
            Tokens tokens,
            WeightGradients block,
            int column,
            int units,
            float[] gradient,
            int to,
            int stride) {
        int columns = Panels.padded(units);
        int count = 0;
        for (int i = 0; i < block.steps(); i++) {
            int t = block.step(i);
            for (int row = 0; row < active.at(t); row++) {
                int token = tokens.at(t, row);
                if (place[token] == NONE) {
                    place[token] = count;
                    Arrays.fill(sums, count * columns, (count + 1) * columns, 0f);
                    present[count++] = token;
                }
                rowPlace[row] = place[token];
            }
            kernels.rows()
                    .scatterAdd(
                            dz.data,
                            dz.index(t, 0) + column,
                            dz.rowStride,
                            rowPlace,
                            0,
                            sums,
                            0,
                            columns,
                            active.at(t),
                            columns);
        }
        for (int unit = 0; unit < units; unit++) {
            for (int i = 0; i < count; i++) {
                gradient[to + unit * stride + present[i]] += sums[i * columns + unit];
            }
        }
        for (int i = 0; i < count; i++) {
            place[present[i]] = NONE;
        }
    }
}
