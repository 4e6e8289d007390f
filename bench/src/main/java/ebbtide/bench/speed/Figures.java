package ebbtide.bench.speed;

import java.util.Objects;
import java.util.stream.Stream;

/**
 * What one contestant did at one piece of work.
 *
 * @param name the contestant
 * @param whole forward and backward, nothing packed
 * @param packed the same with the packing or reordering of weights; null if there is none
 * @param forward forward alone; null where work has no parts
 * @param backward backward alone
 * @param bytesPerStep allocated on the JVM's heap by all threads; the median of the rounds, since what
 *     the JVM does once (a late compilation) is not the step's
 * @param processorShare what the calling thread got of a processor
 */
public record Figures(
        String name,
        Speed whole,
        Speed packed,
        Speed forward,
        Speed backward,
        double bytesPerStep,
        double processorShare) {
    private static final double QUIET = 0.95;

    /** Returns whether something here is faster than the peak. */
    public boolean abovePeak() {
        return Stream.of(whole, packed, forward, backward)
                .filter(Objects::nonNull)
                .anyMatch(Speed::abovePeak);
    }

    /** Returns whether other processes took so much of the time that the figures are theirs too. */
    public boolean disturbed() {
        return !(processorShare >= QUIET);
    }

    /** Returns whether a step allocates. */
    public boolean allocates() {
        return !(bytesPerStep == 0);
    }
}
