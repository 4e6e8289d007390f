package ebbtide.engine;

/**
 * One product of a fused step: rows of a left factor by packed weights. Where a left factor has several
 * segments of gates the products of the segments are added in order, Σ_g dz_g·U_g.
 */
final class Term {
    final Packed[] factors;
    /** Distance from a row's start to the segment that belongs to each factor. */
    final int[] segments;

    float[] data;
    int offset;
    int stride;
    /** Rows that there are; the sums of those after them are zero. */
    int rows;

    Term(Packed[] factors, int[] segments) {
        this.factors = factors;
        this.segments = segments;
    }

    static Term of(Packed factor) {
        return new Term(new Packed[] {factor}, new int[] {0});
    }

    /** Points at {@code rows} rows from row {@code row} of index {@code index}. */
    void at(StepRows from, int index, int row, int rows) {
        data = from.data;
        offset = from.index(index, row);
        stride = from.rowStride;
        this.rows = rows;
    }
}
