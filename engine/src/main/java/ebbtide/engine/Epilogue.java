package ebbtide.engine;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Pointwise;

/**
 * The second half of a fused step: what happens to a tile of product sums while it is in L1. An
 * epilogue is made with a plan and pointed at a new place for each step, so that steps allocate
 * nothing.
 */
abstract class Epilogue {
    float[] target;
    int offset;
    int stride;

    /** Points at the row that row 0 of the product belongs to. */
    final Epilogue at(float[] target, int offset, int stride) {
        this.target = target;
        this.offset = offset;
        this.stride = stride;
        return this;
    }

    /** Consumes sums of {@code rows} rows from {@code row} and {@code columns} columns from {@code column}. */
    abstract void apply(float[] sums, int sumsStride, int row, int rows, int column, int columns);

    final int place(int row, int column) {
        return offset + row * stride + column;
    }

    /** target = sums + bias. */
    static final class AddBias extends Epilogue {
        private final Pointwise pointwise;
        private final float[] bias;

        AddBias(Pointwise pointwise, float[] bias) {
            this.pointwise = pointwise;
            this.bias = bias;
        }

        @Override
        void apply(float[] sums, int sumsStride, int row, int rows, int column, int columns) {
            pointwise.addBias(
                    sums, 0, sumsStride, bias, column, target, place(row, column), stride, rows,
                    columns);
        }
    }

    /** target = φ(target + sums). */
    static final class Activate extends Epilogue {
        private final Pointwise pointwise;
        private final Activation activation;

        Activate(Pointwise pointwise, Activation activation) {
            this.pointwise = pointwise;
            this.activation = activation;
        }

        @Override
        void apply(float[] sums, int sumsStride, int row, int rows, int column, int columns) {
            pointwise.activate(
                    activation, sums, 0, sumsStride, target, place(row, column), stride, rows,
                    columns);
        }
    }

    /** target = clip(target + sums)·φ′(h), h standing at the same place of another array. */
    static final class Differentiate extends Epilogue {
        private final Pointwise pointwise;
        private final Activation activation;
        private final float[] h;
        private final float limit;
        private int hOffset;

        Differentiate(Pointwise pointwise, Activation activation, float limit, float[] h) {
            this.pointwise = pointwise;
            this.activation = activation;
            this.limit = limit;
            this.h = h;
        }

        Differentiate state(int offset) {
            this.hOffset = offset;
            return this;
        }

        @Override
        void apply(float[] sums, int sumsStride, int row, int rows, int column, int columns) {
            apply(sums, 0, sumsStride, row, rows, column, columns);
        }

        void apply(
                float[] sums, int sumsOff, int sumsStride, int row, int rows, int column,
                int columns) {
            pointwise.differentiate(
                    activation,
                    limit,
                    sums,
                    sumsOff,
                    sumsStride,
                    h,
                    hOffset + row * stride + column,
                    stride,
                    target,
                    place(row, column),
                    stride,
                    rows,
                    columns);
        }
    }

    /** target = sums, real columns only: rows of the caller have no padding to write to. */
    static final class Store extends Epilogue {
        private final int realColumns;

        Store(int realColumns) {
            this.realColumns = realColumns;
        }

        @Override
        void apply(float[] sums, int sumsStride, int row, int rows, int column, int columns) {
            int real = Math.min(columns, realColumns - column);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(sums, r * sumsStride, target, place(row + r, column), real);
            }
        }
    }
}
