package ebbtide.engine;

import ebbtide.kernels.Panels;
import java.util.EnumSet;
import java.util.Set;

/**
 * What one layer keeps in one direction between forward and backward: states by the slots of its {@link
 * TimeAxis}, and ∂L/∂h in the same slots, those before the sequence collecting what reaches the initial
 * states. Where a cell keeps no gates, states are written over the projections W·x + b they came from,
 * and ∂L/∂z over ∂L/∂h. Rows are padded to a multiple of 16.
 */
final class LayerState {
    final TimeAxis axis;
    final int batch;
    /** H rounded up to 16: a segment of a row of gates, and a row of cell states. */
    final int segment;
    /** Floats of a row of states: their number rounded up to 16. */
    final int stride;

    final float[] h;
    final float[] dh;
    /** A row of gates has {@link Cell#segments} segments; null where none are kept. */
    final float[] gates;

    /** Cell states in the slots of h, and their gradient as it is carried; null where there are none. */
    final float[] c;

    final float[] dc;

    /** What zoneout takes of dc past the cell at the step under way; null without it. */
    final float[] passedBy;

    /** ∂L/∂h of the last states from outside: the latest of each row, then those before it. */
    final float[] seed;

    /** 0 or a factor for each state, by row, and the states so masked; null without masks. */
    final float[] mask;

    final float[] masked;

    /** What is kept of ∂L/∂h_t, or null. */
    final KeptAdjoints kept;

    /** What a later segment sent back, and what goes to an earlier one; null where there is none. */
    Carry fromLater;

    Carry toEarlier;

    /** The layer's inputs in the pass under way: floats, or tokens. */
    final StepRows input = new StepRows();

    Tokens tokens;

    /** The products that a library computes here where it can. Changes while the plan is built, and then no more. */
    final Set<ProductKind> byLibrary = EnumSet.noneOf(ProductKind.class);

    /** Where W·x_t + b goes. */
    final StepRows projections;

    /** Where ∂L/∂z_t is. */
    final StepRows gradients;

    /** What U multiplies by slot: the states, or the masked ones. */
    final StepRows recurrentInput;

    LayerState(
            Cell cell,
            TimeAxis axis,
            int batch,
            int hidden,
            Regularization rates,
            KeptAdjoints.Choice keep) {
        this.axis = axis;
        this.batch = batch;
        segment = Panels.padded(hidden);
        stride = Panels.padded(cell.features(hidden));
        int step = Shapes.size(batch, stride, 1);
        h = rows(axis.slots(), batch, stride);
        dh = new float[h.length];
        seed = new float[axis.history * step];
        boolean masks = rates.recurrent() > 0;
        mask = masks ? new float[step] : null;
        masked = masks ? new float[h.length] : null;
        kept = keep.room(axis.steps, batch, stride);
        c = cell.hasCellState() ? rows(axis.slots(), batch, segment) : null;
        dc = cell.hasCellState() ? new float[batch * segment] : null;
        passedBy = rates.cellZoneout() > 0 ? new float[dc.length] : null;
        recurrentInput = new StepRows(masks ? masked : h, Panels.FIRST, step, stride);
        if (cell.segments() == 0) {
            gates = null;
            projections = outputs();
            gradients = adjoints();
        } else {
            int row = cell.segments() * segment;
            gates = rows(axis.steps, batch, row);
            projections = gradients = new StepRows(gates, Panels.FIRST, batch * row, row);
        }
    }

    /** Rows that begin on cache lines: an LSTM's forward pass at 256 units took 3 % less time for it. */
    private static float[] rows(int steps, int batch, int stride) {
        return new float[Math.addExact(Panels.FIRST, Shapes.size(steps, batch, stride))];
    }

    /** Segment {@code index} of the rows of gates, as rows of their own. */
    StepRows segmentRows(int index) {
        return new StepRows(
                gates, projections.offset + index * segment, projections.stepStride,
                projections.rowStride);
    }

    /** The states by step. */
    StepRows outputs() {
        return new StepRows(h, index(axis.after(0), 0), batch * stride, stride);
    }

    /** ∂L/∂h by step. */
    StepRows adjoints() {
        return new StepRows(dh, index(axis.after(0), 0), batch * stride, stride);
    }

    /** The states by slot. */
    StepRows states() {
        return new StepRows(h, Panels.FIRST, batch * stride, stride);
    }

    /** The cell states by slot. */
    StepRows cells() {
        return new StepRows(c, Panels.FIRST, batch * segment, segment);
    }

    /** Index in {@link #h} and {@link #dh} of a row of slot {@code slot}. */
    int index(int slot, int row) {
        return Panels.FIRST + (slot * batch + row) * stride;
    }

    /** Index of the state that step {@code t} writes. */
    int after(int t, int row) {
        return index(axis.after(t), row);
    }

    /** Index of the state that step {@code t} reads. */
    int before(int t, int row) {
        return index(axis.before(t, 1), row);
    }

    /** Index in {@link #c} of a row of slot {@code slot}. */
    int cellIndex(int slot, int row) {
        return Panels.FIRST + (slot * batch + row) * segment;
    }

    /** masked = h ⊙ mask for some units of a row; {@code at} is the row's index. */
    void maskRow(int at, int row, int unit, int units) {
        for (int i = unit; i < unit + units; i++) {
            masked[at + i] = h[at + i] * mask[row * stride + i];
        }
    }

    static long floats(
            Cell cell,
            TimeAxis axis,
            int batch,
            int hidden,
            Regularization rates,
            KeptAdjoints.Choice keep) {
        long units = Panels.padded(hidden);
        long features = Panels.padded(cell.features(hidden));
        long row = features * (2L * axis.slots() + axis.history);
        row += rates.recurrent() > 0 ? features * (axis.slots() + 1L) : 0;
        row += keep.floats(axis.steps, Panels.padded(cell.features(hidden)));
        row += units * cell.segments() * axis.steps;
        row += rates.cellZoneout() > 0 ? units : 0;
        row += cell.hasCellState() ? units * (axis.slots() + 1L) : 0;
        int arrays = 2 + (rates.recurrent() > 0 ? 1 : 0) + (cell.segments() > 0 ? 1 : 0);
        arrays += cell.hasCellState() ? 1 : 0;
        return batch * row + (long) arrays * Panels.FIRST;
    }
}
