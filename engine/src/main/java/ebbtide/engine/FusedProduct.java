package ebbtide.engine;

import ebbtide.kernels.Panels;
import ebbtide.kernels.Products;

/**
 * Products and their pointwise part in one pass: tiles of sums are computed into a buffer that stays in
 * L1, and an {@link Epilogue} consumes each tile at once. Where several products meet, each is completed
 * alone in a tile of its own. One object serves one worker.
 */
final class FusedProduct {
    /** Rows and panels of a tile of sums: 8 KiB, which leaves room in L1 for a block of a panel. */
    static final int ROWS = 32;

    static final int PANELS = 4;
    static final int STRIDE = PANELS * Panels.WIDTH;
    /** Distance from the tile of one term to that of the next. */
    static final int TILE = ROWS * STRIDE;

    private final Products products;
    private float[] sums = new float[TILE];

    FusedProduct(Products products) {
        this.products = products;
    }

    /** Makes room for tiles of this many terms. */
    void reserve(int terms) {
        if (sums.length < terms * TILE) {
            sums = new float[terms * TILE];
        }
    }

    static long floats(int terms) {
        return (long) terms * TILE;
    }

    /**
     * Computes panels {@code panel0} to {@code panel1} − 1 of each term, {@code width} panels at a
     * time, and hands the sums to {@code epilogue}.
     */
    void run(Term[] terms, int rows, int panel0, int panel1, int width, Epilogue epilogue) {
        for (int row = 0; row < rows; row += ROWS) {
            int tileRows = Math.min(ROWS, rows - row);
            for (int panel = panel0; panel < panel1; panel += width) {
                int panels = Math.min(width, panel1 - panel);
                for (int i = 0; i < terms.length; i++) {
                    multiply(terms[i], row, tileRows, panel, panels, i * TILE);
                }
                epilogue.apply(sums, row, tileRows, panel, panels);
            }
        }
    }

    private void multiply(Term term, int row, int rows, int panel, int panels, int to) {
        int present = Math.clamp(term.rows - row, 0, rows);
        if (present < rows) {
            int missing = rows - present;
            term.fill(row + present, missing, panel, panels, sums, to + present * STRIDE);
        }
        if (present == 0) {
            return;
        }
        for (int i = 0; i < term.factors.length; i++) {
            Packed factor = term.factors[i];
            products.multiply(
                    term.data,
                    term.offset + row * term.stride + term.segments[i],
                    term.stride,
                    present,
                    factor.depth,
                    factor.data,
                    panel * factor.panelStride,
                    factor.panelStride,
                    panels,
                    sums,
                    to,
                    STRIDE,
                    i > 0);
        }
    }
}
