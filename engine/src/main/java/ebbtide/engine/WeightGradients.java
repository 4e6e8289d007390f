package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.Arrays;

/**
 * Parameter gradients of one worker: dW += dzᵀ·x, dU += dzᵀ·h_{t−d}, db += Σ dz, merged over time.
 *
 * <p>Terms run over the steps last to first, within a step over the batch rows. Blocks of whole steps
 * are packed side by side; each block is one sum from zero, and is added to what the gradients hold.
 * A worker computes the gradients of a range of units and packs for itself what it needs: copying
 * costs one part in {@code units} of the multiplications, a barrier per block costs more.
 */
final class WeightGradients {
    private static final int UNITS = FusedProduct.ROWS;

    private final Kernels kernels;
    private final int batch;
    private final int blockSteps;
    private final int padded;
    private final float[] left;
    private final float[] right;
    private final float[] sums = new float[FusedProduct.TILE];
    private final float[] biasSums;
    private int leftTerms;
    private int rightTerms;

    /**
     * @param widest the largest number of columns of any right factor
     * @param segments the largest number of segments of left factors
     * @param units the largest number of units whose gradients this worker computes
     */
    WeightGradients(Kernels kernels, int steps, int batch, int widest, int segments, int units) {
        this.kernels = kernels;
        this.batch = batch;
        blockSteps = Math.min(steps, blockSteps(batch));
        int rows = blockSteps * batch;
        padded = Panels.padded(units);
        left = new float[Shapes.size(segments, rows, padded)];
        right = new float[Shapes.size(Panels.count(widest), rows, Panels.WIDTH)];
        biasSums = new float[padded];
    }

    /** Steps of a block: S = ⌊256 / B⌋, at least 1. It depends on the batch alone. */
    static int blockSteps(int batch) {
        return Math.max(1, Panels.BLOCK / batch);
    }

    static long floats(int steps, int batch, int widest, int segments, int units) {
        long rows = (long) Math.min(steps, blockSteps(batch)) * batch;
        long padded = Panels.padded(units);
        return rows * (Panels.padded(widest) + segments * padded) + FusedProduct.TILE + padded;
    }

    /** Steps of a block that ends before step {@code end}. */
    int stepsOf(int end) {
        return Math.min(blockSteps, end);
    }

    /** Packs {@code units} columns of dz from {@code column} as left factor {@code segment} of the block before {@code end}. */
    void packLeft(StepRows dz, int segment, int column, int units, int end) {
        int n = stepsOf(end);
        leftTerms = n * batch;
        for (int s = 0; s < n; s++) {
            kernels.packing()
                    .packColumns(
                            dz.data,
                            dz.index(end - 1 - s, 0) + column,
                            dz.rowStride,
                            batch,
                            units,
                            left,
                            segment * padded * leftTerms,
                            leftTerms * Panels.GROUP,
                            s * batch);
        }
    }

    /**
     * Packs the right factor of the block before {@code end}: rows of step t + shift of {@code a} for
     * step t. Steps that would reach before the first are left out; they come last.
     */
    void packRight(StepRows a, int shift, int columns, int end) {
        int n = Math.max(0, Math.min(stepsOf(end), end + shift));
        rightTerms = n * batch;
        for (int s = 0; s < n; s++) {
            kernels.packing()
                    .packRows(
                            a.data,
                            a.index(end - 1 - s + shift, 0),
                            a.rowStride,
                            batch,
                            columns,
                            right,
                            0,
                            Panels.stride(rightTerms),
                            s * batch);
        }
    }

    /**
     * gradient += leftᵀ·right.
     *
     * @param to where the first of {@code units} rows stands in {@code gradient}
     */
    void add(int segment, int units, int columns, float[] gradient, int to, int stride) {
        int panels = rightTerms == 0 ? 0 : Panels.count(columns);
        for (int panel = 0; panel < panels; panel += FusedProduct.PANELS) {
            int count = Math.min(FusedProduct.PANELS, panels - panel);
            for (int unit = 0; unit < units; unit += UNITS) {
                int real = Math.min(UNITS, units - unit);
                kernels.products()
                        .multiplyColumns(
                                left,
                                (segment * padded + unit) * leftTerms,
                                leftTerms * Panels.GROUP,
                                Panels.groups(real),
                                rightTerms,
                                right,
                                panel * Panels.stride(rightTerms),
                                Panels.stride(rightTerms),
                                count,
                                sums,
                                0,
                                FusedProduct.STRIDE);
                kernels.pointwise()
                        .accumulate(
                                sums,
                                0,
                                FusedProduct.STRIDE,
                                gradient,
                                to + unit * stride + panel * Panels.WIDTH,
                                stride,
                                real,
                                count * Panels.WIDTH);
            }
        }
    }

    /** Sums {@code units} columns of dz from {@code column} over the block before {@code end}. */
    void sumBias(StepRows dz, int column, int units, int end) {
        int columns = Panels.padded(units);
        Arrays.fill(biasSums, 0, columns, 0f);
        for (int s = 0; s < stepsOf(end); s++) {
            kernels.rows()
                    .addRows(
                            dz.data,
                            dz.index(end - 1 - s, 0) + column,
                            dz.rowStride,
                            batch,
                            columns,
                            biasSums,
                            0);
        }
    }

    /** gradient += what {@link #sumBias} summed. */
    void addBias(float[] gradient, int to, int units) {
        for (int i = 0; i < units; i++) {
            gradient[to + i] += biasSums[i];
        }
    }
}
