package ebbtide.engine;

import ebbtide.kernels.Panels;
import ebbtide.kernels.Pointwise;

/**
 * The second half of a fused step: what happens to tiles of product sums while they are in L1. Rows of
 * sums are {@link FusedProduct#STRIDE} apart, the tiles of several terms {@link FusedProduct#TILE}. An
 * epilogue is made with a plan and pointed at a new place for each step, so that steps allocate nothing.
 */
abstract class Epilogue {
    /** Consumes the sums of {@code rows} rows from {@code row} and {@code panels} panels from {@code panel}. */
    abstract void apply(float[] sums, int row, int rows, int panel, int panels);

    /** An epilogue that writes rows of one target. */
    abstract static class ToRows extends Epilogue {
        float[] target;
        int offset;
        int stride;

        /** Points at the row that row 0 of the product belongs to. */
        final void at(float[] target, int offset, int stride) {
            this.target = target;
            this.offset = offset;
            this.stride = stride;
        }

        final int place(int row, int panel) {
            return offset + row * stride + panel * Panels.WIDTH;
        }

        /** Whether the products may write their sums to the rows of the target, for {@link #finish} to complete. */
        boolean direct() {
            return false;
        }

        /** Completes sums that stand in the target, if they are not all that it wants. */
        void finish(int row, int rows, int panel, int panels) {}
    }

    /** target = sums + bias. */
    static final class AddBias extends ToRows {
        /**
         * Floats of a target that is not in L2 any more from the last pass: products write to it, rather than this
         * does, since they go on while their stores wait for memory. Forward passes ran 5 to 8 % faster for it; one
         * of an LSTM of 128 units over 64 steps of one sequence, which has 2^15, 5 % slower.
         */
        private static final int COLD = 1 << 18;

        private final Pointwise pointwise;
        private final float[] bias;

        AddBias(Pointwise pointwise, float[] bias) {
            this.pointwise = pointwise;
            this.bias = bias;
        }

        @Override
        boolean direct() {
            return target.length >= COLD;
        }

        @Override
        void finish(int row, int rows, int panel, int panels) {
            add(target, place(row, panel), stride, row, rows, panel, panels);
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            add(sums, 0, FusedProduct.STRIDE, row, rows, panel, panels);
        }

        private void add(
                float[] sums, int from, int sumsStride, int row, int rows, int panel, int panels) {
            pointwise.addBias(
                    sums,
                    from,
                    sumsStride,
                    bias,
                    panel * Panels.WIDTH,
                    target,
                    place(row, panel),
                    stride,
                    rows,
                    panels * Panels.WIDTH);
        }
    }

    /** An epilogue over real columns only: rows of the caller have no padding to write to. */
    abstract static class ToReal extends ToRows {
        final int realColumns;
        ActiveRows order;
        private int first;

        ToReal(int realColumns) {
            this.realColumns = realColumns;
        }

        /** Points at row {@code first} of a step, of rows that stand in the caller's order. */
        final void at(StepRows to, int t, int first, ActiveRows order) {
            this.first = first;
            this.order = order;
            at(to.data, to.index(t, order == null ? first : 0), to.rowStride);
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int real = Math.min(panels * Panels.WIDTH, realColumns - panel * Panels.WIDTH);
            for (int r = 0; r < rows; r++) {
                int to = order == null ? row + r : order.order(first + row + r);
                apply(sums, r * FusedProduct.STRIDE, target, place(to, panel), real);
            }
        }

        abstract void apply(float[] sums, int from, float[] target, int to, int real);
    }

    /** target = sums. */
    static final class Store extends ToReal {
        Store(int realColumns) {
            super(realColumns);
        }

        /** Rows of the target are in the order of those of sums, and no panel has padding. */
        @Override
        boolean direct() {
            return order == null && realColumns % Panels.WIDTH == 0;
        }

        @Override
        void apply(float[] sums, int from, float[] target, int to, int real) {
            System.arraycopy(sums, from, target, to, real);
        }
    }

    /** target += sums. */
    static final class AddReal extends ToReal {
        AddReal(int realColumns) {
            super(realColumns);
        }

        @Override
        void apply(float[] sums, int from, float[] target, int to, int real) {
            for (int i = 0; i < real; i++) {
                target[to + i] += sums[from + i];
            }
        }
    }

    /** target += sums of each of several terms, in order. */
    static class Add extends ToRows {
        private final Pointwise pointwise;
        private final int terms;

        Add(Pointwise pointwise, int terms) {
            this.pointwise = pointwise;
            this.terms = terms;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            for (int i = 0; i < terms; i++) {
                pointwise.accumulate(
                        sums,
                        i * FusedProduct.TILE,
                        FusedProduct.STRIDE,
                        target,
                        place(row, panel),
                        stride,
                        rows,
                        panels * Panels.WIDTH);
            }
        }
    }
}
