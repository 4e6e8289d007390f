package ebbtide.engine.optim;

import java.util.Arrays;

/**
 * One step of {@link OrthogonalStep} on one matrix [n, n], in float64. Owns what it needs for that.
 *
 * <p>With M = 1 + λ/2·A the transform M⁻¹(1 − λ/2·A)U is 2·M⁻¹U − U, one solution and no product. A is
 * skew-symmetric, so the symmetric part of M is 1, that of every Schur complement of it at least 1, and
 * the elimination needs no pivoting: a pivot is 1 or more.
 */
final class CayleyTransform {
    /** Rows that stay in the cache while every row of the result meets them. */
    private static final int TILE = 32;

    /** One Newton–Schulz step mends what rounding did; a deviation like this has another cause. */
    private static final double FARTHEST = 1e-3;

    private final int n;
    private final double[][] u;
    private final double[][] matrix;
    private final double[][] turned;

    CayleyTransform(int n) {
        this.n = n;
        u = new double[n][n];
        matrix = new double[n][n];
        turned = new double[n][n];
    }

    /**
     * Computes the next matrix.
     *
     * @param parameters U from {@code offset}, its rows {@code stride} floats apart
     * @param gradients G in the same place
     * @param next [n, n], overwritten by the result
     * @throws NonFiniteGradientException if a gradient is NaN or infinite
     * @throws IllegalStateException if the result is not orthogonal, because U was not or because
     *     λ·G is too large for float64
     */
    void apply(
            float[] parameters, float[] gradients, int offset, int stride, double rate, String name,
            float[] next) {
        skew(parameters, gradients, offset, stride, name);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double a = rate / 2 * (matrix[i][j] - matrix[j][i]);
                matrix[i][j] = a;
                matrix[j][i] = -a;
            }
            matrix[i][i] = 1;
            for (int j = 0; j < n; j++) {
                u[i][j] = parameters[offset + i * stride + j];
                turned[i][j] = u[i][j];
            }
        }
        solve();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                turned[i][j] = 2 * turned[i][j] - u[i][j];
            }
        }
        double deviation = deviation();
        if (!(deviation <= FARTHEST)) {
            throw new IllegalStateException(
                    "%s: expected an orthogonal matrix, got one with max |U'U - 1| = %s; initialise it orthogonal, and clip the gradients if they are huge"
                            .formatted(name, deviation));
        }
        correct(next);
    }

    /** matrix = G·Uᵀ; u and turned serve as scratch for Uᵀ and G. */
    private void skew(
            float[] parameters, float[] gradients, int offset, int stride, String name) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                int at = offset + i * stride + j;
                float g = gradients[at];
                if (!(Math.abs(g) <= Float.MAX_VALUE)) {
                    throw new NonFiniteGradientException("gradient of " + name, g);
                }
                turned[i][j] = g;
                u[j][i] = parameters[at];
            }
            Arrays.fill(matrix[i], 0);
        }
        addProduct(turned, u, 1, matrix);
    }

    /** turned = matrix⁻¹·turned; the matrix is lost. */
    private void solve() {
        for (int k = 0; k < n; k++) {
            for (int i = k + 1; i < n; i++) {
                double factor = -matrix[i][k] / matrix[k][k];
                add(factor, matrix[k], k + 1, matrix[i]);
                add(factor, turned[k], 0, turned[i]);
            }
        }
        for (int k = n - 1; k >= 0; k--) {
            for (int i = k + 1; i < n; i++) {
                add(-matrix[k][i], turned[i], 0, turned[k]);
            }
            for (int j = 0; j < n; j++) {
                turned[k][j] /= matrix[k][k];
            }
        }
    }

    /** matrix = 1 − turnedᵀ·turned; returns its largest magnitude, NaN if one is. */
    private double deviation() {
        for (int i = 0; i < n; i++) {
            Arrays.fill(matrix[i], 0);
            matrix[i][i] = 1;
            for (int j = 0; j < n; j++) {
                u[j][i] = turned[i][j];
            }
        }
        addProduct(u, turned, -1, matrix);
        double largest = 0;
        for (double[] row : matrix) {
            for (double element : row) {
                largest = Math.max(largest, Math.abs(element));
            }
        }
        return largest;
    }

    /** next = turned + turned·matrix/2. */
    private void correct(float[] next) {
        for (int i = 0; i < n; i++) {
            System.arraycopy(turned[i], 0, u[i], 0, n);
        }
        addProduct(turned, matrix, 0.5, u);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                next[i * n + j] = (float) u[i][j];
            }
        }
    }

    /** to += factor·a·b. */
    private void addProduct(double[][] a, double[][] b, double factor, double[][] to) {
        for (int from = 0; from < n; from += TILE) {
            int end = Math.min(from + TILE, n);
            for (int i = 0; i < n; i++) {
                for (int k = from; k < end; k++) {
                    add(factor * a[i][k], b[k], 0, to[i]);
                }
            }
        }
    }

    /** One index for both arrays, or C2 cannot tell that they are apart and stays scalar. */
    private static void add(double factor, double[] row, int start, double[] to) {
        for (int j = start; j < to.length; j++) {
            to[j] += factor * row[j];
        }
    }
}
