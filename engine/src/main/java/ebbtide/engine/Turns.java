package ebbtide.engine;

import java.util.Arrays;
import java.util.List;

/**
 * Times pieces of work in turns until compilers have done with them, and keeps the least time of each:
 * whatever else the machine does can only add to it.
 */
final class Turns {
    private static final int LEAST_ROUNDS = 5;
    private static final long LEAST_NANOS = 500_000_000;
    private static final long MOST_NANOS = 3_000_000_000L;

    /** A time below this part of the least one says that there is more to come. */
    private static final double GAIN = 0.98;

    private Turns() {}

    /** Returns the least nanoseconds of each. */
    static long[] least(List<Runnable> work) {
        long[] least = new long[work.size()];
        Arrays.fill(least, Long.MAX_VALUE);
        long start = System.nanoTime();
        long elapsed = 0;
        long lastGain = 0;
        for (int round = 0; round < LEAST_ROUNDS
                || elapsed < MOST_NANOS
                        && elapsed < Math.max(LEAST_NANOS, 2 * lastGain);
                round++) {
            boolean gained = false;
            for (int i = 0; i < least.length; i++) {
                long before = System.nanoTime();
                work.get(i).run();
                long nanos = System.nanoTime() - before;
                gained |= nanos < GAIN * least[i];
                least[i] = Math.min(least[i], nanos);
            }
            elapsed = System.nanoTime() - start;
            lastGain = gained ? elapsed : lastGain;
        }
        return least;
    }
}
