package ebbtide.bench.peers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;

/**
 * oneDNN from the jar {@code org.bytedeco:dnnl}, through its C API: one CPU engine and one stream, used
 * by one thread at a time. Its own threads are those of GCC's OpenMP. {@code ONEDNN_MAX_CPU_ISA} limits
 * its instructions, as everywhere.
 */
final class OneDnn {
    private static final int CPU = 1;
    private static final int IN_ORDER = 1;

    private static final Once<OneDnn> LOADED = new Once<>(
            () -> new OneDnn(NativeJar.load("dnnl", "libdnnl.so.3", List.of("libgomp.so.1"))));

    final NativeCalls calls;
    final MemorySegment engine;
    final MemorySegment stream;
    private final NativeCalls openMp;

    private OneDnn(SymbolLookup library) {
        calls = new NativeCalls(library);
        // Found through the library that needs it: the same libgomp, whichever it was.
        openMp = new NativeCalls(
                name -> library.find(name).or(() -> SymbolLookup.loaderLookup().find(name)));
        engine = created("dnnl_engine_create", CPU, 0L);
        stream = created("dnnl_stream_create", engine, IN_ORDER);
    }

    /**
     * Returns the library; the first call loads it.
     *
     * @throws AbsentPeerException if it cannot be loaded here
     */
    static OneDnn load() throws AbsentPeerException {
        return LOADED.get();
    }

    /** Returns version and instruction set in use, as {@code oneDNN 3.13.0, AVX2, OpenMP}. */
    String description() {
        MemorySegment version = calls.pointer("dnnl_version").reinterpret(12);
        int isa = calls.number("dnnl_get_effective_cpu_isa");
        return "oneDNN %d.%d.%d, %s, OpenMP".formatted(
                version.getAtIndex(ValueLayout.JAVA_INT, 0),
                version.getAtIndex(ValueLayout.JAVA_INT, 1),
                version.getAtIndex(ValueLayout.JAVA_INT, 2), isaName(isa));
    }

    /** The values of dnnl_cpu_isa_t are sets of bits, each a superset of those before. */
    private static String isaName(int isa) {
        int avx2 = 0x7;
        int avx512 = 0x27;
        return (isa & avx512) == avx512
                ? "AVX-512"
                : (isa & avx2) == avx2 ? "AVX2" : "other instructions";
    }

    /** Sets the threads of what the calling thread creates and executes from now on. */
    void threads(int count) {
        openMp.run("omp_set_num_threads", count);
    }

    /** Calls a function whose first argument receives what it creates. */
    MemorySegment created(String function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            Object[] all =
                    Stream.concat(Stream.of(result), Stream.of(arguments)).toArray(Object[]::new);
            check(function, calls.number(function, all));
            return result.get(ValueLayout.ADDRESS, 0);
        }
    }

    static void check(String function, int status) {
        if (status != 0) {
            throw new IllegalStateException("%s failed with status %d".formatted(function, status));
        }
    }
}
