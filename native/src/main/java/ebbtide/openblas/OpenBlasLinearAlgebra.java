package ebbtide.openblas;

import ebbtide.engine.linalg.Eigenvalues;
import ebbtide.engine.linalg.LinearAlgebra;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * LAPACK's dgeev, dgesdd and dposv in OpenBLAS, on the calling thread alone. It has nothing to close:
 * native memory lives for one call.
 */
final class OpenBlasLinearAlgebra extends LinearAlgebra {
    private final SharedLibrary library;
    private final Lapack lapack;
    private final Supplier<Arena> arenas;

    private OpenBlasLinearAlgebra(
            SharedLibrary library, Lapack lapack, Supplier<Arena> arenas) {
        this.library = library;
        this.lapack = lapack;
        this.arenas = arenas;
    }

    /** LAPACK of the selected library, if it is fit for use and has one. */
    static Optional<LinearAlgebra> of(LibrarySelection selection) {
        return of(selection, Arena::ofConfined);
    }

    /** The same with native memory from these arenas, one a call. */
    static Optional<LinearAlgebra> of(LibrarySelection selection, Supplier<Arena> arenas) {
        try {
            SharedLibrary library = selection.loaded();
            return library.bindings.lapack.map(
                    lapack -> new OpenBlasLinearAlgebra(library, lapack, arenas));
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
        int info = call(arena -> lapack.eigenvalues(arena, a, n, real, imaginary));
        requireConvergence("eigenvalues", info);
        return Eigenvalues.sorted(real, imaginary);
    }

    @Override
    protected double[] computeSingularValues(double[] a, int rows, int columns) {
        double[] values = new double[Math.min(rows, columns)];
        int info = call(
                arena -> lapack.singularValues(arena, a, rows, columns, values));
        requireConvergence("singular values", info);
        return values;
    }

    @Override
    protected double[] computeSolution(double[] a, int n, double[] b, int columns) {
        double[] x = b.clone();
        int info = call(arena -> lapack.solvePositiveDefinite(arena, a, n, x, columns));
        if (info > 0) {
            throw notPositiveDefinite(info - 1, n);
        }
        requireConvergence("solution", info);
        return x;
    }

    private int call(ToIntFunction<Arena> function) {
        library.callers.enter();
        try {
            library.retain();
            try (Arena arena = arenas.get()) {
                return function.applyAsInt(arena);
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
