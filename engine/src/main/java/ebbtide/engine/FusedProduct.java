package ebbtide.engine;

import ebbtide.kernels.Panels;
import ebbtide.kernels.Products;

/**
 * A product and its pointwise part in one pass: tiles of sums are computed into a buffer that stays in
 * L1, and an {@link Epilogue} consumes each tile at once. One object serves one worker.
 */
final class FusedProduct {
    /** Rows and panels of a tile of sums: 8 KiB, which leaves room in L1 for a block of a panel. */
    static final int ROWS = 32;

    static final int PANELS = 4;
    static final int STRIDE = PANELS * Panels.WIDTH;

    private final Products products;
    private final float[] sums = new float[ROWS * STRIDE];

    FusedProduct(Products products) {
        this.products = products;
    }

    /**
     * Multiplies rows of {@code a} by panels {@code panel0} to {@code panel1} − 1 of {@code w} and
     * hands the sums to {@code epilogue}, tile by tile.
     */
    void run(
            float[] a,
            int aOff,
            int aStride,
            int rows,
            Packed w,
            int panel0,
            int panel1,
            Epilogue epilogue) {
        for (int row = 0; row < rows; row += ROWS) {
            int tileRows = Math.min(ROWS, rows - row);
            for (int panel = panel0; panel < panel1; panel += PANELS) {
                int panels = Math.min(PANELS, panel1 - panel);
                products.multiply(
                        a,
                        aOff + row * aStride,
                        aStride,
                        tileRows,
                        w.depth,
                        w.data,
                        panel * w.panelStride,
                        w.panelStride,
                        panels,
                        sums,
                        0,
                        STRIDE,
                        false);
                epilogue.apply(
                        sums, STRIDE, row, tileRows, panel * Panels.WIDTH, panels * Panels.WIDTH);
            }
        }
    }
}
