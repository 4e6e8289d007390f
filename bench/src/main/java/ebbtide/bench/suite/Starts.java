package ebbtide.bench.suite;

import ebbtide.bench.ChildJvm;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StartChild;
import ebbtide.bench.speed.StepCell;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/** How fast fresh JVMs become, and how soon. */
public final class Starts {
    /** Fresh JVMs of a row. */
    public static final int FORKS = 10;

    private Starts() {
    }

    /**
     * What was found for one step.
     *
     * @param seconds of each fork, ascending, until it first ran at 95 % of its steady speed
     * @param peakShares steady speeds over the FMA peak, ascending
     */
    public record Row(
            Shape shape, StepCell cell, int threads, List<Double> seconds,
            List<Double> peakShares) {
        /** Returns the slowest fork's speed over the median one's. */
        public double slowest() {
            return peakShares.getFirst() / peakShares.get(peakShares.size() / 2);
        }
    }

    /**
     * Starts the forks one after the other.
     *
     * @param seconds a fork runs
     * @return the row, or null if stopped
     * @throws InterruptedException if the thread is interrupted
     */
    public static Row run(
            Shape shape, StepCell cell, int threads, double seconds, DoubleConsumer progress,
            BooleanSupplier stop) throws InterruptedException {
        List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:")).toList();
        List<String> arguments =
                List.of(shape.toString(), cell.label(), "" + threads, "" + seconds);
        List<Double> times = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (int fork = 0; fork < FORKS; fork++) {
            if (stop.getAsBoolean()) {
                return null;
            }
            progress.accept((double) fork / FORKS);
            try (ChildJvm child = ChildJvm.start(options, StartChild.class, arguments)) {
                int code = child.read(line -> {
                    String[] found = line.split(" ");
                    times.add(Double.valueOf(found[0]));
                    shares.add(Double.valueOf(found[1]));
                });
                if (code != 0 && !stop.getAsBoolean()) {
                    throw new IllegalStateException(
                            "a fresh JVM for %s %s: expected exit code 0, got %d".formatted(
                                    cell.label(), shape, code));
                }
            }
        }
        if (stop.getAsBoolean()) {
            return null;
        }
        return new Row(
                shape, cell, threads, times.stream().sorted().toList(),
                shares.stream().sorted().toList());
    }
}
