package ebbtide.bench.speed;

import com.sun.management.ThreadMXBean;
import ebbtide.engine.Workers;
import java.lang.management.ManagementFactory;

/**
 * The bytes that the threads of a pool allocate, and no others: the progress bar's thread allocates all
 * the time. What reading them allocates is not counted. Serves the caller of the pool alone.
 */
public final class ThreadAllocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long[] threads;
    private final long[] before;

    /** Finds out who the threads of {@code workers} are; the caller is one of them. */
    public ThreadAllocation(Workers workers) {
        threads = new long[workers.threads()];
        before = new long[workers.threads()];
        workers.run((worker, count) -> threads[worker] = Thread.currentThread().threadId());
    }

    /** Starts a measurement. */
    public void start() {
        // The caller, worker 0, last here and first in stop: asking for another thread allocates.
        for (int i = threads.length - 1; i > 0; i--) {
            before[i] = THREADS.getThreadAllocatedBytes(threads[i]);
        }
        before[0] = THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Returns the bytes allocated since {@link #start}, all threads together. */
    public long stop() {
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before[0];
        for (int i = 1; i < threads.length; i++) {
            bytes += THREADS.getThreadAllocatedBytes(threads[i]) - before[i];
        }
        return bytes;
    }
}
