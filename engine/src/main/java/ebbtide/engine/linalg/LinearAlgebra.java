package ebbtide.engine.linalg;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * What the analysis of recurrent weights asks of dense linear algebra, in float64: eigenvalues of any
 * square matrix, singular values, and the solution of symmetric positive definite systems. {@link
 * #java} is always there and gives the same bits everywhere; {@link #provided} finds LAPACK where
 * {@code ebbtide.openblas} is on the path. Results of the two agree within the error that each states.
 *
 * <p>Matrices are dense and row-major, [rows, columns] with {@code rows·columns} elements. They are
 * only read. u = 2⁻⁵³.
 *
 * <p>Safe for use by several threads.
 */
public abstract class LinearAlgebra {
    /** For the subclass that brings the algorithms. */
    protected LinearAlgebra() {}

    /** Returns the algorithms in plain Java. */
    public static LinearAlgebra java() {
        return new JavaLinearAlgebra();
    }

    /**
     * Returns the first one that a {@link LinearAlgebraProvider} on the class or module path brings.
     * Looking may take seconds the first time, since a library is tried out in a process of its own.
     */
    public static Optional<LinearAlgebra> provided() {
        return ServiceLoader.load(LinearAlgebraProvider.class, LinearAlgebra.class.getClassLoader())
                .stream()
                .map(provider -> provider.get().find())
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Returns {@code java}, or the library and its version. */
    public abstract String name();

    /**
     * Returns all λ with A·x = λ·x for an x ≠ 0. They are the exact ones of a matrix A + E with ‖E‖ ≤
     * c·n·u·‖A‖: good to c·n·u·‖A‖·κ each, with the condition κ of the eigenvalue, which is 1 for a
     * normal matrix and without bound near a defective one (Golub, Van Loan, "Matrix Computations",
     * 4th edition, sections 7.2 and 7.5). Takes about 10·n³ multiplications.
     *
     * @param a [n, n]
     * @throws IllegalArgumentException if the length is not n·n or an element is not finite
     * @throws ArithmeticException if the QR iteration does not converge
     */
    public final Eigenvalues eigenvalues(double[] a, int n) {
        require("A", a, n, n);
        return computeEigenvalues(a, n);
    }

    /**
     * Returns the min(rows, columns) singular values, the largest first: the lengths of the axes of
     * the ellipsoid that A makes of the unit ball. Each is within c·n·u·σ₁ of the exact one (the same,
     * section 8.6).
     *
     * @param a [rows, columns]
     * @throws IllegalArgumentException if the length is wrong or an element is not finite
     * @throws ArithmeticException if the iteration does not converge
     */
    public final double[] singularValues(double[] a, int rows, int columns) {
        require("A", a, rows, columns);
        return computeSingularValues(a, rows, columns);
    }

    /**
     * Returns X with A·X = B for a symmetric positive definite A, by Cholesky's A = L·Lᵀ. X solves
     * (A + E)·X = B with |E| ≤ c·n·u·‖A‖ (Higham, "Accuracy and stability of numerical algorithms",
     * 2nd edition, theorem 10.4).
     *
     * @param a [n, n], of which the lower triangle alone is read
     * @param b [n, columns]
     * @return X, [n, columns]
     * @throws IllegalArgumentException if a length is wrong or an element is not finite
     * @throws ArithmeticException if A is not positive definite
     */
    public final double[] solvePositiveDefinite(double[] a, int n, double[] b, int columns) {
        require("A", a, n, n);
        require("B", b, n, columns);
        return computeSolution(a, n, b, columns);
    }

    /** {@link #eigenvalues}, the arguments checked. */
    protected abstract Eigenvalues computeEigenvalues(double[] a, int n);

    /** {@link #singularValues}, the arguments checked. */
    protected abstract double[] computeSingularValues(double[] a, int rows, int columns);

    /** {@link #solvePositiveDefinite}, the arguments checked. */
    protected abstract double[] computeSolution(double[] a, int n, double[] b, int columns);

    /** The refusal of a matrix that is not positive definite, in the same words everywhere. */
    protected static ArithmeticException notPositiveDefinite(int row, int n) {
        return new ArithmeticException(
                "expected a positive definite matrix, got a pivot of 0 or less at row %d of %d; add a multiple of the identity"
                        .formatted(row, n));
    }

    private static void require(String name, double[] matrix, int rows, int columns) {
        if (rows < 1 || columns < 1 || (long) rows * columns != matrix.length) {
            throw new IllegalArgumentException(
                    "%s: expected [%d, %d], both at least 1, in an array of %d elements, got one of %d"
                            .formatted(name, rows, columns, (long) rows * columns, matrix.length));
        }
        for (int i = 0; i < matrix.length; i++) {
            if (!(Math.abs(matrix[i]) <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "%s[%d, %d]: expected a finite number, got %s"
                                .formatted(name, i / columns, i % columns, matrix[i]));
            }
        }
    }
}
