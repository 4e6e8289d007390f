package ebbtide.openblas;

import ebbtide.engine.linalg.Eigenvalues;
import ebbtide.engine.linalg.LinearAlgebra;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * LAPACK's dgeev, dgesdd and dposv in OpenBLAS, on the calling thread alone. It has nothing to close:
 * native memory lives for one call.
 */
final class OpenBlasLinearAlgebra extends LinearAlgebra {
    private final SharedLibrary library;
    private final Lapack lapack;

    private OpenBlasLinearAlgebra(SharedLibrary library, Lapack lapack) {
        this.library = library;
        this.lapack = lapack;
    }

    /** LAPACK of the selected library, if it is fit for use and has one. */
    static Optional<LinearAlgebra> of(LibrarySelection selection) {
        try {
            SharedLibrary library = selection.loaded();
            return library.bindings.lapack.map(
                    lapack -> new OpenBlasLinearAlgebra(library, lapack));
        } catch (UnusableLibraryException e) {
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "OpenBLAS " + library.description.version();
    }

    @Override
    protected Eigenvalues computeEigenvalues(double[] a, int n) {
        double[] real = new double[n];
        double[] imaginary = new double[n];
        int info = call(() -> lapack.eigenvalues(a, n, real, imaginary));
        requireConvergence("eigenvalues", info);
        return Eigenvalues.sorted(real, imaginary);
    }

    @Override
    protected double[] computeSingularValues(double[] a, int rows, int columns) {
        double[] values = new double[Math.min(rows, columns)];
        int info = call(() -> lapack.singularValues(a, rows, columns, values));
        requireConvergence("singular values", info);
        return values;
    }

    @Override
    protected double[] computeSolution(double[] a, int n, double[] b, int columns) {
        double[] x = b.clone();
        int info = call(() -> lapack.solvePositiveDefinite(a, n, x, columns));
        if (info > 0) {
            throw notPositiveDefinite(info - 1, n);
        }
        requireConvergence("solution", info);
        return x;
    }

    private int call(IntSupplier function) {
        library.callers.enter();
        try {
            library.retain();
            try {
                return function.getAsInt();
            } finally {
                library.release();
            }
        } finally {
            library.callers.leave();
        }
    }

    private static void requireConvergence(String what, int info) {
        if (info != 0) {
            throw new ArithmeticException(
                    "%s: LAPACK did not converge (info %d)".formatted(what, info));
        }
    }
}
