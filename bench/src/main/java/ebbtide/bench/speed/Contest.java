package ebbtide.bench.speed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/**
 * Times contestants in one process: rounds in which each has its turn, interleaved with the FMA peak on
 * as many threads. A machine that slows down for a while slows down all of them, and ratios stay what
 * they are.
 */
public final class Contest implements AutoCloseable {
    /** Odd, so that a median is one of the figures. */
    private static final int ROUNDS = 15;

    /** A step longer than a round's share takes the time of other rounds, down to this many. */
    private static final int LEAST_ROUNDS = 7;

    private final double seconds;
    private final List<Pool> pools = new ArrayList<>();

    /**
     * Starts the threads and finds the machine's peak.
     *
     * @param threads numbers of threads
     * @param seconds to spend on a contestant
     * @throws FmaPeak.Boxed if the peak cannot be measured
     */
    public Contest(List<Integer> threads, double seconds) {
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
     * Measures one piece of work on every number of threads.
     *
     * @param progress told the share done, 0 to 1
     * @param stop asked between rounds
     * @return a row for each number of threads; empty if stopped
     */
    public List<Row> run(
            Workload work, Field field, DoubleConsumer progress, BooleanSupplier stop) {
        List<List<Timing>> groups = new ArrayList<>();
        List<Contestant> open = new ArrayList<>();
        try {
            for (Pool pool : pools) {
                List<Contestant> contestants = field.contestants(pool.workers);
                if (contestants.isEmpty()) {
                    continue;
                }
                open.addAll(contestants);
                groups.add(contestants.stream()
                        .map(one -> new Timing(one, pool, work, ROUNDS, one == contestants.get(0)))
                        .toList());
            }
            List<Timing> all = groups.stream().flatMap(List::stream).toList();
            return rounds(all, progress, stop)
                    ? groups.stream().map(group -> row(work, group)).toList()
                    : List.of();
        } finally {
            open.forEach(Contestant::close);
        }
    }

    /** Returns whether all rounds were run. */
    private boolean rounds(List<Timing> all, DoubleConsumer progress, BooleanSupplier stop) {
        double longest = 0;
        for (Timing timing : all) {
            if (stop.getAsBoolean()) {
                return false;
            }
            longest = Math.max(longest, timing.warmUp(seconds / 5));
        }
        double share = seconds * 0.8e9 / ROUNDS;
        int rounds = (int) Math.clamp(ROUNDS * share / longest, LEAST_ROUNDS, ROUNDS);
        for (int round = 0; round < rounds; round++) {
            progress.accept((double) round / rounds);
            for (Timing timing : all) {
                if (stop.getAsBoolean()) {
                    return false;
                }
                timing.round(Math.round(share));
            }
        }
        return true;
    }

    private static Row row(Workload work, List<Timing> group) {
        Timing ours = group.get(0);
        List<Timing> peers = group.subList(1, group.size());
        Map<String, Ratio> ratios = new LinkedHashMap<>();
        Map<String, Ratio> packed = new LinkedHashMap<>();
        for (Timing peer : peers) {
            ratios.put(peer.name(), ours.whole.over(peer.whole));
            packed.put(peer.name(), ours.charged().over(peer.charged()));
        }
        return new Row(
                work,
                ours.pool().threads(),
                ours.peak.median(),
                ours.figures(),
                peers.stream().map(Timing::figures).toList(),
                ratios,
                packed);
    }

    @Override
    public void close() {
        pools.forEach(Pool::close);
    }
}
