package ebbtide.openblas;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * Native memory for the three matrices of one product. It grows to the largest ones seen and is
 * then reused; one thread at a time. Each matrix is a segment of its own, because slicing one
 * allocates.
 */
final class Workspace {
    final Buffer a;
    final Buffer b;
    final Buffer c;

    /** Takes its memory from arenas that any thread may close. */
    Workspace(Supplier<Arena> arenas) {
        a = new Buffer(arenas);
        b = new Buffer(arenas);
        c = new Buffer(arenas);
    }

    long bytes() {
        return a.memory.byteSize() + b.memory.byteSize() + c.memory.byteSize();
    }

    /** Frees the memory. */
    void close() {
        a.close();
        b.close();
        c.close();
    }

    /** Memory for one matrix, its rows one behind the other, aligned to a cache line. */
    static final class Buffer {
        private static final long ALIGNMENT = 64;

        private final Supplier<Arena> arenas;
        private Arena arena;
        private MemorySegment memory = MemorySegment.NULL;

        private Buffer(Supplier<Arena> arenas) {
            this.arenas = arenas;
        }

        /** Makes room for [rows, columns]. */
        MemorySegment reserve(int rows, int columns) {
            long bytes = (long) rows * columns * Float.BYTES;
            if (memory.byteSize() < bytes) {
                // The old memory goes first: both at once would double the peak.
                close();
                arena = arenas.get();
                // A quarter more than asked: slowly growing products do not reallocate each time.
                memory = arena.allocate(bytes + bytes / 4, ALIGNMENT);
            }
            return memory;
        }

        /** Copies a matrix in. */
        MemorySegment load(float[] matrix, int offset, int stride, int rows, int columns) {
            reserve(rows, columns);
            if (stride == columns) {
                MemorySegment.copy(matrix, offset, memory, JAVA_FLOAT, 0, rows * columns);
                return memory;
            }
            for (int r = 0; r < rows; r++) {
                long to = (long) r * columns * Float.BYTES;
                MemorySegment.copy(matrix, offset + r * stride, memory, JAVA_FLOAT, to, columns);
            }
            return memory;
        }

        /** Copies a matrix out; what lies between its rows stays as it is. */
        void store(float[] matrix, int offset, int stride, int rows, int columns) {
            if (stride == columns) {
                MemorySegment.copy(memory, JAVA_FLOAT, 0, matrix, offset, rows * columns);
                return;
            }
            for (int r = 0; r < rows; r++) {
                long from = (long) r * columns * Float.BYTES;
                MemorySegment.copy(memory, JAVA_FLOAT, from, matrix, offset + r * stride, columns);
            }
        }

        private void close() {
            if (arena != null) {
                memory = MemorySegment.NULL;
                arena.close();
                arena = null;
            }
        }
    }
}
