package ebbtide.bench.train;

import ebbtide.engine.Tensor;
import java.util.List;

/** Sees the gradients of a training on their way back through time. */
public interface FlowObserver {
    /** Returns whether this update is to be shown. */
    boolean wants(long update);

    /**
     * Sees an update's gradients.
     *
     * @param adjoints ∂L/∂h_t [T, B, H] of each layer, valid during the call
     */
    void observe(long update, List<Tensor> adjoints);
}
