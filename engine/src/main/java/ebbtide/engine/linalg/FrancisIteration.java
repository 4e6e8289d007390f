package ebbtide.engine.linalg;

/**
 * Eigenvalues of a Hessenberg matrix by Francis' QR iteration with implicit double shifts, deflating
 * from the lower right corner. Sources: J. Francis, "The QR transformation", Computer Journal 4, 1961
 * and 1962; R. Martin, G. Peters, J. Wilkinson, "The QR algorithm for real Hessenberg matrices",
 * Numerische Mathematik 14, 1970 (EISPACK's hqr, which this follows).
 */
final class FrancisIteration {
    private static final double EPSILON = 0x1p-52;

    /** Without a deflation by then the shifts go in a circle, and one out of line breaks it. */
    private static final int PATIENCE = 10;

    /** LAPACK's limit: 30 iterations an eigenvalue. */
    private static final int MOST_ITERATIONS = 30;

    private final double[][] h;
    private final double norm;
    private final double[] real;
    private final double[] imaginary;

    /** The column that a reflection is to turn into a multiple of the first unit vector. */
    private double p;
    private double q;
    private double r;

    /** Takes a matrix, which it writes over. */
    FrancisIteration(double[][] hessenberg) {
        h = hessenberg;
        double sum = 0;
        for (int i = 0; i < h.length; i++) {
            for (int j = Math.max(0, i - 1); j < h.length; j++) {
                sum += Math.abs(h[i][j]);
            }
        }
        norm = sum;
        real = new double[h.length];
        imaginary = new double[h.length];
    }

    Eigenvalues eigenvalues() {
        int last = h.length - 1;
        int iterations = 0;
        while (last >= 0) {
            int first = firstOfBlock(last);
            if (first == last) {
                real[last] = h[last][last];
                last -= 1;
                iterations = 0;
            } else if (first == last - 1) {
                pair(last);
                last -= 2;
                iterations = 0;
            } else if (iterations++ == MOST_ITERATIONS) {
                throw new ArithmeticException(
                        "eigenvalues: no convergence in %d iterations; is the matrix scaled badly?"
                                .formatted(MOST_ITERATIONS));
            } else {
                step(first, last, iterations % PATIENCE == 0);
            }
        }
        return Eigenvalues.sorted(real, imaginary);
    }

    /** The first row of the block that ends at {@code last}: above it is a negligible element. */
    private int firstOfBlock(int last) {
        int first = last;
        while (first > 0) {
            double size = Math.abs(h[first - 1][first - 1]) + Math.abs(h[first][first]);
            if (Math.abs(h[first][first - 1]) <= EPSILON * (size == 0 ? norm : size)) {
                break;
            }
            first--;
        }
        return first;
    }

    /** The two eigenvalues of the block of two that ends at {@code last}. */
    private void pair(int last) {
        double x = h[last][last];
        double w = h[last][last - 1] * h[last - 1][last];
        double half = (h[last - 1][last - 1] - x) / 2;
        double square = half * half + w;
        double root = Math.sqrt(Math.abs(square));
        if (square >= 0) {
            double z = half + Math.copySign(root, half);
            real[last - 1] = x + z;
            real[last] = z == 0 ? x : x - w / z;
        } else {
            real[last - 1] = x + half;
            real[last] = x + half;
            imaginary[last - 1] = root;
            imaginary[last] = -root;
        }
    }

    /** One double step on the block, with the eigenvalues of its last two rows as shifts. */
    private void step(int first, int last, boolean exceptional) {
        double x = h[last][last];
        double y = h[last - 1][last - 1];
        double w = h[last][last - 1] * h[last - 1][last];
        if (exceptional) {
            double size = Math.abs(h[last][last - 1]) + Math.abs(h[last - 1][last - 2]);
            x += 0.75 * size;
            y = x;
            w = -0.4375 * size * size;
        }
        int start = start(first, last, x, y, w);
        for (int i = start + 2; i <= last; i++) {
            h[i][i - 2] = 0;
            if (i > start + 2) {
                h[i][i - 3] = 0;
            }
        }
        chase(first, start, last);
    }

    /**
     * Where the step may start: at the lowest row where two small elements in a row let it. Leaves
     * the first column of (H − s₁)(H − s₂) in p, q, r.
     */
    private int start(int first, int last, double x, double y, double w) {
        for (int m = last - 2;; m--) {
            double z = h[m][m];
            p = ((x - z) * (y - z) - w) / h[m + 1][m] + h[m][m + 1];
            q = h[m + 1][m + 1] - z - (x - z) - (y - z);
            r = h[m + 2][m + 1];
            double size = Math.abs(p) + Math.abs(q) + Math.abs(r);
            p /= size;
            q /= size;
            r /= size;
            if (m == first) {
                return m;
            }
            double diagonal =
                    Math.abs(h[m - 1][m - 1]) + Math.abs(z) + Math.abs(h[m + 1][m + 1]);
            if (Math.abs(h[m][m - 1]) * (Math.abs(q) + Math.abs(r)) <= EPSILON * Math.abs(p)
                    * diagonal) {
                return m;
            }
        }
    }

    /** Pushes the bulge from row {@code start} out at the end, by reflections of three rows. */
    private void chase(int first, int start, int last) {
        for (int k = start; k < last; k++) {
            boolean three = k < last - 1;
            double size = 1;
            if (k > start) {
                p = h[k][k - 1];
                q = h[k + 1][k - 1];
                r = three ? h[k + 2][k - 1] : 0;
                size = Math.abs(p) + Math.abs(q) + Math.abs(r);
                if (size == 0) {
                    continue;
                }
                p /= size;
                q /= size;
                r /= size;
            }
            double s = Math.copySign(Math.sqrt(p * p + q * q + r * r), p);
            if (k > start) {
                h[k][k - 1] = -s * size;
            } else if (start > first) {
                h[k][k - 1] = -h[k][k - 1];
            }
            p += s;
            reflect(first, last, k, three, p / s, q / s, r / s, q / p, r / p);
        }
    }

    /** Rows k to k + 2 from the left, the columns from the right, inside the block. */
    private void reflect(
            int first, int last, int k, boolean three, double x, double y, double z, double v,
            double w) {
        double[] row0 = h[k];
        double[] row1 = h[k + 1];
        double[] row2 = three ? h[k + 2] : null;
        for (int j = k; j <= last; j++) {
            double sum = row0[j] + v * row1[j];
            if (three) {
                sum += w * row2[j];
                row2[j] -= sum * z;
            }
            row0[j] -= sum * x;
            row1[j] -= sum * y;
        }
        for (int i = first; i <= Math.min(last, k + 3); i++) {
            double[] row = h[i];
            double sum = x * row[k] + y * row[k + 1];
            if (three) {
                sum += z * row[k + 2];
                row[k + 2] -= sum * w;
            }
            row[k] -= sum;
            row[k + 1] -= sum * v;
        }
    }
}
