package ebbtide.engine;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures what an operation allocates on the calling thread. */
public final class Allocation {
    private static final ThreadMXBean THREADS =
            (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /**
     * Returns the bytes of one call once it is warm: the least of several rounds, because the JVM's own
     * work (a class that is loaded late) is counted too.
     */
    public static long bytes(Runnable operation) {
        for (int i = 0; i < 200; i++) {
            operation.run();
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10; i++) {
                operation.run();
            }
            least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / 10);
        }
        return least;
    }
}
