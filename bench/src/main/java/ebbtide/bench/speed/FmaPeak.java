package ebbtide.bench.speed;

import ebbtide.engine.Workers;
import ebbtide.kernels.KernelSelection;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The fused multiply-adds that the machine can do, in GFLOP/s, at the width of the selected kernels
 * (at the JVM's preferred one if those are scalar), on all threads of a pool at once: the ceiling that
 * every kernel is measured against.
 *
 * <p>Twelve independent chains of FMAs in registers. Two units of four cycles need eight of them, and
 * twelve with the two factors leave two of AVX2's sixteen registers free. The loop is a small method
 * of its own that is called every few microseconds. Called once for a whole measurement it would run
 * in a version that C2 compiles while the loop is running (OSR), and that one boxes its vectors at
 * times: 1 GFLOP/s instead of 100. Allocation gives a boxed loop away, and is an error here.
 *
 * <p>Nor may C2 inline the loop into its caller, as it did once that was hot: from then on the peak read
 * half of what it is, 51.8 instead of 103.5 GFLOP/s (Zen 3, JDK 25.0.3), in every JVM that measured it
 * some hundred times. So the terms are written out twice: past 325 bytes (FreqInlineSize) a method is
 * too big to be inlined, however hot.
 *
 * <p>Serves one caller at a time.
 */
public final class FmaPeak {
    private static final VectorSpecies<Float> SPECIES = species();
    private static final int CHAINS = 12;

    /** Some eight microseconds at 100 GFLOP/s: the call around it costs less than half a percent. */
    private static final int TERMS = 4_096;

    /** Chunks between two readings of the clock. */
    private static final int CHUNKS = 16;

    /** At most this many readings a measurement. */
    private static final int READINGS = 4_096;

    /** The JVM may allocate a little for itself. A boxed loop is past this in microseconds. */
    private static final long INNOCENT_BYTES = 1_024;

    private static final long WARM_UP_NANOS = 200_000_000;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final Workers workers;
    private final Workers.Task task = this::measure;
    private final ThreadAllocation allocation;
    private final float[][] sinks;
    private final long[][] readings;
    private final int[] taken;
    private long nanos;

    /**
     * Prepares a measurement on a pool and compiles the loop.
     *
     * @throws Boxed if the loop boxes its vectors, as it does at a width that the
     *     processor does not have
     */
    public FmaPeak(Workers workers) {
        this.workers = workers;
        allocation = new ThreadAllocation(workers);
        sinks = new float[workers.threads()][SPECIES.length()];
        readings = new long[workers.threads()][READINGS];
        taken = new int[workers.threads()];
        warmUp();
    }

    private static VectorSpecies<Float> species() {
        int lanes = KernelSelection.selected().kernels().lanes();
        return lanes == 1
                ? FloatVector.SPECIES_PREFERRED
                : VectorSpecies.of(float.class, VectorShape.forBitSize(lanes * Float.SIZE));
    }

    /** Returns the bits of the vectors that are measured. */
    public static int bits() {
        return SPECIES.vectorBitSize();
    }

    private void warmUp() {
        long start = System.nanoTime();
        // Short calls first: the compilers count calls, and the interpreter boxes every operation.
        for (int i = 0; i < 20_000; i++) {
            chunk(16, sinks[0]);
        }
        long bytes = 0;
        long spent = 0;
        while (spent < WARM_UP_NANOS || bytes > INNOCENT_BYTES) {
            if (spent > PATIENCE_NANOS) {
                throw boxed(bytes);
            }
            bytes = bytesOf(WARM_UP_NANOS / 20);
            spent = System.nanoTime() - start;
        }
    }

    /** The loop allocates, so what it takes says nothing about the machine. */
    public static final class Boxed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Boxed(String message) {
            super(message);
        }
    }

    private static Boxed boxed(long bytes) {
        return new Boxed(
                "the FMA peak at %d bits cannot be measured: its loop allocated %,d bytes, so the JVM"
                        .formatted(bits(), bytes)
                        + " boxes its vectors; run at a width that the processor has, with C2");
    }

    private long bytesOf(long duration) {
        allocation.start();
        run(duration);
        return allocation.stop();
    }

    private void run(long duration) {
        nanos = duration;
        workers.run(task);
    }

    /**
     * Measures for {@code duration} nanoseconds.
     *
     * @return GFLOP/s of all threads together: for each the median of readings some 100 microseconds
     *     apart, so that one that was interrupted does not count
     * @throws Boxed if the loop has begun to box its vectors
     */
    public double gflops(long duration) {
        long bytes = bytesOf(duration);
        if (bytes > INNOCENT_BYTES) {
            throw boxed(bytes);
        }
        double flops = 2.0 * CHAINS * SPECIES.length() * TERMS * CHUNKS;
        double sum = 0;
        for (int worker = 0; worker < readings.length; worker++) {
            Arrays.sort(readings[worker], 0, taken[worker]);
            sum += flops / readings[worker][taken[worker] / 2];
        }
        return sum;
    }

    private void measure(int worker, int count) {
        long[] times = readings[worker];
        int n = 0;
        long start = System.nanoTime();
        long last = start;
        while (n < times.length && (n == 0 || last - start < nanos)) {
            for (int i = 0; i < CHUNKS; i++) {
                chunk(TERMS, sinks[worker]);
            }
            long now = System.nanoTime();
            times[n++] = now - last;
            last = now;
        }
        taken[worker] = n;
    }

    private static void chunk(int terms, float[] sink) {
        FloatVector x = FloatVector.broadcast(SPECIES, 0.75f);
        FloatVector y = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        FloatVector c6 = c0;
        FloatVector c7 = c0;
        FloatVector c8 = c0;
        FloatVector c9 = c0;
        FloatVector c10 = c0;
        FloatVector c11 = c0;
        for (int i = 0; i < terms; i += 2) {
            c0 = x.fma(y, c0);
            c1 = x.fma(y, c1);
            c2 = x.fma(y, c2);
            c3 = x.fma(y, c3);
            c4 = x.fma(y, c4);
            c5 = x.fma(y, c5);
            c6 = x.fma(y, c6);
            c7 = x.fma(y, c7);
            c8 = x.fma(y, c8);
            c9 = x.fma(y, c9);
            c10 = x.fma(y, c10);
            c11 = x.fma(y, c11);
            c0 = x.fma(y, c0);
            c1 = x.fma(y, c1);
            c2 = x.fma(y, c2);
            c3 = x.fma(y, c3);
            c4 = x.fma(y, c4);
            c5 = x.fma(y, c5);
            c6 = x.fma(y, c6);
            c7 = x.fma(y, c7);
            c8 = x.fma(y, c8);
            c9 = x.fma(y, c9);
            c10 = x.fma(y, c10);
            c11 = x.fma(y, c11);
        }
        c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7).add(c8).add(c9).add(c10).add(c11)
                .intoArray(sink, 0);
    }
}
