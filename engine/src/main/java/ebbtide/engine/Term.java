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
    /** Whether the step that the term reads exists; if not, its sums are zero. */
    boolean present;

    Term(Packed[] factors, int[] segments) {
        this.factors = factors;
        this.segments = segments;
    }

    static Term of(Packed factor) {
        return new Term(new Packed[] {factor}, new int[] {0});
    }

    /** Points at row {@code row} of step {@code t}. */
    void at(StepRows rows, int t, int row) {
        data = rows.data;
        offset = rows.index(t, row);
        stride = rows.rowStride;
        present = true;
    }
}
