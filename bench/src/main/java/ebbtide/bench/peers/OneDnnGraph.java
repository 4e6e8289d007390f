package ebbtide.bench.peers;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** The memory and the primitives of one computation; all of it is freed by {@link #close}. */
final class OneDnnGraph implements AutoCloseable {
    /** dnnl_format_tag_t: the library chooses; or an order of the dimensions. */
    static final int ANY = 1;
    /** [T, B, features]. */
    static final int TNC = 4;
    /** [layers, directions, B, H]. */
    static final int LDNC = 5;
    /** Weights as PyTorch has them, gate by gate, [H, inputs] each. */
    static final int LDGOI = 31;
    /** Biases, gate by gate. */
    static final int LDGO = 5;

    private static final int F32 = 3;
    private static final int QUERY_ARGUMENT = 255;
    private static final int FROM = 1;
    private static final int TO = 17;
    private static final long CACHE_LINE = 64;
    /** dnnl_exec_arg_t: an int, four bytes of nothing, a pointer. */
    private static final long ARGUMENT_BYTES = 16;

    private static final MethodHandle EXECUTE = Linker.nativeLinker().downcallHandle(
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private final OneDnn library;
    private final MemorySegment execute;
    private final Arena arena = Arena.ofShared();
    private final Deque<Runnable> frees = new ArrayDeque<>();

    OneDnnGraph(OneDnn library) {
        this.library = library;
        execute = library.calls.function("dnnl_primitive_execute");
    }

    /** A tensor: its description, the library's handle of it, and its floats. */
    record Buffer(MemorySegment layout, MemorySegment memory, MemorySegment floats) {
        void write(float[] values) {
            MemorySegment.copy(values, 0, floats, ValueLayout.JAVA_FLOAT, 0, values.length);
        }

        void read(float[] values) {
            MemorySegment.copy(floats, ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
        }
    }

    /** A primitive with its arguments, ready to run. */
    final class Call {
        private final MemorySegment primitive;
        private final MemorySegment arguments;
        private final int count;

        private Call(MemorySegment primitive, MemorySegment arguments, int count) {
            this.primitive = primitive;
            this.arguments = arguments;
            this.count = count;
        }

        /** Computes; returns when all is done. */
        void run() {
            try {
                int status = (int) EXECUTE.invokeExact(
                        execute, primitive, library.stream, count, arguments);
                OneDnn.check("dnnl_primitive_execute", status);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("a downcall throws only what is unchecked", e);
            }
        }
    }

    /** Describes a tensor of floats. */
    MemorySegment layout(int tag, long... dims) {
        // The library copies a dnnl_dims_t, twelve long, whatever their number.
        MemorySegment sizes = arena.allocate(ValueLayout.JAVA_LONG, 12);
        MemorySegment.copy(dims, 0, sizes, ValueLayout.JAVA_LONG, 0, dims.length);
        return owned(
                "dnnl_memory_desc_destroy",
                library.created(
                        "dnnl_memory_desc_create_with_tag", dims.length, sizes, F32, tag));
    }

    /** Allocates a tensor of zeros. */
    Buffer buffer(MemorySegment layout) {
        long bytes = library.calls.size("dnnl_memory_desc_get_size", layout);
        MemorySegment floats = arena.allocate(Math.max(bytes, CACHE_LINE), CACHE_LINE);
        MemorySegment memory =
                library.created("dnnl_memory_create", layout, library.engine, floats);
        return new Buffer(layout, owned("dnnl_memory_destroy", memory), floats);
    }

    /** Allocates a tensor in the layout that a primitive has chosen for an argument. */
    Buffer buffer(MemorySegment descriptor, int argument) {
        return buffer(library.calls.pointer(
                "dnnl_primitive_desc_query_md", descriptor, QUERY_ARGUMENT, argument));
    }

    /** Describes a primitive by one of the functions for that, the engine being the first argument. */
    MemorySegment descriptor(String function, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = library.engine;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return owned("dnnl_primitive_desc_destroy", library.created(function, all));
    }

    /** Creates a primitive and gives it its arguments. */
    Call call(MemorySegment descriptor, Map<Integer, Buffer> arguments) {
        MemorySegment primitive = owned(
                "dnnl_primitive_destroy", library.created("dnnl_primitive_create", descriptor));
        MemorySegment list = arena.allocate(ARGUMENT_BYTES * arguments.size(), Long.BYTES);
        long at = 0;
        for (Map.Entry<Integer, Buffer> argument : arguments.entrySet()) {
            list.set(ValueLayout.JAVA_INT, at, argument.getKey());
            list.set(ValueLayout.ADDRESS, at + Long.BYTES, argument.getValue().memory());
            at += ARGUMENT_BYTES;
        }
        return new Call(primitive, list, arguments.size());
    }

    /** Creates a copy from one layout to another. */
    Call reorder(Buffer from, Buffer to) {
        MemorySegment descriptor = owned(
                "dnnl_primitive_desc_destroy",
                library.created(
                        "dnnl_reorder_primitive_desc_create", from.layout, library.engine,
                        to.layout, library.engine, MemorySegment.NULL));
        return call(descriptor, Map.of(FROM, from, TO, to));
    }

    private MemorySegment owned(String destroy, MemorySegment object) {
        frees.push(() -> library.calls.number(destroy, object));
        return object;
    }

    @Override
    public void close() {
        frees.forEach(Runnable::run);
        frees.clear();
        arena.close();
    }
}
