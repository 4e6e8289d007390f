package ebbtide.engine;

import java.util.Arrays;

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
    /** Rows that there are; the sums of those after them are zero, or were computed before. */
    int rows;

    private final int depths;
    private Carry carry;
    private int carryTerm;
    private int carryRow;
    /** What a library multiplies in place of the factors, or null. */
    private LibraryFactor library;

    private boolean byLibrary;

    Term(Packed[] factors, int[] segments) {
        this.factors = factors;
        this.segments = segments;
        depths = Arrays.stream(factors).mapToInt(factor -> factor.depth).sum();
    }

    static Term of(Packed factor) {
        return new Term(new Packed[] {factor}, new int[] {0});
    }

    /** This term, which a library can compute. */
    Term with(LibraryFactor factor) {
        library = factor;
        return this;
    }

    /** Lets the library compute all columns of {@code rows} rows, if it is to and the rows are there. */
    void leaveToLibrary(int rows) {
        if (library != null && rows > 0 && this.rows >= rows && library.serves()) {
            library.multiply(data, offset, stride, rows);
            this.rows = 0;
            byLibrary = true;
        }
    }

    /** Returns the depths of its factors together. */
    int depths() {
        return depths;
    }

    /** Where a row begins for a factor. */
    int place(int row, int factor) {
        return offset + row * stride + segments[factor];
    }

    /** Points at {@code rows} rows from row {@code row} of index {@code index}. */
    void at(StepRows from, int index, int row, int rows) {
        data = from.data;
        offset = from.index(index, row);
        stride = from.rowStride;
        this.rows = rows;
        carry = null;
        byLibrary = false;
    }

    /** No rows: the sums were computed before, and stand in a carry from row {@code row} on. */
    void from(Carry carry, int term, int row) {
        this.rows = 0;
        byLibrary = false;
        this.carry = carry;
        carryTerm = term;
        carryRow = row;
    }

    /** Fills rows that no product gives. */
    void fill(int row, int rows, int panel, int panels, float[] sums, int to) {
        if (byLibrary) {
            library.copy(row, rows, panel, panels, sums, to);
        } else if (carry == null) {
            Arrays.fill(sums, to, to + rows * FusedProduct.STRIDE, 0f);
        } else {
            carry.copy(carryTerm, carryRow + row, rows, panel, panels, sums, to);
        }
    }
}
