package ebbtide.openblas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;

/**
 * Three functions of LAPACK, by their Fortran names: Debian's OpenBLAS has no LAPACKE. Fortran takes
 * every argument by address, matrices column by column, and the length of each text in a hidden
 * argument at the end (gfortran: size_t); C code compiled from it leaves those unread.
 *
 * <p>Each call takes native memory for its matrices from the arena it is given. A result other than
 * 0 is LAPACK's info: what it means is the caller's to say.
 */
final class Lapack {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle DGEEV = handle(14, 2);
    private static final MethodHandle DGESDD = handle(14, 1);
    private static final MethodHandle DPOSV = handle(8, 1);

    private final MemorySegment dgeev;
    private final MemorySegment dgesdd;
    private final MemorySegment dposv;

    private Lapack(MemorySegment dgeev, MemorySegment dgesdd, MemorySegment dposv) {
        this.dgeev = dgeev;
        this.dgesdd = dgesdd;
        this.dposv = dposv;
    }

    /** Binds the functions, if the library has them: OpenBLAS can be built without LAPACK. */
    static Optional<Lapack> find(SymbolLookup library) {
        var dgeev = library.find("dgeev_");
        var dgesdd = library.find("dgesdd_");
        var dposv = library.find("dposv_");
        return dgeev.isPresent() && dgesdd.isPresent() && dposv.isPresent()
                ? Optional.of(new Lapack(dgeev.get(), dgesdd.get(), dposv.get()))
                : Optional.empty();
    }

    private static MethodHandle handle(int arguments, int texts) {
        var types = new ArrayList<MemoryLayout>(Collections.nCopies(arguments, ADDRESS));
        types.addAll(Collections.nCopies(texts, JAVA_LONG));
        return LINKER.downcallHandle(
                FunctionDescriptor.ofVoid(types.toArray(MemoryLayout[]::new)));
    }

    /** Eigenvalues of a [n, n]; Aᵀ, which is what Fortran sees of it, has the same. */
    int eigenvalues(Arena arena, double[] a, int n, double[] real, double[] imaginary) {
        try {
            MemorySegment no = text(arena, 'N');
            MemorySegment size = number(arena, n);
            MemorySegment one = number(arena, 1);
            MemorySegment matrix = arena.allocateFrom(JAVA_DOUBLE, a);
            MemorySegment re = arena.allocate(JAVA_DOUBLE, n);
            MemorySegment im = arena.allocate(JAVA_DOUBLE, n);
            MemorySegment info = number(arena, 0);
            MemorySegment work = arena.allocate(JAVA_DOUBLE);
            MemorySegment length = number(arena, -1);
            for (int pass = 0; pass < 2; pass++) {
                DGEEV.invokeExact(dgeev, no, no, size, matrix, size, re, im, MemorySegment.NULL,
                        one,
                        MemorySegment.NULL, one, work, length, info, 1L, 1L);
                if (pass == 0) {
                    work = workspace(arena, work, length);
                }
            }
            MemorySegment.copy(re, JAVA_DOUBLE, 0, real, 0, n);
            MemorySegment.copy(im, JAVA_DOUBLE, 0, imaginary, 0, n);
            return info.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw Bindings.rethrow(e);
        }
    }

    /** Singular values of a [rows, columns], the largest first; Aᵀ has the same. */
    int singularValues(
            Arena arena, double[] a, int rows, int columns, double[] values) {
        int least = Math.min(rows, columns);
        try {
            MemorySegment no = text(arena, 'N');
            MemorySegment m = number(arena, columns);
            MemorySegment n = number(arena, rows);
            MemorySegment one = number(arena, 1);
            MemorySegment matrix = arena.allocateFrom(JAVA_DOUBLE, a);
            MemorySegment sigma = arena.allocate(JAVA_DOUBLE, least);
            MemorySegment integers = arena.allocate(JAVA_INT, 8L * least);
            MemorySegment info = number(arena, 0);
            MemorySegment work = arena.allocate(JAVA_DOUBLE);
            MemorySegment length = number(arena, -1);
            for (int pass = 0; pass < 2; pass++) {
                DGESDD.invokeExact(dgesdd, no, m, n, matrix, m, sigma, MemorySegment.NULL, one,
                        MemorySegment.NULL, one, work, length, integers, info, 1L);
                if (pass == 0) {
                    work = workspace(arena, work, length);
                }
            }
            MemorySegment.copy(sigma, JAVA_DOUBLE, 0, values, 0, least);
            return info.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw Bindings.rethrow(e);
        }
    }

    /** Overwrites b [n, columns] by the solution; of a [n, n] the lower triangle is read. */
    int solvePositiveDefinite(Arena arena, double[] a, int n, double[] b, int columns) {
        try {
            // The lower triangle, row by row, is the upper one, column by column.
            MemorySegment upper = text(arena, 'U');
            MemorySegment size = number(arena, n);
            MemorySegment count = number(arena, columns);
            MemorySegment matrix = arena.allocateFrom(JAVA_DOUBLE, a);
            MemorySegment right = arena.allocate(JAVA_DOUBLE, b.length);
            MemorySegment info = number(arena, 0);
            for (int i = 0; i < b.length; i++) {
                right.setAtIndex(JAVA_DOUBLE, (long) (i % columns) * n + i / columns, b[i]);
            }
            DPOSV.invokeExact(dposv, upper, size, count, matrix, size, right, size, info, 1L);
            for (int i = 0; i < b.length; i++) {
                b[i] = right.getAtIndex(JAVA_DOUBLE, (long) (i % columns) * n + i / columns);
            }
            return info.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw Bindings.rethrow(e);
        }
    }

    /** The first pass asked for the size of the workspace; the second one gets it. */
    private static MemorySegment workspace(
            Arena arena, MemorySegment answer, MemorySegment length) {
        int doubles = (int) answer.get(JAVA_DOUBLE, 0);
        length.set(JAVA_INT, 0, doubles);
        return arena.allocate(JAVA_DOUBLE, doubles);
    }

    private static MemorySegment text(Arena arena, char letter) {
        return arena.allocateFrom(JAVA_BYTE, (byte) letter);
    }

    private static MemorySegment number(Arena arena, int value) {
        return arena.allocateFrom(JAVA_INT, value);
    }
}
