package ebbtide.bench.train;

import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import java.util.LinkedHashMap;
import java.util.Map;

/** The weights with the lowest validation loss so far. */
public final class Best {
    private final Map<String, float[]> weights = new LinkedHashMap<>();
    private double loss = Double.POSITIVE_INFINITY;

    /** Keeps a copy of {@code parameters} if {@code candidate} is lower than what there was. */
    void offer(double candidate, Parameters parameters) {
        if (candidate < loss) {
            keep(candidate, parameters);
        }
    }

    /** Keeps a copy of {@code parameters} in any case. */
    void keep(double candidate, Parameters parameters) {
        loss = candidate;
        for (Layout.Slot slot : parameters.layout().slots()) {
            weights.put(slot.name(), parameters.read(slot.name()));
        }
    }

    void restore(double savedLoss, Map<String, float[]> saved) {
        loss = savedLoss;
        weights.putAll(saved);
    }

    /** Returns whether there is anything: a validation with a finite loss has been made. */
    public boolean found() {
        return !weights.isEmpty();
    }

    /** Returns the lowest validation loss, infinite before the first. */
    public double loss() {
        return loss;
    }

    Map<String, float[]> weights() {
        return weights;
    }

    /** Puts these weights into {@code parameters}, if there are any. */
    public void restoreTo(Parameters parameters) {
        weights.forEach(parameters::write);
    }
}
