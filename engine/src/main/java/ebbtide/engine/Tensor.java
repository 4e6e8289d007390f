package ebbtide.engine;

/**
 * A view of floats as [steps, rows, features]: element (t, r, f) stands at {@code offset + t·stepStride
 * + r·rowStride + f}. Sequences use it as [T, B, features], states as [layers, B, H].
 *
 * <p>Immutable; the floats behind it belong to the caller.
 *
 * @param data the array
 * @param offset where element (0, 0, 0) stands
 * @param steps time steps T, or layers
 * @param rows batch rows B
 * @param features floats of a row
 * @param stepStride floats from one step to the next
 * @param rowStride floats from one row to the next, at least {@code features}
 */
public record Tensor(
        float[] data,
        int offset,
        int steps,
        int rows,
        int features,
        int stepStride,
        int rowStride) {

    /**
     * Checks that the view is well formed.
     *
     * @throws IllegalArgumentException if a size is below 1, rows or steps overlap, or the view leaves
     *     the array
     */
    public Tensor {
        Shapes.positive("steps", steps);
        Shapes.positive("rows", rows);
        Shapes.positive("features", features);
        if (rowStride < features || stepStride < (rows - 1L) * rowStride + features) {
            throw new IllegalArgumentException(
                    "strides overlap: [%d, %d, %d] needs a row stride of at least %d and a step stride of at least %d, got %d and %d"
                            .formatted(
                                    steps,
                                    rows,
                                    features,
                                    features,
                                    (rows - 1L) * rowStride + features,
                                    rowStride,
                                    stepStride));
        }
        long last =
                offset + (steps - 1L) * stepStride + (rows - 1L) * rowStride + features - 1L;
        if (offset < 0 || last >= data.length) {
            throw new IllegalArgumentException(
                    "tensor [%d, %d, %d] at offset %d reaches elements %d to %d of an array of %d; check offset and strides"
                            .formatted(
                                    steps, rows, features, offset, offset, last, data.length));
        }
    }

    /** Views an array that holds exactly [steps, rows, features] floats, without gaps. */
    public static Tensor of(float[] data, int steps, int rows, int features) {
        long size = Shapes.size(steps, rows, features);
        if (data.length != size) {
            throw new IllegalArgumentException(
                    "expected %d floats for [%d, %d, %d], got an array of %d"
                            .formatted(size, steps, rows, features, data.length));
        }
        return new Tensor(data, 0, steps, rows, features, rows * features, features);
    }

    /** Allocates a tensor of zeros without gaps. */
    public static Tensor zeros(int steps, int rows, int features) {
        return of(new float[Shapes.size(steps, rows, features)], steps, rows, features);
    }

    /** Returns the index of element (t, r, 0) in {@link #data}. */
    public int index(int t, int r) {
        return offset + t * stepStride + r * rowStride;
    }

    /** Returns element (t, r, f). */
    public float at(int t, int r, int f) {
        return data[index(t, r) + f];
    }

    /** The index after the last element of the view. */
    private int end() {
        return index(steps - 1, rows - 1) + features;
    }

    /** Returns whether the spans of two views share an element of one array. */
    boolean overlaps(Tensor other) {
        return data == other.data && offset < other.end() && other.offset < end();
    }
}
