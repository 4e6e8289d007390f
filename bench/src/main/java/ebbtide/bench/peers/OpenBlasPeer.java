package ebbtide.bench.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * OpenBLAS from the jar {@code org.bytedeco:openblas}, on as many threads of its own as wanted. It is
 * bound here once more, without the checks and copies of {@code ebbtide.openblas}, so that nothing but
 * the library is timed: heap arrays are read in place, whatever their size, and native memory too.
 */
final class OpenBlasPeer implements Blas {
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;

    /** As it is set below, with some room: 2^20 cycles of the clock. */
    private static final long SPIN_NANOS = 2_000_000;

    // @formatter:off
    /** order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc. */
    private static final FunctionDescriptor SGEMM_TYPE = FunctionDescriptor.ofVoid(
            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_FLOAT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_INT);
    // @formatter:on

    private static final MethodHandle SGEMM = Linker.nativeLinker().downcallHandle(SGEMM_TYPE);
    private static final MethodHandle SGEMM_ON_HEAP =
            Linker.nativeLinker().downcallHandle(SGEMM_TYPE, Linker.Option.critical(true));

    private static final Once<OpenBlasPeer> LOADED = new Once<>(OpenBlasPeer::loadOnce);

    private final NativeCalls calls;
    private final MemorySegment sgemm;

    private OpenBlasPeer(SymbolLookup library) {
        calls = new NativeCalls(library);
        sgemm = calls.function("cblas_sgemm");
    }

    /**
     * Returns the library; the first call loads it.
     *
     * @throws AbsentPeerException if it cannot be loaded here
     */
    static OpenBlasPeer load() throws AbsentPeerException {
        return LOADED.get();
    }

    private static OpenBlasPeer loadOnce() throws AbsentPeerException {
        // Its threads spin for 2^26 cycles after a call, and would be in the way of whoever is timed
        // next; a hundredth of it is still far more than any pause inside a step.
        setEnvironment("OPENBLAS_THREAD_TIMEOUT", "20");
        return new OpenBlasPeer(NativeJar.load(
                "openblas", "libopenblas.so.0", List.of("libquadmath.so.0", "libgfortran.so.5")));
    }

    private static void setEnvironment(String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            new NativeCalls(Linker.nativeLinker().defaultLookup()).number(
                    "setenv", arena.allocateFrom(name), arena.allocateFrom(value), 0);
        }
    }

    /** Returns version and kernels in use, as {@code OpenBLAS 0.3.31, Zen}. */
    String description() {
        String config = calls.pointer("openblas_get_config").reinterpret(256).getString(0);
        String core = calls.pointer("openblas_get_corename").reinterpret(64).getString(0);
        String[] words = config.split(" ");
        return "%s %s, %s, POSIX threads".formatted(words[0], words[1], core);
    }

    @Override
    public String name() {
        return Peers.OPENBLAS;
    }

    @Override
    public long spinNanos() {
        return calls.number("openblas_get_num_threads") == 1 ? 0 : SPIN_NANOS;
    }

    @Override
    public void threads(int count) {
        calls.run("openblas_set_num_threads", count);
    }

    /** C = A·B on native memory without gaps. */
    void sgemm(int m, int n, int k, MemorySegment a, MemorySegment b, MemorySegment c) {
        try {
            SGEMM.invokeExact(
                    sgemm, ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, m, n, k, 1f, a, k, b, n, 0f, c,
                    n);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    @Override
    public void sgemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int aOff,
            int aStride,
            float[] b,
            int bOff,
            int bStride,
            float beta,
            float[] c,
            int cOff,
            int cStride) {
        try {
            SGEMM_ON_HEAP.invokeExact(
                    sgemm, ROW_MAJOR, transposeA ? TRANSPOSE : NO_TRANSPOSE,
                    transposeB ? TRANSPOSE : NO_TRANSPOSE, m, n, k, 1f, from(a, aOff), aStride,
                    from(b, bOff), bStride, beta, from(c, cOff), cStride);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    private static MemorySegment from(float[] array, int offset) {
        return MemorySegment.ofArray(array).asSlice((long) offset * Float.BYTES);
    }

    /** A downcall declares Throwable and throws only what is unchecked. */
    private static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) e;
    }
}
