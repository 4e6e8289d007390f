package ebbtide.bench.data;

/**
 * The network's outputs for a window: row r of {@code columns} values starts at {@code r * stride}.
 *
 * @param array logits or values
 * @param stride floats from one row to the next
 * @param columns real columns of a row
 */
public record Outputs(float[] array, int stride, int columns) {
    /** Returns output {@code c} of row {@code r}. */
    public float at(int r, int c) {
        return array[r * stride + c];
    }

    /** Returns the place of the largest output of row {@code r}, the first of equals. */
    public int largest(int r) {
        int best = 0;
        for (int c = 1; c < columns; c++) {
            if (at(r, c) > at(r, best)) {
                best = c;
            }
        }
        return best;
    }
}
