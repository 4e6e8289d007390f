package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.Arrays;

/**
 * Parameter gradients of one worker: dW += dzᵀ·x, dU += dzᵀ·h_{t−d}, db += Σ dz, merged over time.
 *
 * <p>Terms run over the steps as the backward pass visits them, forward last to first, in reverse first to
 * last, within a step over the rows that take part. Blocks of
 * whole steps are packed side by side; each block is one sum from zero, and is added to what the
 * gradients hold. A worker computes the gradients of a range of units and packs for itself what it
 * needs: copying costs one part in {@code units} of the multiplications, a barrier per block costs more.
 */
final class WeightGradients {
    private static final int UNITS = FusedProduct.ROWS;
    private static final int PANELS = 4;

    private final Kernels kernels;
    private final ActiveRows active;
    private final int blockSteps;
    /** Groups of a segment of the left factor. */
    private final int groups;
    private final float[] left;
    private final float[] right;
    private final float[] sums = new float[FusedProduct.TILE];
    private final float[] columnSums;
    private TimeAxis axis;
    /** Steps before the block and its own, in the order of the backward pass. */
    private int done;

    private int count;
    private int terms;

    /**
     * @param widest the largest number of columns of any right factor
     * @param segments the largest number of segments of left factors
     * @param units the largest number of units whose gradients this worker computes
     */
    WeightGradients(Kernels kernels, ActiveRows active, int widest, int segments, int units) {
        this.kernels = kernels;
        this.active = active;
        blockSteps = Math.min(active.steps, blockSteps(active.batch));
        int rows = blockSteps * active.batch;
        groups = Panels.groups(units);
        left = new float[Shapes.size(segments, groups, Panels.groupStride(rows))];
        right = new float[Shapes.size(Panels.count(widest), rows, Panels.WIDTH)];
        columnSums = new float[Panels.padded(units)];
    }

    /** Steps of a block: S = ⌊256 / B⌋, at least 1. It depends on the batch alone. */
    static int blockSteps(int batch) {
        return Math.max(1, Panels.BLOCK / batch);
    }

    static long floats(int steps, int batch, int widest, int segments, int units) {
        int rows = Math.min(steps, blockSteps(batch)) * batch;
        long left = (long) segments * Panels.groups(units) * Panels.groupStride(rows);
        long right = (long) rows * Panels.padded(widest);
        return left + right + FusedProduct.TILE + Panels.padded(units);
    }

    /**
     * Turns to a block of steps.
     *
     * @param done steps that blocks before it had
     * @return steps that they have with it
     */
    int block(TimeAxis axis, int done) {
        this.axis = axis;
        this.done = done;
        count = Math.min(blockSteps, active.steps - done);
        terms = 0;
        for (int i = 0; i < count; i++) {
            terms += active.at(step(i));
        }
        return done + count;
    }

    /** Steps of the block. */
    int steps() {
        return count;
    }

    /** The i-th step of the block. */
    int step(int i) {
        return axis.stepBack(done + i);
    }

    /** Packs {@code units} columns of dz from {@code column} as left factor {@code segment}. */
    void packLeft(StepRows dz, int segment, int column, int units) {
        int packed = 0;
        for (int i = 0; i < count; i++) {
            int t = step(i);
            kernels.packing()
                    .packColumns(
                            dz.data,
                            dz.index(t, 0) + column,
                            dz.rowStride,
                            active.at(t),
                            units,
                            left,
                            group(segment, 0),
                            Panels.groupStride(terms),
                            packed);
            packed += active.at(t);
        }
    }

    /** Packs the right factor: rows of index t + shift of {@code a} for step t. */
    void packRight(StepRows a, int shift, int columns) {
        int packed = 0;
        for (int i = 0; i < count; i++) {
            int t = step(i);
            kernels.packing()
                    .packRows(
                            a.data,
                            a.index(t + shift, 0),
                            a.rowStride,
                            active.at(t),
                            columns,
                            right,
                            0,
                            Panels.stride(terms),
                            packed);
            packed += active.at(t);
        }
    }

    /** Where the group that a unit is the first of stands in the left factor. */
    private int group(int segment, int unit) {
        return (segment * groups + unit / Panels.GROUP) * Panels.groupStride(terms);
    }

    /**
     * gradient += leftᵀ·right.
     *
     * @param to where the first of {@code units} rows stands in {@code gradient}
     */
    void add(int segment, int units, int columns, float[] gradient, int to, int stride) {
        int panels = Panels.count(columns);
        for (int panel = 0; panel < panels; panel += PANELS) {
            int count = Math.min(PANELS, panels - panel);
            for (int unit = 0; unit < units; unit += UNITS) {
                int real = Math.min(UNITS, units - unit);
                kernels.products()
                        .multiplyGroups(
                                left,
                                group(segment, unit),
                                Panels.groupStride(terms),
                                Panels.groups(real),
                                terms,
                                right,
                                panel * Panels.stride(terms),
                                Panels.stride(terms),
                                count,
                                sums,
                                0,
                                FusedProduct.STRIDE,
                                false);
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

    /** gradient += Σ dz ⊙ a over the block, for {@code units} columns from {@code column}. */
    void addColumns(
            ColumnSum sum, StepRows dz, int column, int unit, int units, float[] gradient) {
        int columns = Panels.padded(units);
        Arrays.fill(columnSums, 0, columns, 0f);
        for (int i = 0; i < count; i++) {
            int t = step(i);
            int from = dz.index(t, 0) + column;
            StepRows a = sum.factor();
            if (a == null) {
                kernels.rows()
                        .addRows(
                                dz.data, from, dz.rowStride, active.at(t), columns, columnSums, 0);
            } else {
                kernels.rows()
                        .addProducts(
                                dz.data,
                                from,
                                dz.rowStride,
                                a.data,
                                a.index(t + sum.shift(), 0) + unit,
                                a.rowStride,
                                active.at(t),
                                columns,
                                columnSums,
                                0);
            }
        }
        int to = sum.slot().offset() + sum.first() + unit;
        for (int i = 0; i < units; i++) {
            gradient[to + i] += columnSums[i];
        }
    }
}
