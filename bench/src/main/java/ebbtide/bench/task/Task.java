package ebbtide.bench.task;

import ebbtide.bench.data.Draws;
import ebbtide.bench.data.Judge;
import ebbtide.bench.data.Objective;
import ebbtide.bench.data.Outputs;
import ebbtide.bench.data.Window;

/**
 * A synthetic problem of the field: how a sequence is drawn, and when an answer is right. Immutable;
 * safe for use by several threads on different windows.
 */
public interface Task {
    /** Returns the name on the command line. */
    String name();

    /** Returns the steps that a window needs. */
    int steps();

    /** Returns whether inputs are integers. */
    boolean tokens();

    /** Returns the number of input features, or of different integers. */
    int inputs();

    /** Returns the number of outputs. */
    int outputs();

    /** Returns what training minimises. */
    Objective objective();

    /**
     * Draws sequence {@code b} of a window that is all zero, and sets the mask where it has targets.
     */
    void draw(Draws draws, Window window, int b);

    /** Returns how many answers a sequence asks for. */
    int answers();

    /** Returns how many of the answers to sequence {@code b} are right. */
    int right(Window window, int b, Outputs outputs);

    /** Returns the mean loss of the best answer that knows nothing of the sequence. */
    double baseline();

    /** Returns how many sequences the final test has. */
    int testSequences();

    /** Returns the criterion of success in one line. */
    String criterion();

    /** Returns whether a share of right answers meets the criterion, where that is on a test. */
    default boolean solved(double rightShare) {
        return false;
    }

    /** Returns a judge of training windows; NONE where the criterion is defined on a test. */
    default Judge judge() {
        return Judge.NONE;
    }
}
