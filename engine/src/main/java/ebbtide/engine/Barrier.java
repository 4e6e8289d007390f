package ebbtide.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A spin barrier: a step of the time loop is microseconds, too short to park for. Breaking it up lets
 * everyone go when one worker has failed.
 */
final class Barrier {
    /** Thrown to those who wait when another worker failed. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken() {
            super("another worker failed", null, false, false);
        }
    }

    private final int parties;
    private final AtomicInteger arrived = new AtomicInteger();
    private volatile int round;
    private volatile boolean broken;

    Barrier(int parties) {
        this.parties = parties;
    }

    void await() {
        int mine = round;
        if (arrived.incrementAndGet() == parties) {
            arrived.set(0);
            round = mine + 1;
        } else {
            for (int spins = 0; round == mine; spins++) {
                if (broken) {
                    throw new Broken();
                }
                Workers.pause(spins);
            }
        }
        if (broken) {
            throw new Broken();
        }
    }

    void breakUp() {
        broken = true;
    }

    void reset() {
        broken = false;
        arrived.set(0);
    }
}
