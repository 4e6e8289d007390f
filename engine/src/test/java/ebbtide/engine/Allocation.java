package ebbtide.engine;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what an operation allocates on the calling thread. */
public final class Allocation {
    private static final ThreadMXBean THREADS =
            (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /**
     * Returns the bytes of one call once it is warm: rounds are run until one allocates nothing, or
     * for ten seconds. Before C2 has compiled a vector kernel, every vector in it is an object.
     */
    public static long bytes(Runnable operation) {
        long least = Long.MAX_VALUE;
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (least != 0 && System.nanoTime() < deadline) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                operation.run();
            }
            long after = THREADS.getCurrentThreadAllocatedBytes();
            least = Math.min(least, (after - before + 99) / 100);
        }
        return least;
    }
}
