package ebbtide.bench.speed;

/**
 * Whoever computes a piece of work: the engine on one set of kernels, or a peer. All work on the same
 * amount of data, which comes from outside and goes there. Serves one thread at a time.
 */
public interface Contestant extends AutoCloseable {
    /** Returns the name that rows and ratios carry. */
    String name();

    /** Gets ready for a turn: sets the threads of its runtime. Not timed. */
    default void begin() {
    }

    /** Returns its operations over those that the workload names. */
    default double share() {
        return 1;
    }

    /** Returns whether {@link #update} does anything. */
    default boolean packs() {
        return false;
    }

    /**
     * What an update of the parameters costs: weights are brought into the layout that the computation
     * wants, gradients of weights back from it. Counted in one of two columns.
     */
    default void update() {
    }

    /** Does the work, or computes y if there are two parts. */
    void forward();

    /** Computes dx and the gradients of the parameters after {@link #forward}. */
    default void backward() {
    }

    /** Returns how long threads of its own may go on spinning, so that nobody is timed meanwhile. */
    default long spinNanos() {
        return 0;
    }

    @Override
    default void close() {
    }
}
