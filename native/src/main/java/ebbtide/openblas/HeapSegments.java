package ebbtide.openblas;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Segments that begin inside heap arrays, kept from one product to the next: so a product that recurs
 * allocates nothing, whatever the compiler does. To make them at each call and let escape analysis
 * remove them was tried and lost: C2 judges {@code dup}, at the bottom of {@code asSlice}, by the
 * profile of all slices of the JVM, and in one that had extracted files and called LAPACK before it
 * refused ("low call site frequency"), which made 336 B a product.
 *
 * <p>References are weak, so no array lives longer for it. A garbage collection empties the table, and
 * where nothing is allocated there is none. Threads may share an object: what a race loses is a
 * segment made once more.
 */
final class HeapSegments {
    private static final int SLOTS = 1024;

    /** How far from its place a segment may lie. */
    private static final int PROBES = 8;

    private final AtomicReferenceArray<WeakReference<Slice>> slots =
            new AtomicReferenceArray<>(SLOTS);

    private record Slice(float[] array, int offset, MemorySegment segment) {
    }

    /** Returns the segment from an element of an array to the array's end. */
    MemorySegment from(float[] array, int offset) {
        int hash = (31 * System.identityHashCode(array) + offset) * 0x9E3779B9;
        int first = hash >>> 16;
        int free = -1;
        for (int i = first; i < first + PROBES; i++) {
            WeakReference<Slice> reference = slots.get(i % SLOTS);
            Slice slice = reference == null ? null : reference.get();
            if (slice == null) {
                free = free < 0 ? i : free;
            } else if (slice.array == array && slice.offset == offset) {
                return slice.segment;
            }
        }
        MemorySegment segment =
                MemorySegment.ofArray(array).asSlice((long) offset * Float.BYTES);
        slots.set(
                (free < 0 ? first : free) % SLOTS,
                new WeakReference<>(new Slice(array, offset, segment)));
        return segment;
    }
}
