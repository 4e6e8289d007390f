package ebbtide.bench.speed;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/**
 * Times whole steps in one process: rounds in which every contestant has its turn, interleaved with the
 * FMA peak on as many threads. A machine that slows down for a while slows down all of them, and ratios
 * stay what they are.
 *
 * <p>The first {@link Kernels} are ours and run every shape. Others, such as the scalar reference, run
 * where a step is short enough.
 */
public final class StepBenchmark implements AutoCloseable {
    /** Odd, so that a median is one of the figures. */
    private static final int ROUNDS = 15;

    /** A step longer than a round's share takes the time of other rounds, down to this many. */
    private static final int LEAST_ROUNDS = 7;

    /** 50 MFLOP: some ten milliseconds of the scalar kernels. */
    private static final double SMALL_FLOPS = 50e6;

    private final Kernels ours;
    private final List<Kernels> others;
    private final double seconds;
    private final List<Pool> pools = new ArrayList<>();

    /**
     * Starts the threads and finds the machine's peak.
     *
     * @param ours the kernels to be judged
     * @param others kernels to be compared with at small shapes
     * @param threads numbers of threads
     * @param seconds to spend on one row
     * @throws FmaPeak.Boxed if the peak cannot be measured
     */
    public StepBenchmark(
            Kernels ours, List<Kernels> others, List<Integer> threads, double seconds) {
        this.ours = ours;
        this.others = others;
        this.seconds = seconds;
        try {
            for (int count : threads) {
                pools.add(new Pool(count));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Measures one shape on every number of threads.
     *
     * @param progress told the share done, 0 to 1
     * @param stop asked between rounds
     * @return a row for each contestant; empty if stopped
     */
    public List<StepRow> run(
            Shape shape, Activation cell, DoubleConsumer progress, BooleanSupplier stop) {
        List<Timing> timings = new ArrayList<>();
        for (Pool pool : pools) {
            timings.add(timing(ours, pool, shape, cell));
            for (Kernels other : others) {
                if (shape.flops() <= SMALL_FLOPS) {
                    timings.add(timing(other, pool, shape, cell));
                }
            }
        }
        double longest = 0;
        for (Timing timing : timings) {
            if (stop.getAsBoolean()) {
                return List.of();
            }
            longest = Math.max(longest, timing.warmUp(seconds / 5));
        }
        double share = seconds * 0.8e9 / ROUNDS;
        int rounds = (int) Math.clamp(ROUNDS * share / longest, LEAST_ROUNDS, ROUNDS);
        for (int round = 0; round < rounds; round++) {
            progress.accept((double) round / rounds);
            for (Timing timing : timings) {
                if (stop.getAsBoolean()) {
                    return List.of();
                }
                timing.round(Math.round(share));
            }
        }
        return timings.stream().map(timing -> row(timing, timings, shape, cell)).toList();
    }

    private static Timing timing(Kernels kernels, Pool pool, Shape shape, Activation cell) {
        EngineStep step = new EngineStep(kernels, pool.workers, shape, cell);
        return new Timing(step, pool, shape.flops(), ROUNDS);
    }

    private static StepRow row(Timing timing, List<Timing> all, Shape shape, Activation cell) {
        Map<String, Ratio> ratios = new LinkedHashMap<>();
        for (Timing other : all) {
            if (other != timing && other.pool() == timing.pool()) {
                ratios.put(other.name(), timing.whole.over(other.whole));
            }
        }
        return new StepRow(
                shape,
                cell,
                timing.name(),
                timing.pool().threads(),
                timing.whole.median(),
                timing.forward.median(),
                timing.backward.median(),
                timing.peak.median(),
                timing.whole.over(timing.peak),
                timing.forward.over(timing.peak),
                timing.backward.over(timing.peak),
                timing.bytes.median(),
                timing.processor.median(),
                ratios);
    }

    @Override
    public void close() {
        pools.forEach(Pool::close);
    }
}
