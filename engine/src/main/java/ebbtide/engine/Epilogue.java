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
    }

    /** target = sums + bias. */
    static final class AddBias extends ToRows {
        private final Pointwise pointwise;
        private final float[] bias;

        AddBias(Pointwise pointwise, float[] bias) {
            this.pointwise = pointwise;
            this.bias = bias;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            pointwise.addBias(
                    sums,
                    0,
                    FusedProduct.STRIDE,
                    bias,
                    panel * Panels.WIDTH,
                    target,
                    place(row, panel),
                    stride,
                    rows,
                    panels * Panels.WIDTH);
        }
    }

    /** target = sums, real columns only: rows of the caller have no padding to write to. */
    static final class Store extends ToRows {
        private final int realColumns;

        Store(int realColumns) {
            this.realColumns = realColumns;
        }

        @Override
        void apply(float[] sums, int row, int rows, int panel, int panels) {
            int real = Math.min(panels * Panels.WIDTH, realColumns - panel * Panels.WIDTH);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(
                        sums, r * FusedProduct.STRIDE, target, place(row + r, panel), real);
            }
        }
    }

    /** target += sums of each of several terms, in order. */
    static final class Add extends ToRows {
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
