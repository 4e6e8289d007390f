package ebbtide.bench.train;

/** Sees the gradients of a training on their way back through time. */
public interface FlowObserver {
    /** Returns whether this update is to be shown. */
    boolean wants(long update);

    /**
     * Sees an update's gradients of the states.
     *
     * @param norms ‖∂L/∂h_t‖ as [layer·directions + direction][t][b], t in the order of time, valid
     *     during the call
     */
    void observe(long update, double[][][] norms);
}
