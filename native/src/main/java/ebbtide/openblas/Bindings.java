package ebbtide.openblas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The functions of one loaded OpenBLAS, as C declares them. Nothing is checked here: a wrong
 * argument ends the JVM.
 */
final class Bindings {
    static final int ROW_MAJOR = 101;
    static final int NO_TRANSPOSE = 111;
    static final int TRANSPOSE = 112;

    /** openblas_get_config writes into 256 bytes; a text without an end in there is none. */
    private static final long LONGEST_TEXT = 256;

    private static final Linker LINKER = Linker.nativeLinker();

    // The function's address is the first argument of each handle and not bound into it: so the
    // handles are constants, and C2 inlines the call.
    private static final MethodHandle TEXT = LINKER.downcallHandle(FunctionDescriptor.of(ADDRESS));
    private static final MethodHandle GET = LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle SET =
            LINKER.downcallHandle(FunctionDescriptor.ofVoid(JAVA_INT));

    // @formatter:off
    /** order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc. */
    private static final FunctionDescriptor SGEMM_TYPE = FunctionDescriptor.ofVoid(
            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_FLOAT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_INT);
    // @formatter:on

    private static final MethodHandle SGEMM = LINKER.downcallHandle(SGEMM_TYPE);
    private static final MethodHandle SGEMM_ON_HEAP =
            LINKER.downcallHandle(SGEMM_TYPE, Linker.Option.critical(true));

    /** Its LAPACK, if it has one. */
    final Optional<Lapack> lapack;

    private final MemorySegment getConfig;
    private final MemorySegment getCoreName;
    private final MemorySegment getParallel;
    private final MemorySegment getNumThreads;
    private final MemorySegment setNumThreads;
    private final MemorySegment sgemm;

    /**
     * Binds the functions of a loaded library.
     *
     * @throws UnusableLibraryException if one is missing
     */
    Bindings(SymbolLookup library) throws UnusableLibraryException {
        getConfig = symbol(library, "openblas_get_config");
        getCoreName = symbol(library, "openblas_get_corename");
        getParallel = symbol(library, "openblas_get_parallel");
        getNumThreads = symbol(library, "openblas_get_num_threads");
        setNumThreads = symbol(library, "openblas_set_num_threads");
        sgemm = symbol(library, "cblas_sgemm");
        lapack = Lapack.find(library);
    }

    private static MemorySegment symbol(SymbolLookup library, String name)
            throws UnusableLibraryException {
        var found = library.find(name);
        if (found.isPresent()) {
            return found.get();
        }
        // Some distributions give the functions of their ILP64 build this suffix.
        if (library.find(name + "64_").isPresent()) {
            throw LibraryCheck.ilp64(name + "64_");
        }
        throw UnusableLibraryException.lasting(
                "expected an OpenBLAS with CBLAS, got a library without " + name);
    }

    /** Returns version and build options, as {@code OpenBLAS 0.3.31 DYNAMIC_ARCH ...}. */
    String config() {
        return text(getConfig);
    }

    /** Returns the CPU that the kernels in use were written for, as {@code Zen}. */
    String coreName() {
        return text(getCoreName);
    }

    /** Returns 0 for a sequential build, 1 for POSIX threads, 2 for OpenMP. */
    int parallel() {
        return number(getParallel);
    }

    int threads() {
        return number(getNumThreads);
    }

    void threads(int threads) {
        try {
            SET.invokeExact(setNumThreads, threads);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * C = alpha·op(A)·op(B) + beta·C, row-major, on three native segments or on three of heap arrays. On
     * the heap no safepoint passes until it returns.
     */
    void sgemm(
            int transA,
            int transB,
            int m,
            int n,
            int k,
            float alpha,
            MemorySegment a,
            int aStride,
            MemorySegment b,
            int bStride,
            float beta,
            MemorySegment c,
            int cStride) {
        try {
            // Two calls, so that each handle is a constant to the compiler.
            if (c.isNative()) {
                SGEMM.invokeExact(
                        sgemm, ROW_MAJOR, transA, transB, m, n, k, alpha,
                        a, aStride, b, bStride, beta, c, cStride);
            } else {
                SGEMM_ON_HEAP.invokeExact(
                        sgemm, ROW_MAJOR, transA, transB, m, n, k, alpha,
                        a, aStride, b, bStride, beta, c, cStride);
            }
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private static String text(MemorySegment function) {
        try {
            MemorySegment start = (MemorySegment) TEXT.invokeExact(function);
            return start.reinterpret(LONGEST_TEXT).getString(0);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private static int number(MemorySegment function) {
        try {
            return (int) GET.invokeExact(function);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** A downcall declares Throwable and throws only what is unchecked. */
    static RuntimeException rethrow(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) e;
    }
}
