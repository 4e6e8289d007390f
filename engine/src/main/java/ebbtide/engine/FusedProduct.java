package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Packing;
import ebbtide.kernels.Panels;
import ebbtide.kernels.Products;

/**
 * Products and their pointwise part in one pass: tiles of sums are computed into a buffer that stays in
 * L1, and an {@link Epilogue} consumes each tile at once. Where several products meet, each is completed
 * alone in a tile of its own. One object serves one worker.
 *
 * <p>Rows are packed in groups of eight first, the last of them perhaps of four, where there are enough columns
 * to pay for it: 0.1 ns an element against the eighth of the product's time that it saves. One or two rows
 * that are left are read as they stand.
 */
final class FusedProduct {
    /**
     * Rows of a tile of sums, so many that weights beyond L2 are read once for them: with 32 rows, a step at H =
     * 1024 took 3 % longer, with 128 others did.
     */
    static final int ROWS = 64;

    /** Rows of a sweep that needs no room for sums, at most: weights beyond L2 are read a quarter as often. */
    private static final int MOST_ROWS = 256;

    /** Distance from one row of sums to the next. */
    static final int STRIDE = 8 * Panels.WIDTH;

    /** Distance from the tile of one term to that of the next. */
    static final int TILE = ROWS * STRIDE;

    /** Panels of a tile of a few rows: one row takes eight of them to hide the latency of its sums. */
    private static final int MOST_PANELS = STRIDE / Panels.WIDTH;

    /** Rows that are worth packing; three of them as a half group of which one is for nothing. */
    private static final int LEAST_ROWS = Panels.HALF_GROUP - 1;

    /** Packing pays from this many panels on. */
    private static final int PACKED_PANELS = 4;

    /**
     * Rows of panels up to which every other sweep runs backwards, 4 MiB: what was read last is in L2 still. One
     * sequence took 0.8 of the time so (LSTM of 512 units, sigmoid of 1,024), four 0.9, thirty-two the same; an
     * LSTM of 1,024 units took 1.03 times as long, for forwards the processor reads ahead from panel to panel.
     */
    private static final int TURNED = (4 << 20) / Float.BYTES / Panels.WIDTH;

    private final Products products;
    private final Packing packing;
    private float[] sums = new float[0];
    private float[] left = new float[0];
    /** Where a product goes: tiles of {@link #sums}, or the rows that would only be copies of them. */
    private float[] target;
    private int stride;
    /** Rows that share one sweep over the weights. */
    private int sweep;
    /** Whether the last sweep over the weights went from the last panel to the first. */
    private boolean back;

    FusedProduct(Kernels kernels) {
        products = kernels.products();
        packing = kernels.packing();
    }

    /** Makes room for these terms. */
    void reserve(Term... terms) {
        int depths = depths(terms);
        if (sums.length < terms.length * TILE) {
            sums = new float[terms.length * TILE];
        }
        if (left.length < Panels.FIRST + ROWS * depths) {
            left = new float[Math.addExact(Panels.FIRST, Math.multiplyExact(ROWS, depths))];
        }
    }

    private static int depths(Term[] terms) {
        int depths = 0;
        for (Term term : terms) {
            depths += term.depths();
        }
        return depths;
    }

    /**
     * Returns the floats of the buffers for {@code terms} terms.
     *
     * @param depths the depths of all their factors together
     */
    static long floats(int terms, long depths) {
        return (long) terms * TILE + Panels.FIRST + ROWS * depths;
    }

    /**
     * Computes panels {@code panel0} to {@code panel1} − 1 of each term and hands the sums to {@code
     * epilogue}, tile by tile; the panels of a tile are a multiple of {@code gates}.
     */
    void run(Term[] terms, int rows, int panel0, int panel1, int gates, Epilogue epilogue) {
        Epilogue.ToRows direct = direct(terms, rows, epilogue);
        target = direct == null ? sums : direct.target;
        stride = direct == null ? STRIDE : direct.stride;
        boolean turns = (long) depths(terms) * (panel1 - panel0) <= TURNED;
        sweep = direct == null ? ROWS : directRows(terms);
        for (int row = 0; row < rows; row += sweep) {
            int tileRows = Math.min(sweep, rows - row);
            boolean packs = tileRows >= LEAST_ROWS && panel1 - panel0 >= PACKED_PANELS;
            for (int i = 0, at = Panels.FIRST; packs && i < terms.length; i++) {
                pack(terms[i], row, tileRows, at);
                at += sweep * terms[i].depths();
            }
            int width = width(tileRows, gates);
            int tiles = (panel1 - panel0 + width - 1) / width;
            back = !back && turns;
            for (int tile = 0; tile < tiles; tile++) {
                int panel = panel0 + (back ? tiles - 1 - tile : tile) * width;
                int panels = Math.min(width, panel1 - panel);
                for (int i = 0, at = Panels.FIRST; i < terms.length; i++) {
                    int packed = packs ? packed(terms[i], row, tileRows) : 0;
                    int to = direct == null ? i * TILE : direct.place(row, panel);
                    multiply(terms[i], row, tileRows, packed, at, panel, panels, to);
                    at += sweep * terms[i].depths();
                }
                if (direct == null) {
                    epilogue.apply(sums, row, tileRows, panel, panels);
                } else {
                    direct.finish(row, tileRows, panel, panels);
                }
            }
        }
    }

    /** Rows of a sweep over the weights that needs no room for sums: as many as can be packed. */
    private int directRows(Term[] terms) {
        int fitting = (left.length - Panels.FIRST) / depths(terms) / ROWS * ROWS;
        return Math.min(MOST_ROWS, fitting);
    }

    /** Returns the epilogue if sums may go to its rows at once, else null. */
    private static Epilogue.ToRows direct(Term[] terms, int rows, Epilogue epilogue) {
        boolean whole = terms.length == 1 && terms[0].rows >= rows;
        return whole && epilogue instanceof Epilogue.ToRows to && to.direct() ? to : null;
    }

    /** Panels of a tile: two panels are one register tile, so an odd number of gates comes twice. */
    private static int width(int rows, int gates) {
        int pairs = gates % 2 == 0 ? gates : 2 * gates;
        int most = Math.max(gates, MOST_PANELS / gates * gates);
        return rows < Panels.GROUP ? most : Math.min(pairs, most);
    }

    /** Rows of a tile that a term has. */
    private static int present(Term term, int row, int rows) {
        return Math.clamp(term.rows - row, 0, rows);
    }

    /** Rows of them that are packed, or one more if there is room for sums that nobody reads. */
    private int packed(Term term, int row, int rows) {
        int present = present(term, row, rows);
        return (target == sums ? present + 1 : present) & -Panels.HALF_GROUP;
    }

    /** Packs a tile's rows, factor by factor. */
    private void pack(Term term, int row, int rows, int at) {
        int packed = Math.min(packed(term, row, rows), present(term, row, rows));
        int to = at;
        for (int i = 0; i < term.factors.length; i++) {
            int depth = term.factors[i].depth;
            packing.packGroups(
                    term.data, term.place(row, i), term.stride, packed, depth, left, to,
                    depth * Panels.GROUP);
            to += sweep * depth;
        }
    }

    private void multiply(
            Term term, int row, int rows, int packed, int at, int panel, int panels, int to) {
        int present = present(term, row, rows);
        int from = at;
        for (int i = 0; i < term.factors.length; i++) {
            Packed factor = term.factors[i];
            if (packed > 0) {
                multiplyGroups(factor, from, packed, panel, panels, to, i > 0);
                from += sweep * factor.depth;
            }
            if (packed < present) {
                products.multiply(
                        term.data,
                        term.place(row + packed, i),
                        term.stride,
                        present - packed,
                        factor.depth,
                        factor.data,
                        factor.place(panel),
                        factor.panelStride,
                        panels,
                        target,
                        to + packed * stride,
                        stride,
                        i > 0);
            }
        }
        if (present < rows) {
            int missing = rows - present;
            term.fill(row + present, missing, panel, panels, sums, to + present * STRIDE);
        }
    }

    private void multiplyGroups(
            Packed factor, int from, int rows, int panel, int panels, int to, boolean add) {
        for (int k = 0; k < factor.depth; k += Panels.BLOCK) {
            products.multiplyGroups(
                    left,
                    from + k * Panels.GROUP,
                    factor.depth * Panels.GROUP,
                    rows,
                    Math.min(Panels.BLOCK, factor.depth - k),
                    factor.data,
                    factor.place(panel) + k * Panels.WIDTH,
                    factor.panelStride,
                    panels,
                    target,
                    to,
                    stride,
                    add || k > 0);
        }
    }
}
