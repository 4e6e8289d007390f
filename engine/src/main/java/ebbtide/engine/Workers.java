package ebbtide.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pool of daemon threads that run one task together. The calling thread is worker 0. Threads wait for
 * work with a short spin and then a park; a run allocates nothing.
 *
 * <p>Several plans may share one pool: runs of different callers take turns. Never the common pool.
 */
public final class Workers implements AutoCloseable {
    /** What all workers do at the same time, each on its own part of the outputs. */
    public interface Task {
        /**
         * Does the part of one worker.
         *
         * @param worker from 0 to {@code workers} − 1
         */
        void run(int worker, int workers);
    }

    /** About ten microseconds: longer than the gap between two passes of a training step. */
    private static final int SPINS = 2_000;

    private final Thread[] threads;
    private final ReentrantLock turn = new ReentrantLock();
    private final Barrier barrier;
    private final AtomicInteger running = new AtomicInteger();
    private volatile Task task;
    private volatile int epoch;
    private volatile boolean closed;
    private volatile Throwable failure;

    private Workers(int count) {
        threads = new Thread[count - 1];
        barrier = new Barrier(count);
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] = new Thread(() -> serve(worker), "ebbtide-worker-" + worker);
            threads[i].setDaemon(true);
            threads[i].start();
        }
    }

    /**
     * Creates a pool.
     *
     * @param count threads, the caller included
     * @throws IllegalArgumentException if {@code count} is below 1 or above 1024
     */
    public static Workers of(int count) {
        if (count < 1 || count > 1024) {
            throw new IllegalArgumentException(
                    "threads: expected 1 to 1024, got %d".formatted(count));
        }
        return new Workers(count);
    }

    /** Creates a pool as large as the processors that this process (or its container) may use. */
    public static Workers ofAvailable() {
        return of(Math.min(1024, Runtime.getRuntime().availableProcessors()));
    }

    /** Creates a pool of the calling thread alone. */
    public static Workers single() {
        return of(1);
    }

    /** Returns the number of threads, the caller included. */
    public int threads() {
        return threads.length + 1;
    }

    /**
     * Runs a task on all workers and returns when all are done. If one throws, the others are released
     * from their barriers, and the first failure is thrown here.
     *
     * @throws IllegalStateException if the pool is closed, or a task of this pool runs another one
     */
    public void run(Task work) {
        if (turn.isHeldByCurrentThread()) {
            throw new IllegalStateException("a task started another task of its own pool");
        }
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the worker pool is closed; create another one");
            }
            failure = null;
            barrier.reset();
            task = work;
            running.set(threads.length);
            epoch++;
            for (Thread thread : threads) {
                LockSupport.unpark(thread);
            }
            perform(work, 0);
            for (int spins = 0; running.get() > 0; spins++) {
                pause(spins);
            }
            task = null;
            if (failure != null) {
                throw rethrow(failure);
            }
        } finally {
            turn.unlock();
        }
    }

    /** Waits within a task until all workers are here. */
    void await() {
        barrier.await();
    }

    private void perform(Task work, int worker) {
        try {
            work.run(worker, threads.length + 1);
        } catch (Barrier.Broken e) {
            // Another worker failed first, and its failure is the one to tell.
        } catch (Throwable e) {
            synchronized (this) {
                if (failure == null) {
                    failure = e;
                }
            }
            barrier.breakUp();
        }
    }

    private void serve(int worker) {
        int seen = 0;
        while (true) {
            for (int spins = 0; epoch == seen && !closed; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            if (closed) {
                return;
            }
            seen = epoch;
            perform(task, worker);
            running.decrementAndGet();
        }
    }

    /** Spins, then gives way: with more threads than processors the others must get theirs. */
    static void pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    private static RuntimeException rethrow(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    /** Ends the threads. A run that has begun is finished first. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            for (Thread thread : threads) {
                LockSupport.unpark(thread);
            }
        } finally {
            turn.unlock();
        }
    }
}
