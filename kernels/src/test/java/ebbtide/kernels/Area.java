package ebbtide.kernels;

/** A matrix within an array: what surrounds it is the guard band. */
record Area(float[] x, int off, int stride, int rows, int columns) {
    Area copy() {
        return new Area(x.clone(), off, stride, rows, columns);
    }

    float get(int r, int c) {
        return x[off + r * stride + c];
    }

    boolean contains(int i) {
        int k = i - off;
        return k >= 0 && k < rows * stride && k % stride < columns;
    }
}
