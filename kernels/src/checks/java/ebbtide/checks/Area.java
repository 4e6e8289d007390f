package ebbtide.checks;

/** A matrix within an array: what surrounds it is the guard band. */
public record Area(float[] x, int off, int stride, int rows, int columns) {
    /** Returns a copy with an array of its own. */
    public Area copy() {
        return new Area(x.clone(), off, stride, rows, columns);
    }

    /** Returns element (r, c). */
    public float get(int r, int c) {
        return x[off + r * stride + c];
    }

    /** Returns whether element i of the array belongs to the matrix. */
    public boolean contains(int i) {
        int k = i - off;
        return k >= 0 && k < rows * stride && k % stride < columns;
    }
}
