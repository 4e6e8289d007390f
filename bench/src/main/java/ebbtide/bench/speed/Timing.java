package ebbtide.bench.speed;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * One contestant's figures, round by round. Within a round, bursts of steps and the FMA peak take turns
 * every few milliseconds, and a figure is the median of its kind: a machine that halves its speed for a
 * while (a shared host does) halves both, and a step that was interrupted does not count. Where weights
 * are packed, every other burst does it.
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
    final Series whole;
    final Series peak;
    private final Series packed;
    private final Series forward;
    private final Series backward;

    /** Bytes of a step of every round. */
    private final Series bytes;

    /** What the calling thread got of its processor in every round; the rest went to others. */
    private final Series processor;

    private final Contestant contestant;
    private final Pool pool;
    private final Workload work;
    private final double flops;
    private final boolean allocationFree;
    private final Sample forwards = new Sample(STEPS);
    private final Sample backwards = new Sample(STEPS);
    private final Sample wholes = new Sample(STEPS);
    private final Sample packs = new Sample(STEPS);
    private final Sample peaks = new Sample(STEPS);
    private long allocated;

    /**
     * Prepares the measurement.
     *
     * @param allocationFree whether the contestant allocates nothing once it is compiled
     */
    Timing(Contestant contestant, Pool pool, Workload work, int rounds, boolean allocationFree) {
        this.contestant = contestant;
        this.pool = pool;
        this.work = work;
        flops = work.flops() * contestant.share();
        this.allocationFree = allocationFree;
        whole = new Series(rounds);
        peak = new Series(rounds);
        packed = new Series(rounds);
        forward = new Series(rounds);
        backward = new Series(rounds);
        bytes = new Series(rounds);
        processor = new Series(rounds);
    }

    String name() {
        return contestant.name();
    }

    Pool pool() {
        return pool;
    }

    /** Returns the speed of the work with packing, if there is any. */
    Series charged() {
        return contestant.packs() ? packed : whole;
    }

    /**
     * Runs until the code is compiled: for a while, and until no step allocates, which the interpreter
     * does on every vector.
     *
     * @return nanoseconds of a step
     */
    double warmUp(double seconds) {
        contestant.begin();
        long start = System.nanoTime();
        long least = Math.max(LEAST_WARM_UP_NANOS, Math.round(seconds * 1e9));
        long spent;
        do {
            clear();
            burst(least / 10, false);
            if (contestant.packs()) {
                burst(least / 20, true);
            }
            spent = System.nanoTime() - start;
        } while (spent < least || allocationFree && allocated > 0 && spent < PATIENCE_NANOS);
        return wholes.median();
    }

    /** Measures for about {@code nanos}, at least one step of each kind. */
    void round(long nanos) {
        clear();
        contestant.begin();
        long spin = contestant.spinNanos();
        // Waiting takes at most half of the time.
        long length = Math.max(BURST_NANOS, spin);
        long processorStart = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long waited = 0;
        long last = 0;
        boolean pack = false;
        do {
            // A tenth of what the burst takes, however long that is.
            peaks.add(pool.peak.gflops(last == 0 ? PEAK_NANOS : last / 10));
            long begin = System.nanoTime();
            burst(length, pack);
            last = System.nanoTime() - begin;
            pack = !pack && contestant.packs();
            waited += rest(spin);
        } while (pack || wholes.room() && System.nanoTime() - start < nanos);
        long used = THREADS.getCurrentThreadCpuTime() - processorStart;
        processor.add((double) used / (System.nanoTime() - start - waited));
        peak.add(peaks.median());
        whole.add(flops / wholes.median());
        if (contestant.packs()) {
            packed.add(flops / packs.median());
        }
        if (work.parts()) {
            forward.add(flops / 3 / forwards.median());
            backward.add(flops * 2 / 3 / backwards.median());
        }
        bytes.add((double) allocated / (wholes.count() + packs.count()));
    }

    /** Waits until threads that spin have given up, and returns how long that took. */
    private static long rest(long nanos) {
        if (nanos == 0) {
            return 0;
        }
        long start = System.nanoTime();
        long end = start;
        while (end - start < nanos) {
            LockSupport.parkNanos(nanos - (end - start));
            end = System.nanoTime();
        }
        return end - start;
    }

    private void clear() {
        for (Sample sample : new Sample[] {forwards, backwards, wholes, packs, peaks}) {
            sample.clear();
        }
        allocated = 0;
    }

    private void burst(long nanos, boolean pack) {
        Sample sample = pack ? packs : wholes;
        pool.allocation.start();
        long start = System.nanoTime();
        long end = start;
        while (sample.room() && (end == start || end - start < nanos)) {
            long begin = System.nanoTime();
            if (pack) {
                contestant.update();
            }
            contestant.forward();
            long middle = System.nanoTime();
            contestant.backward();
            end = System.nanoTime();
            if (!pack) {
                forwards.add(middle - begin);
                backwards.add(end - middle);
            }
            sample.add(end - begin);
        }
        allocated += pool.allocation.stop();
    }

    /** Returns what was found. */
    Figures figures() {
        return new Figures(
                name(),
                speed(whole),
                contestant.packs() ? speed(packed) : null,
                work.parts() ? speed(forward) : null,
                work.parts() ? speed(backward) : null,
                bytes.median(),
                processor.median());
    }

    private Speed speed(Series series) {
        return new Speed(series.median(), series.over(peak));
    }

    /** Some measurements, up to a number. */
    private static final class Sample {
        private final double[] values;
        private int count;

        Sample(int capacity) {
            values = new double[capacity];
        }

        void clear() {
            count = 0;
        }

        void add(double value) {
            values[count++] = value;
        }

        int count() {
            return count;
        }

        boolean room() {
            return count < values.length;
        }

        double median() {
            return Series.median(Arrays.copyOf(values, count));
        }
    }
}
