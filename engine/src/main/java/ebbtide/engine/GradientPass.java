package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/** The parameter gradients of one layer that one worker computes: those of its share of the units. */
final class GradientPass {
    private final int steps;
    private final LayerWeights weights;
    private final LayerState state;
    private final WeightGradients products;
    private final TokenGradients tokens;
    private final int unit0;
    private final int unit1;

    GradientPass(
            Kernels kernels,
            int worker,
            int workers,
            int steps,
            int batch,
            LayerWeights weights,
            LayerState state,
            WeightGradients products) {
        this.steps = steps;
        this.weights = weights;
        this.state = state;
        this.products = products;
        int panels = Panels.count(weights.hidden);
        unit0 = Partition.share(panels, worker, workers) * Panels.WIDTH;
        unit1 =
                Math.min(
                        weights.hidden,
                        Partition.share(panels, worker + 1, workers) * Panels.WIDTH);
        tokens =
                weights.tokens && unit0 < unit1
                        ? new TokenGradients(kernels, steps, batch, weights.inputs, unit1 - unit0)
                        : null;
    }

    void run(float[] gradient, Cancellation cancellation) {
        int units = unit1 - unit0;
        if (units <= 0) {
            return;
        }
        int columns = Panels.padded(units);
        for (int end = steps; end > 0; end -= products.stepsOf(end)) {
            cancellation.check();
            products.packLeft(state.gradients, end, unit0, unit1);
            if (weights.tokens) {
                tokens.add(
                        state.gradients,
                        state.tokens,
                        end,
                        unit0,
                        units,
                        gradient,
                        place(weights.w),
                        weights.w.stride());
            } else {
                add(state.input, weights.w, end, units, gradient);
            }
            add(state.previous, weights.u, end, units, gradient);
            products.sumBias(state.gradients, end, unit0, columns);
            products.addBias(gradient, weights.biasInput.offset() + unit0, columns);
            products.addBias(gradient, weights.biasHidden.offset() + unit0, columns);
        }
    }

    private void add(StepRows factor, Layout.Slot slot, int end, int units, float[] gradient) {
        products.add(
                factor, slot.columns(), end, units, gradient, place(slot), slot.stride());
    }

    private int place(Layout.Slot slot) {
        return slot.offset() + unit0 * slot.stride();
    }
}
