package ebbtide.engine;

import ebbtide.kernels.Panels;

/**
 * What one layer keeps between forward and backward. Slot 0 of the states is the initial state, slot t +
 * 1 that after step t; ∂L/∂h stands in the same slots, slot 0 collecting what reaches the initial state.
 * Where a cell keeps no gates, states are written over the projections W·x + b they came from, and ∂L/∂z
 * over ∂L/∂h. Rows are padded to a multiple of 16.
 */
final class LayerState {
    /** H rounded up to 16. */
    final int stride;
    /** Floats of one step of states. */
    final int step;

    final float[] h;
    final float[] dh;
    /** A row of gates has one segment of {@link #stride} floats for each; null where none are kept. */
    final float[] gates;

    /** Cell states in the slots of h, and their gradient as it is carried; null where there are none. */
    final float[] c;

    final float[] dc;

    /** ∂L/∂h of the final state from outside, or zeros: what comes back into the last step. */
    final float[] seed;

    /** ∂L/∂h_t of every step, where it is kept, or null. */
    final float[] adjoint;

    /** The layer's inputs in the pass under way: floats, or tokens. */
    final StepRows input = new StepRows();

    Tokens tokens;
    /** Where W·x_t + b goes. */
    final StepRows projections;

    /** Where ∂L/∂z_t is. */
    final StepRows gradients;

    /** h_t by slot: step t of it is the state before step t. */
    final StepRows before;

    LayerState(Cell cell, int steps, int batch, int hidden, boolean keepAdjoints) {
        stride = Panels.padded(hidden);
        step = Shapes.size(batch, stride, 1);
        h = new float[Shapes.size(steps + 1, batch, stride)];
        dh = new float[Shapes.size(steps + 1, batch, stride)];
        seed = new float[step];
        adjoint = keepAdjoints ? new float[Shapes.size(steps, batch, stride)] : null;
        c = cell.hasCellState() ? new float[h.length] : null;
        dc = cell.hasCellState() ? new float[step] : null;
        before = new StepRows(h, 0, step, stride);
        if (cell.segments() == 0) {
            gates = null;
            projections = new StepRows(h, step, step, stride);
            gradients = new StepRows(dh, step, step, stride);
        } else {
            int row = cell.segments() * stride;
            gates = new float[Shapes.size(steps, batch, row)];
            projections = gradients = new StepRows(gates, 0, batch * row, row);
        }
    }

    /** Index in {@link #h}, {@link #dh} and {@link #c} of slot {@code slot}, row {@code row}. */
    int index(int slot, int row) {
        return slot * step + row * stride;
    }

    static long floats(Cell cell, int steps, int batch, int hidden, boolean keepAdjoints) {
        long step = (long) batch * Panels.padded(hidden);
        long slots = 2L * (steps + 1) + 1 + (long) cell.segments() * steps;
        slots += keepAdjoints ? steps : 0;
        return step * (slots + (cell.hasCellState() ? steps + 2 : 0));
    }
}
