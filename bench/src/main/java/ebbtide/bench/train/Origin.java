package ebbtide.bench.train;

import ebbtide.engine.Gradients;
import ebbtide.engine.Layout;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import java.util.Map;

/**
 * Where a training stopped being finite: the first value that is NaN or infinite, in the order in which
 * an update computes them: parameters as they were before, inputs, states from the first time step on and
 * layer by layer, outputs, then gradients of states from the last time step back, and of parameters.
 *
 * @param update the update, from 0
 * @param step time step from 1, or 0 where the tensor has none
 * @param layer layer from 1, or 0 where the tensor belongs to none
 * @param tensor what it is
 * @param value the value
 */
public record Origin(long update, int step, int layer, String tensor, float value) {
    /** Returns it in words. */
    @Override
    public String toString() {
        return "%s at update %d%s%s: %s".formatted(
                tensor, update, step > 0 ? ", time step " + step : "",
                layer > 0 ? ", layer " + layer : "", value);
    }

    /** Returns it for JSON. */
    public Map<String, Object> json() {
        return Map.of(
                "update", update, "step", step, "layer", layer, "tensor", tensor, "value",
                Float.toString(value));
    }

    /** Computes an update on a network that keeps adjoints, and returns its origin, or null. */
    static Origin find(long update, Network network, Carried carried) {
        for (Layout.Slot slot : network.parameters().layout().slots()) {
            float[] values = network.parameters().read(slot.name());
            for (float value : values) {
                if (!Float.isFinite(value)) {
                    return new Origin(update, 0, 0, "parameter " + slot.name(), value);
                }
            }
        }
        network.forward(carried);
        Origin found = states(update, network);
        if (found == null) {
            found = outputs(update, network);
        }
        if (found != null) {
            return found;
        }
        Gradients gradients = network.newGradients();
        float loss = network.backward(gradients);
        if (!Float.isFinite(loss)) {
            return new Origin(update, 0, 0, "loss", loss);
        }
        return gradients(update, network, gradients);
    }

    private static Origin states(long update, Network network) {
        for (float value : network.window().x) {
            if (!Float.isFinite(value)) {
                return new Origin(update, 0, 0, "input", value);
            }
        }
        Plan plan = network.plan();
        Rnn rnn = network.rnn();
        Carried state = network.newState();
        for (int t = 1; t <= plan.steps(); t++) {
            plan.state(t, state.h(), state.c());
            for (int layer = 0; layer < rnn.layers(); layer++) {
                for (int kind = 0; kind < 2; kind++) {
                    Tensor part = kind == 0 ? state.h() : state.c();
                    Float bad = part == null ? null : first(part, layer);
                    if (bad != null) {
                        return new Origin(
                                update, t, layer + 1, kind == 0 ? "state h" : "cell state c", bad);
                    }
                }
            }
        }
        return null;
    }

    /** The first value that is not finite at step {@code t}, or null. */
    private static Float first(Tensor tensor, int t) {
        for (int row = 0; row < tensor.rows(); row++) {
            for (int i = 0; i < tensor.features(); i++) {
                if (!Float.isFinite(tensor.at(t, row, i))) {
                    return tensor.at(t, row, i);
                }
            }
        }
        return null;
    }

    private static Origin outputs(long update, Network network) {
        int batch = network.window().batch;
        for (int row = 0; row < network.window().steps * batch; row++) {
            for (int c = 0; c < network.outputs().columns(); c++) {
                float value = network.outputs().at(row, c);
                if (!Float.isFinite(value)) {
                    return new Origin(update, row / batch + 1, 0, "output", value);
                }
            }
        }
        return null;
    }

    private static Origin gradients(long update, Network network, Gradients gradients) {
        for (int t = network.plan().steps() - 1; t >= 0; t--) {
            for (int layer = network.rnn().layers() - 1; layer >= 0; layer--) {
                Float bad = first(network.plan().adjoint(layer), t);
                if (bad != null) {
                    return new Origin(update, t + 1, layer + 1, "gradient of the state h", bad);
                }
            }
        }
        for (Layout.Slot slot : gradients.layout().slots()) {
            for (float value : gradients.read(slot.name())) {
                if (!Float.isFinite(value)) {
                    return new Origin(update, 0, 0, "gradient of " + slot.name(), value);
                }
            }
        }
        return null;
    }
}
