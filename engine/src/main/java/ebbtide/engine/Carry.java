package ebbtide.engine;

import ebbtide.kernels.Panels;
import java.util.Arrays;

/**
 * What a segment of a longer sequence sends back to the one before it, in the parts that a cell adds one
 * after the other, so that cutting a sequence changes no rounding: what zoneout passes by the cell, what
 * cells pass on directly (which goes with ∂L/∂h), and the sums of each recurrence. All workers share one, each
 * its own rows.
 */
final class Carry {
    private final int stride;
    private final int terms;
    private final float[] sums;
    private final float[] passedBy;
    private final int slotRows;

    Carry(LayerState state, int terms) {
        this.stride = state.stride;
        this.terms = terms;
        slotRows = state.axis.history * state.batch;
        sums = new float[Shapes.size(terms * state.axis.history, state.batch, stride)];
        passedBy = new float[Shapes.size(state.batch, stride, 1)];
    }

    long bytes() {
        return (sums.length + (long) passedBy.length) * Float.BYTES;
    }

    /** Nothing comes back: −0 is what leaves every number as it is. */
    void clear() {
        Arrays.fill(sums, 0f);
        Arrays.fill(passedBy, -0f);
    }

    /** Keeps ∂L/∂h of a unit that zoneout passes by the cell to the state before. */
    void passBy(int row, int unit, float value) {
        passedBy[row * stride + unit] = value;
    }

    /** Adds to ∂L/∂h of the latest state what was passed by to it. */
    void addPassedBy(int row, float[] dh, int at) {
        for (int i = 0; i < stride; i++) {
            dh[at + i] += passedBy[row * stride + i];
        }
    }

    /** Keeps sums. One for each worker: it points at rows. */
    static final class Store extends Epilogue {
        private Carry carry;
        private int firstRow;

        /** Points at a row of a slot that precedes the segment; rows are counted through the slots. */
        void at(Carry carry, int row) {
            this.carry = carry;
            firstRow = row;
        }

        @Override
        void apply(float[] tile, int row, int rows, int panel, int panels) {
            for (int term = 0; term < carry.terms; term++) {
                for (int r = 0; r < rows; r++) {
                    int to = carry.index(term, firstRow + row + r) + panel * Panels.WIDTH;
                    int from = term * FusedProduct.TILE + r * FusedProduct.STRIDE;
                    System.arraycopy(tile, from, carry.sums, to, panels * Panels.WIDTH);
                }
            }
        }
    }

    /** Copies rows to a tile of sums. */
    void copy(int term, int row, int rows, int panel, int panels, float[] tile, int to) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(
                    sums,
                    index(term, row + r) + panel * Panels.WIDTH,
                    tile,
                    to + r * FusedProduct.STRIDE,
                    panels * Panels.WIDTH);
        }
    }

    private int index(int term, int row) {
        return (term * slotRows + row) * stride;
    }
}
