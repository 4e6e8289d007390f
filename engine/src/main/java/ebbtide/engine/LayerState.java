package ebbtide.engine;

import ebbtide.kernels.Panels;

/**
 * What one layer keeps between forward and backward: the states h of T + 1 steps (slot 0 is the initial
 * state), written over the projections W·x + b they came from, and the gradients ∂L/∂z of T steps,
 * written over the ∂L/∂h they came from. Rows are padded to a multiple of 16.
 */
final class LayerState {
    final int stride;
    final int step;
    final float[] h;
    final float[] dz;
    /** Gradient of the final state, or zeros: what comes back into the last step. */
    final float[] seed;

    /** The layer's inputs in the pass under way: floats, or tokens. */
    final StepRows input = new StepRows();

    Tokens tokens;
    /** h_{t−1} of step t, and dz_t, as factors of the weight gradients. */
    final StepRows previous;

    final StepRows gradients;

    LayerState(int steps, int batch, int hidden) {
        stride = Panels.padded(hidden);
        step = Shapes.size(batch, stride, 1);
        h = new float[Shapes.size(steps + 1, batch, stride)];
        dz = new float[Shapes.size(steps, batch, stride)];
        seed = new float[step];
        previous = new StepRows(h, 0, step, stride);
        gradients = new StepRows(dz, 0, step, stride);
    }

    /** Index in {@link #h} of the state after {@code t} steps, row {@code row}. */
    int state(int t, int row) {
        return t * step + row * stride;
    }

    /** Index in {@link #dz} of step {@code t}, row {@code row}. */
    int gradient(int t, int row) {
        return t * step + row * stride;
    }

    static long floats(int steps, int batch, int hidden) {
        return (2L * steps + 2) * batch * Panels.padded(hidden);
    }
}
