package ebbtide.openblas;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/** Native memory that ends at one call, and counts what is held. */
final class LimitedMemory implements Supplier<Arena> {
    private int left = Integer.MAX_VALUE;
    private long held;

    /** Lets so many calls succeed and the next one fail; those after it succeed again. */
    void failAfter(int calls) {
        left = calls;
    }

    /** Whether the call that was to fail has come. */
    boolean failed() {
        return left < 0;
    }

    /** Bytes allocated in arenas that are still open. */
    long held() {
        return held;
    }

    @Override
    public Arena get() {
        return new Counted();
    }

    private final class Counted implements Arena {
        private final Arena memory = Arena.ofShared();
        private long bytes;

        @Override
        public MemorySegment allocate(long byteSize, long byteAlignment) {
            if (left-- == 0) {
                throw new OutOfMemoryError("on purpose");
            }
            MemorySegment segment = memory.allocate(byteSize, byteAlignment);
            bytes += byteSize;
            held += byteSize;
            return segment;
        }

        @Override
        public MemorySegment.Scope scope() {
            return memory.scope();
        }

        @Override
        public void close() {
            memory.close();
            held -= bytes;
        }
    }
}
