package ebbtide.engine;

import ebbtide.kernels.Panels;

/**
 * How the outputs of a plan are shared among workers; sums are never split, so the bits do not depend
 * on it. Where each worker gets at least four batch rows (one register tile) the batch is split, and no
 * worker waits for another in the time loop. Otherwise the columns are, with a barrier a step, if there
 * are enough of them to pay for it; and so they are where the weights are many for the rows, since each
 * worker then reads its share of them instead of all.
 */
final class Partition {
    /**
     * A barrier costs about as much as one row over this many weights. With columns split, a step of one row
     * took 1.4 times as long on two threads as on one at H = 128, and 0.7 times at 256 (Emerald Rapids).
     */
    private static final long WEIGHTS_PER_BARRIER = 160 * 160;

    private static final int TILE_ROWS = 4;

    /**
     * Columns are split below one row a worker for so many units: two threads ran at 1.28 instead of 0.84 times
     * oneDNN at eight rows of 1,024 units, and at 1.38 instead of 1.13 at 256. From 64 rows on it gains nothing.
     */
    private static final int UNITS_PER_ROW = 40;

    /** Every worker packs all rows then, which with fewer columns takes more than 7 % of its time. */
    private static final int LEAST_COLUMNS = 128;

    private final boolean byColumns;
    private final int workers;

    Partition(int workers, int batch, int hidden) {
        this.workers = workers;
        int tiles = (batch + TILE_ROWS - 1) / TILE_ROWS;
        boolean columnsPay = (long) batch * hidden * hidden > WEIGHTS_PER_BARRIER * workers;
        boolean wide = hidden >= (long) LEAST_COLUMNS * workers
                && (long) UNITS_PER_ROW * batch < (long) hidden * workers;
        boolean enough = columnsPay && Panels.count(hidden) >= workers;
        byColumns = workers > 1 && (wide || tiles < workers && enough);
    }

    /**
     * Whether more than one of {@code workers} would have a part in the recurrence. Where not, they are not worth
     * waking for the weight gradients, whose factors they would have to fetch from the caches of the
     * first: at 64 steps of one sequence and 128 units two threads took 1.06 times as long as one.
     */
    static boolean shares(int workers, int batch, int hidden) {
        Partition partition = new Partition(workers, batch, hidden);
        return partition.byColumns || partition.row(1, batch) < batch;
    }

    /**
     * Whether workers wait for each other at every step: columns are split, or rows that grow fewer, so
     * that they change hands.
     */
    boolean waits(ActiveRows active) {
        return byColumns || workers > 1 && !active.full();
    }

    /** First of {@code rows} rows of a worker. */
    int row(int worker, int rows) {
        if (byColumns) {
            return 0;
        }
        int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
        return Math.min(rows, share(tiles, worker, Math.clamp(tiles, 1, workers)) * TILE_ROWS);
    }

    /** The row after the last one of a worker. */
    int rowEnd(int worker, int rows) {
        return byColumns ? rows : row(worker + 1, rows);
    }

    /** First of {@code rows} rows that a worker has to itself, whole. */
    int wholeRow(int worker, int rows) {
        return byColumns ? share(rows, worker, workers) : row(worker, rows);
    }

    /** First of {@code panels} panels of a worker. */
    int panel(int worker, int panels) {
        return byColumns ? share(panels, worker, workers) : 0;
    }

    /** The panel after the last one of a worker. */
    int panelEnd(int worker, int panels) {
        return byColumns ? share(panels, worker + 1, workers) : panels;
    }

    /** Where part {@code part} of {@code parts} begins in {@code count} things. */
    static int share(int count, int part, int parts) {
        return (int) ((long) count * Math.min(part, parts) / parts);
    }
}
