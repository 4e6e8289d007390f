package ebbtide.bench.speed;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * One contestant's figures, round by round. Within a round, bursts of steps and the FMA peak take turns
 * every few milliseconds, and a figure is the median of its kind: a machine that halves its speed for a
 * while (a shared host does) halves both, and a step that was interrupted does not count.
 */
final class Timing {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Steps of a round at most; the smallest takes some ten microseconds. */
    private static final int STEPS = 10_000;

    private static final long BURST_NANOS = 5_000_000;
    private static final long PEAK_NANOS = 500_000;
    private static final long LEAST_WARM_UP_NANOS = 300_000_000;
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    /** GFLOP/s of every round, by what ran. */
    final Series forward;
    final Series backward;
    final Series whole;
    final Series peak;

    /** Bytes of a step of every round. */
    final Series bytes;

    /** What the calling thread got of its processor in every round; the rest went to others. */
    final Series processor;

    private final Contestant contestant;
    private final Pool pool;
    private final double flops;
    private final double[] forwardNanos = new double[STEPS];
    private final double[] backwardNanos = new double[STEPS];
    private final double[] wholeNanos = new double[STEPS];
    private final double[] peaks = new double[STEPS];
    private long allocated;
    private int steps;

    Timing(Contestant contestant, Pool pool, double flops, int rounds) {
        this.contestant = contestant;
        this.pool = pool;
        this.flops = flops;
        forward = new Series(rounds);
        backward = new Series(rounds);
        whole = new Series(rounds);
        peak = new Series(rounds);
        bytes = new Series(rounds);
        processor = new Series(rounds);
    }

    String name() {
        return contestant.name();
    }

    Pool pool() {
        return pool;
    }

    /**
     * Runs until the code is compiled: for a while, and until no step allocates, which the interpreter
     * does on every vector.
     *
     * @return nanoseconds of a step
     */
    double warmUp(double seconds) {
        long start = System.nanoTime();
        long least = Math.max(LEAST_WARM_UP_NANOS, Math.round(seconds * 1e9));
        long spent;
        do {
            clear();
            burst(least / 10);
            spent = System.nanoTime() - start;
        } while (spent < least || allocated > 0 && spent < PATIENCE_NANOS);
        return median(wholeNanos, steps);
    }

    /** Measures for about {@code nanos}, at least one step. */
    void round(long nanos) {
        clear();
        int bursts = 0;
        long processorStart = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long last = start;
        long end;
        do {
            // A tenth of what the burst takes, however long that is.
            peaks[bursts] =
                    pool.peak.gflops(bursts == 0 ? PEAK_NANOS : (last - start) / bursts / 10);
            burst(BURST_NANOS);
            bursts++;
            end = System.nanoTime();
            last = end;
        } while (steps < STEPS && end - start < nanos);
        long used = THREADS.getCurrentThreadCpuTime() - processorStart;
        processor.add((double) used / (end - start));
        peak.add(median(peaks, bursts));
        forward.add(flops / 3 / median(forwardNanos, steps));
        backward.add(flops * 2 / 3 / median(backwardNanos, steps));
        whole.add(flops / median(wholeNanos, steps));
        bytes.add((double) allocated / steps);
    }

    private void clear() {
        steps = 0;
        allocated = 0;
    }

    private void burst(long nanos) {
        pool.allocation.start();
        long start = System.nanoTime();
        long end = start;
        while (steps < STEPS && (end == start || end - start < nanos)) {
            long begin = System.nanoTime();
            contestant.forward();
            long middle = System.nanoTime();
            contestant.backward();
            end = System.nanoTime();
            forwardNanos[steps] = middle - begin;
            backwardNanos[steps] = end - middle;
            wholeNanos[steps] = end - begin;
            steps++;
        }
        allocated += pool.allocation.stop();
    }

    private static double median(double[] figures, int count) {
        return Series.median(Arrays.copyOf(figures, count));
    }
}
