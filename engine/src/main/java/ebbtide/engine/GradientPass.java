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
    private final int segments;
    private final int unit0;
    private final int units;

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
        segments = segments(weights.cell);
        int panels = Panels.count(weights.hidden);
        unit0 = Partition.share(panels, worker, workers) * Panels.WIDTH;
        int end = Partition.share(panels, worker + 1, workers) * Panels.WIDTH;
        units = Math.min(weights.hidden, end) - unit0;
        tokens =
                weights.tokens && units > 0
                        ? new TokenGradients(kernels, steps, batch, weights.inputs, units)
                        : null;
    }

    /** Segments of ∂L/∂z in a row. */
    static int segments(Cell cell) {
        return Math.max(1, cell.segments());
    }

    void run(float[] gradient, Cancellation cancellation) {
        if (units <= 0) {
            return;
        }
        int[] in = weights.cell.inputSegments();
        int[] st = weights.cell.stateSegments();
        for (int end = steps; end > 0; end -= products.stepsOf(end)) {
            cancellation.check();
            for (int segment = 0; segment < segments; segment++) {
                products.packLeft(state.gradients, segment, column(segment), units, end);
            }
            inputWeights(in, end, gradient);
            for (int i = 0; i < weights.u.length; i++) {
                int delay = weights.cell.delays().get(i);
                products.packRight(state.before, 1 - delay, weights.hidden, end);
                for (int gate = 0; gate < st.length; gate++) {
                    add(weights.u[i], gate, st[gate], gradient);
                }
            }
            for (int gate = 0; gate < in.length; gate++) {
                bias(weights.biasInput, gate, in[gate], end, gradient);
                bias(weights.biasHidden, gate, st[gate], end, gradient);
            }
        }
    }

    private void inputWeights(int[] segments, int end, float[] gradient) {
        if (!weights.tokens) {
            products.packRight(state.input, 0, weights.inputs, end);
        }
        for (int gate = 0; gate < segments.length; gate++) {
            if (weights.tokens) {
                tokens.add(
                        state.gradients,
                        state.tokens,
                        end,
                        column(segments[gate]),
                        units,
                        gradient,
                        place(weights.w, gate),
                        weights.w.stride());
            } else {
                add(weights.w, gate, segments[gate], gradient);
            }
        }
    }

    private void add(Layout.Slot slot, int gate, int segment, float[] gradient) {
        products.add(segment, units, slot.columns(), gradient, place(slot, gate), slot.stride());
    }

    private void bias(Layout.Slot slot, int gate, int segment, int end, float[] gradient) {
        products.sumBias(state.gradients, column(segment), units, end);
        products.addBias(gradient, slot.offset() + gate * weights.hidden + unit0, units);
    }

    private int column(int segment) {
        return segment * state.stride + unit0;
    }

    /** Where this worker's first row of a gate stands. */
    private int place(Layout.Slot slot, int gate) {
        return slot.offset() + (gate * weights.hidden + unit0) * slot.stride();
    }
}
