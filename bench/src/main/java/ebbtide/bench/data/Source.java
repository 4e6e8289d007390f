package ebbtide.bench.data;

/**
 * Where windows come from. Each window is a pure function of the source's options and a number, so a
 * position in the data is the number of updates done, and resuming needs nothing else. A source owns
 * scratch memory: not safe for use by several threads.
 */
public interface Source {
    /** Returns a short name: {@code text}, {@code series}, or the task's. */
    String name();

    /** Returns whether inputs are integers, one per row, instead of floats. */
    boolean tokens();

    /** Returns the number of input features, or of different integers. */
    int inputs();

    /** Returns the number of outputs. */
    int outputs();

    /** Returns what training minimises. */
    Objective objective();

    /** Returns the steps of a window (k2). */
    int steps();

    /** Returns the sequences of a window. */
    int batch();

    /**
     * Returns by how many steps a window starts after the one before it (k1), where states are carried
     * from window to window; 0 where every window starts from a zero state.
     */
    default int shift() {
        return 0;
    }

    /** Returns what {@link #itemsPerUpdate} counts. */
    default String items() {
        return "sequences";
    }

    /** Returns how many new characters or sequences an update reads. */
    default long itemsPerUpdate() {
        return batch();
    }

    /** Fills {@code window} for training update {@code update}, from 0. */
    void train(long update, Window window);

    /** Returns the number of validation windows. */
    int validationWindows();

    /** Fills {@code window} with validation window {@code index}. */
    void validation(int index, Window window);

    /** Returns the number of windows of the final test; 0 where validation is all there is. */
    default int testWindows() {
        return 0;
    }

    /** Fills {@code window} with test window {@code index}. */
    default void test(int index, Window window) {
        throw new UnsupportedOperationException(name() + " has no test windows");
    }

    /** Returns a new score to which validation or test windows are added. */
    Score score();

    /** Returns the judge of training windows, {@link Judge#NONE} where nothing is to be judged. */
    default Judge judge() {
        return Judge.NONE;
    }

    /** Returns whether a score over test windows meets the criterion of success. */
    default boolean solved(Score score) {
        return false;
    }

    /** Returns a digest of the data, so that a run is not resumed on other data. */
    String fingerprint();
}
