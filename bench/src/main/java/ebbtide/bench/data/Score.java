package ebbtide.bench.data;

import java.util.Map;

/** What a model reaches on a set of windows. The base class holds the mean loss. */
public class Score {
    private double loss;
    private long samples;

    /** Adds a window, its mean loss and the network's outputs. */
    public void add(Window window, Outputs outputs, double windowLoss) {
        loss += windowLoss * window.samples;
        samples += window.samples;
    }

    /** Returns the mean loss. */
    public final double loss() {
        return loss / samples;
    }

    /** Returns the number of samples added. */
    protected final long samples() {
        return samples;
    }

    /** Puts further figures into {@code figures} under the names they have in JSON. */
    public void report(Map<String, Object> figures) {
    }
}
