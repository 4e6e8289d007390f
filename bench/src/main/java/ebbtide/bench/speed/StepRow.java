package ebbtide.bench.speed;

import ebbtide.kernels.Activation;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a benchmark found for one shape, cell, contestant and number of threads. GFLOP/s are medians
 * over the rounds.
 *
 * @param kernels the contestant
 * @param peakGflops the FMA peak of as many threads, in the same rounds
 * @param peakShare what of the peak the whole step reaches
 * @param forwardShare the same of forward alone
 * @param backwardShare the same of backward alone
 * @param bytesPerStep allocated by all threads; the median of the rounds, since what the JVM does once
 *     (a late compilation) is not the step's
 * @param processorShare what the calling thread got of a processor
 * @param ratios speed of the whole step over that of other contestants on as many threads
 */
public record StepRow(
        Shape shape,
        Activation cell,
        String kernels,
        int threads,
        double gflops,
        double forwardGflops,
        double backwardGflops,
        double peakGflops,
        Ratio peakShare,
        Ratio forwardShare,
        Ratio backwardShare,
        double bytesPerStep,
        double processorShare,
        Map<String, Ratio> ratios) {
    /** A kernel may seem that much faster than the peak before the peak is called weak. */
    private static final double TOLERANCE = 1.02;

    private static final double QUIET = 0.95;

    /**
     * Returns whether a part of the step beat the peak, the interval of the ratio being all above the
     * tolerance: then it is not the peak that was measured.
     */
    public boolean peakWeak() {
        return Stream.of(peakShare, forwardShare, backwardShare)
                .anyMatch(share -> !(share.low() <= TOLERANCE));
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
