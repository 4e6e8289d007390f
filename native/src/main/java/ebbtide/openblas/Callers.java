package ebbtide.openblas;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * At most so many callers at once. OpenBLAS takes a work buffer from a table of fixed size per
 * call, and ends the process when the table overflows. A semaphore would allocate a node per
 * waiting thread.
 */
final class Callers {
    private static final int SPINS = 200;
    private static final long PAUSE_NANOS = 20_000;

    private final AtomicInteger free;

    Callers(int cap) {
        free = new AtomicInteger(cap);
    }

    /** Enters when there is room. */
    void enter() {
        for (int tries = 0;; tries++) {
            int room = free.get();
            if (room > 0) {
                if (free.compareAndSet(room, room - 1)) {
                    return;
                }
            } else if (tries < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    /** Leaves; once per {@link #enter}. */
    void leave() {
        free.incrementAndGet();
    }
}
