package ebbtide.bench.speed;

/**
 * How fast something ran.
 *
 * @param gflops GFLOP/s, the median over the rounds
 * @param peakShare what it reaches of the FMA peak of as many threads, in the same rounds
 */
public record Speed(double gflops, Ratio peakShare) {
    /** A kernel may seem that much faster than the peak before the peak is called weak. */
    private static final double TOLERANCE = 1.02;

    /**
     * Returns whether this beat the peak, the interval of the ratio being all above the tolerance: then
     * it is not the peak that was measured.
     */
    boolean abovePeak() {
        return !(peakShare.low() <= TOLERANCE);
    }
}
