package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.Arrays;

/**
 * Parameter gradients of one worker: dW += dzᵀ·x, dU += dzᵀ·h_{t−1}, db += Σ dz, merged over time.
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
    private final float[] left;
    private final float[] right;
    private final float[] sums = new float[FusedProduct.ROWS * FusedProduct.STRIDE];
    private final float[] biasSums;

    /**
     * @param widest the largest number of columns of any right factor
     * @param units the largest number of units whose gradients this worker computes
     */
    WeightGradients(Kernels kernels, int steps, int batch, int widest, int units) {
        this.kernels = kernels;
        this.batch = batch;
        blockSteps = Math.min(steps, blockSteps(batch));
        int rows = blockSteps * batch;
        left = new float[Shapes.size(Panels.groups(units), rows, Panels.GROUP)];
        right = new float[Shapes.size(Panels.count(widest), rows, Panels.WIDTH)];
        biasSums = new float[Panels.padded(units)];
    }

    /** Steps of a block: S = ⌊256 / B⌋, at least 1. It depends on the batch alone. */
    static int blockSteps(int batch) {
        return Math.max(1, Panels.BLOCK / batch);
    }

    static long floats(int steps, int batch, int widest, int units) {
        long rows = (long) Math.min(steps, blockSteps(batch)) * batch;
        return rows * (Panels.padded(widest) + Panels.groups(units) * (long) Panels.GROUP)
                + FusedProduct.ROWS * FusedProduct.STRIDE
                + Panels.padded(units);
    }

    /** Steps of a block that ends before step {@code end}. */
    int stepsOf(int end) {
        return Math.min(blockSteps, end);
    }

    /** Packs the gradients dz of units {@code unit0} to {@code unit1} − 1 for the block before {@code end}. */
    void packLeft(StepRows dz, int end, int unit0, int unit1) {
        int n = stepsOf(end);
        for (int s = 0; s < n; s++) {
            kernels.packing()
                    .packColumns(
                            dz.data,
                            dz.index(end - 1 - s, 0) + unit0,
                            dz.rowStride,
                            batch,
                            unit1 - unit0,
                            left,
                            0,
                            n * batch * Panels.GROUP,
                            s * batch);
        }
    }

    /**
     * gradient += leftᵀ·a for the block before {@code end}.
     *
     * @param units rows of the gradient, as many as {@link #packLeft} packed columns
     * @param to where the first of these rows stands in {@code gradient}
     */
    void add(
            StepRows a, int columns, int end, int units, float[] gradient, int to, int stride) {
        int terms = packRight(a, columns, end);
        int panels = Panels.count(columns);
        for (int panel = 0; panel < panels; panel += FusedProduct.PANELS) {
            int count = Math.min(FusedProduct.PANELS, panels - panel);
            for (int unit = 0; unit < units; unit += UNITS) {
                int real = Math.min(UNITS, units - unit);
                kernels.products()
                        .multiplyColumns(
                                left,
                                unit * terms,
                                terms * Panels.GROUP,
                                Panels.groups(real),
                                terms,
                                right,
                                panel * Panels.stride(terms),
                                Panels.stride(terms),
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

    private int packRight(StepRows a, int columns, int end) {
        int n = stepsOf(end);
        int terms = n * batch;
        for (int s = 0; s < n; s++) {
            kernels.packing()
                    .packRows(
                            a.data,
                            a.index(end - 1 - s, 0),
                            a.rowStride,
                            batch,
                            columns,
                            right,
                            0,
                            Panels.stride(terms),
                            s * batch);
        }
        return terms;
    }

    /** Sums dz over the block before {@code end}, {@code columns} (a multiple of 16) from {@code unit0}. */
    void sumBias(StepRows dz, int end, int unit0, int columns) {
        Arrays.fill(biasSums, 0, columns, 0f);
        for (int s = 0; s < stepsOf(end); s++) {
            kernels.rows()
                    .addRows(
                            dz.data,
                            dz.index(end - 1 - s, 0) + unit0,
                            dz.rowStride,
                            batch,
                            columns,
                            biasSums,
                            0);
        }
    }

    /** gradient += what {@link #sumBias} summed. */
    void addBias(float[] gradient, int to, int columns) {
        kernels.pointwise().accumulate(biasSums, 0, columns, gradient, to, columns, 1, columns);
    }
}
