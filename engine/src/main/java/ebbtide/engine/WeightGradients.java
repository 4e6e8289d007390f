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
    /**
     * Groups that pass all panels together. Few, so that a product walks along the rows of the gradient, and the
     * processor reads them ahead: down its columns, with all groups at once, a step of an LSTM of 1,024 units took
     * 8 % longer, and one of 512 units 4 %.
     */
    private static final int GROUPS = 4;

    private final Kernels kernels;
    private final ActiveRows active;
    private final int blockSteps;
    /** Groups of a segment of the left factor. */
    private final int groups;
    private final float[] left;
    private final float[] right;
    /** Sums of a group that the units do not fill. */
    private final float[] sums = new float[Panels.GROUP * Panels.WIDTH];
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
        left = new float[Panels.FIRST + Shapes.size(segments, groups, Panels.groupStride(rows))];
        right = new float[Panels.FIRST + Shapes.size(Panels.count(widest), 1, rightStride(rows))];
        columnSums = new float[Panels.padded(units)];
    }

    /** Steps of a block: S = ⌊256 / B⌋, at least 1. It depends on the batch alone. */
    static int blockSteps(int batch) {
        return Math.max(1, Panels.BLOCK / batch);
    }

    static long floats(int steps, int batch, int widest, int segments, int units) {
        int rows = Math.min(steps, blockSteps(batch)) * batch;
        long left = (long) segments * Panels.groups(units) * Panels.groupStride(rows);
        long right = Panels.FIRST + (long) Panels.count(widest) * rightStride(rows);
        return Panels.FIRST + left + right + Panels.GROUP * Panels.WIDTH + Panels.padded(units);
    }

    /** A cache line more than a panel takes, for the reason that {@link Panels#groupStride} gives. */
    private static int rightStride(int terms) {
        return Math.addExact(Panels.stride(terms), Panels.WIDTH);
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
                            Panels.FIRST,
                            rightStride(terms),
                            packed);
            packed += active.at(t);
        }
    }

    /** Where the group that a unit is the first of stands in the left factor. */
    private int group(int segment, int unit) {
        return Panels.FIRST
                + (segment * groups + unit / Panels.GROUP) * Panels.groupStride(terms);
    }

    /**
     * gradient += leftᵀ·right.
     *
     * @param to where the first of {@code units} rows stands in {@code gradient}
     */
    void add(int segment, int units, int columns, float[] gradient, int to, int stride) {
        int whole = units / Panels.GROUP;
        int panels = Panels.count(columns);
        for (int group = 0; group < whole; group += GROUPS) {
            int unit = group * Panels.GROUP;
            multiply(
                    segment, unit, Math.min(GROUPS, whole - group), 0, panels, gradient,
                    to + unit * stride, stride, true);
        }
        int real = units % Panels.GROUP;
        int unit = whole * Panels.GROUP;
        for (int panel = 0; real > 0 && panel < panels; panel++) {
            multiply(segment, unit, 1, panel, 1, sums, 0, Panels.WIDTH, false);
            kernels.pointwise()
                    .accumulate(
                            sums,
                            0,
                            Panels.WIDTH,
                            gradient,
                            to + unit * stride + panel * Panels.WIDTH,
                            stride,
                            real,
                            Panels.WIDTH);
        }
    }

    private void multiply(
            int segment,
            int unit,
            int groups,
            int panel,
            int panels,
            float[] to,
            int toOff,
            int stride,
            boolean add) {
        kernels.products()
                .multiplyGroups(
                        left,
                        group(segment, unit),
                        Panels.groupStride(terms),
                        groups * Panels.GROUP,
                        terms,
                        right,
                        Panels.FIRST + panel * rightStride(terms),
                        rightStride(terms),
                        panels,
                        to,
                        toOff,
                        stride,
                        add);
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
        for (int slot = 0; slot < sum.slots().size(); slot++) {
            int to = sum.slots().get(slot).offset() + sum.first() + unit;
            for (int i = 0; i < units; i++) {
                gradient[to + i] += columnSums[i];
            }
        }
    }
}
