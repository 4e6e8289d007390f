package ebbtide.engine.linalg;

/**
 * The default, in plain Java. (EJML would do it, too; but its jars have no module name of their own,
 * and a published module should not require one that hangs on a file's name.)
 */
final class JavaLinearAlgebra extends LinearAlgebra {
    @Override
    public String name() {
        return "java";
    }

    @Override
    protected Eigenvalues computeEigenvalues(double[] a, int n) {
        double[][] matrix = rows(a, n, n);
        Hessenberg.reduce(matrix);
        return new FrancisIteration(matrix).eigenvalues();
    }

    @Override
    protected double[] computeSingularValues(double[] a, int rows, int columns) {
        double[][] vectors = rows(a, rows, columns);
        return OneSidedJacobi.singularValues(rows <= columns ? vectors : transposed(vectors));
    }

    /** A = L·Lᵀ row by row, then L·Y = B and Lᵀ·X = Y (Higham, algorithm 10.2). */
    @Override
    protected double[] computeSolution(double[] a, int n, double[] b, int columns) {
        double[][] l = rows(a, n, n);
        double[][] x = rows(b, n, columns);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = l[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i][k] * l[j][k];
                }
                if (j < i) {
                    l[i][j] = sum / l[j][j];
                } else if (sum > 0) {
                    l[i][i] = Math.sqrt(sum);
                } else {
                    throw notPositiveDefinite(i, n);
                }
            }
            for (int k = 0; k < i; k++) {
                add(-l[i][k], x[k], x[i]);
            }
            divide(x[i], l[i][i]);
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                add(-l[k][i], x[k], x[i]);
            }
            divide(x[i], l[i][i]);
        }
        double[] dense = new double[n * columns];
        for (int i = 0; i < n; i++) {
            System.arraycopy(x[i], 0, dense, i * columns, columns);
        }
        return dense;
    }

    private static double[][] rows(double[] dense, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(dense, i * columns, matrix[i], 0, columns);
        }
        return matrix;
    }

    private static double[][] transposed(double[][] matrix) {
        double[][] result = new double[matrix[0].length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < result.length; j++) {
                result[j][i] = matrix[i][j];
            }
        }
        return result;
    }

    private static void add(double factor, double[] row, double[] to) {
        for (int j = 0; j < to.length; j++) {
            to[j] += factor * row[j];
        }
    }

    private static void divide(double[] row, double divisor) {
        for (int j = 0; j < row.length; j++) {
            row[j] /= divisor;
        }
    }
}
