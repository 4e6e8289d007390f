package ebbtide.engine;

/**
 * A view of integers as [steps, rows]: inputs or targets that name one of a number of classes. Element
 * (t, r) stands at {@code offset + t·stepStride + r}.
 *
 * @param data the array
 * @param offset where element (0, 0) stands
 * @param steps time steps T
 * @param rows batch rows B
 * @param stepStride integers from one step to the next
 */
public record Tokens(int[] data, int offset, int steps, int rows, int stepStride) {

    /**
     * Checks that the view is well formed.
     *
     * @throws IllegalArgumentException if a size is below 1, steps overlap, or the view leaves the array
     */
    public Tokens {
        Shapes.positive("steps", steps);
        Shapes.positive("rows", rows);
        long last = offset + (steps - 1L) * stepStride + rows - 1L;
        if (stepStride < rows || offset < 0 || last >= data.length) {
            throw new IllegalArgumentException(
                    "tokens [%d, %d] at offset %d with step stride %d do not fit an array of %d; check offset and stride"
                            .formatted(steps, rows, offset, stepStride, data.length));
        }
    }

    /** Views an array that holds exactly [steps, rows] integers, without gaps. */
    public static Tokens of(int[] data, int steps, int rows) {
        long size = Shapes.size(steps, rows, 1);
        if (data.length != size) {
            throw new IllegalArgumentException(
                    "expected %d integers for [%d, %d], got an array of %d"
                            .formatted(size, steps, rows, data.length));
        }
        return new Tokens(data, 0, steps, rows, rows);
    }

    /** Returns the index of element (t, r) in {@link #data}. */
    public int index(int t, int r) {
        return offset + t * stepStride + r;
    }

    /** Returns element (t, r). */
    public int at(int t, int r) {
        return data[index(t, r)];
    }

    /**
     * Checks that every element names one of {@code classes} classes.
     *
     * @throws IllegalArgumentException naming the first one that does not
     */
    void requireBelow(int classes, String what) {
        for (int t = 0; t < steps; t++) {
            for (int r = 0; r < rows; r++) {
                int token = at(t, r);
                if (token < 0 || token >= classes) {
                    throw new IllegalArgumentException(
                            "%s: expected tokens from 0 to %d, got %d at step %d, row %d"
                                    .formatted(what, classes - 1, token, t, r));
                }
            }
        }
    }
}
