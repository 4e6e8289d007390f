package ebbtide.bench.flow;

/** Hears how far a computation is, and may end it. */
@FunctionalInterface
public interface Progress {
    /**
     * Hears of progress.
     *
     * @param share of the work that is done, 0 to 1
     * @param doing what is going on
     * @throws java.util.concurrent.CancellationException if somebody wishes it to stop
     */
    void at(double share, String doing);

    /** Returns the progress of a part that takes the whole from {@code from} to {@code to}. */
    default Progress part(double from, double to) {
        return (share, doing) -> at(from + share * (to - from), doing);
    }
}
