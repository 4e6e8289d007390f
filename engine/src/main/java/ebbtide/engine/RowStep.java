package ebbtide.engine;

import ebbtide.kernels.Panels;

/**
 * A pointwise part over whole rows, which puts something around that of another cell: no product
 * precedes it, so the cell is given sums of its own, or zeros.
 */
abstract class RowStep extends AroundStep {
    /** What the cell takes for the sums of a product. */
    final float[] sums = new float[FusedProduct.TILE];

    RowStep(CellStep cell) {
        super(cell);
    }

    @Override
    final void apply(float[] none, int row, int rows, int panel, int panels) {
        for (int r = row; r < row + rows; r += FusedProduct.ROWS) {
            rows(first + r, Math.min(FusedProduct.ROWS, row + rows - r));
        }
    }

    /** Computes up to {@link FusedProduct#ROWS} rows from row {@code row} of the workspace. */
    abstract void rows(int row, int rows);

    /** Fills {@link #sums} for the gates of 16 units from {@code unit}; zeros if it does nothing. */
    void fill(int row, int rows, int unit) {}

    /**
     * Runs the cell, 16 units at a time.
     *
     * @param gates panels that it takes for them
     */
    final void cell(int row, int rows, int padded, int gates) {
        for (int unit = 0; unit < padded; unit += Panels.WIDTH) {
            fill(row, rows, unit);
            inner.apply(sums, row - first, rows, unit / Panels.WIDTH * gates, gates);
        }
    }
}
