package ebbtide.openblas;

/** Checks of matrices on heap arrays, and the one operation that needs no product. */
final class Matrices {
    private Matrices() {}

    /** Checks that [rows, columns] at an offset and a stride lies inside an array. */
    static void require(
            String name, float[] array, int offset, int stride, int rows, int columns) {
        if (rows == 0 || columns == 0) {
            return;
        }
        if (stride < columns) {
            throw new IllegalArgumentException("%s: expected a stride of at least %d, got %d"
                    .formatted(name, columns, stride));
        }
        if (offset < 0) {
            throw new IllegalArgumentException(
                    "%s: expected an offset of 0 or more, got %d".formatted(name, offset));
        }
        long end = offset + (rows - 1L) * stride + columns;
        if (end > array.length) {
            throw new IllegalArgumentException(
                    "%s: [%d, %d] at offset %d, stride %d needs %d floats, got an array of %d"
                            .formatted(name, rows, columns, offset, stride, end, array.length));
        }
    }

    /** Checks that the rows of C and of a factor do not interleave in one array. */
    static void requireApart(
            String name,
            float[] a,
            int aOff,
            int aStride,
            int aRows,
            int aColumns,
            float[] c,
            int cOff,
            int cStride,
            int cRows,
            int cColumns) {
        if (a != c || aRows == 0 || aColumns == 0) {
            return;
        }
        int aEnd = aOff + (aRows - 1) * aStride + aColumns;
        int cEnd = cOff + (cRows - 1) * cStride + cColumns;
        if (aOff < cEnd && cOff < aEnd) {
            throw new IllegalArgumentException(
                    "%s and C: expected separate ranges, got %d..%d and %d..%d of one array"
                            .formatted(name, aOff, aEnd, cOff, cEnd));
        }
    }

    /** C = beta·C; a beta of 0 overwrites whatever C holds. */
    static void scale(float beta, float[] c, int cOff, int cStride, int rows, int columns) {
        if (beta == 1) {
            return;
        }
        for (int r = 0; r < rows; r++) {
            int start = cOff + r * cStride;
            for (int i = start; i < start + columns; i++) {
                c[i] = beta == 0 ? 0 : beta * c[i];
            }
        }
    }
}
