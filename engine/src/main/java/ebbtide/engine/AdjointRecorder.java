package ebbtide.engine;

import ebbtide.kernels.Panels;
import ebbtide.kernels.Pointwise;

/**
 * Keeps ∂L/∂h_t, complete and before clipping, when a cell's backward part is about to use it up: one
 * more pass over tiles that are in L1.
 */
final class AdjointRecorder extends CellStep {
    private final CellStep cell;
    private final Pointwise pointwise;
    private final LayerState state;
    private final int terms;
    private int after;
    private int kept;

    AdjointRecorder(CellStep cell, Pointwise pointwise, LayerState state, int terms) {
        this.cell = cell;
        this.pointwise = pointwise;
        this.state = state;
        this.terms = terms;
    }

    @Override
    void at(int t, int row) {
        cell.at(t, row);
        after = state.after(t, row);
        kept = state.kept.index(t, row);
    }

    @Override
    void apply(float[] sums, int row, int rows, int panel, int panels) {
        int columns = panels * Panels.WIDTH;
        int place = row * state.stride + panel * Panels.WIDTH;
        for (int r = 0; r < rows; r++) {
            int at = place + r * state.stride;
            System.arraycopy(state.dh, after + at, state.kept.values, kept + at, columns);
        }
        for (int i = 0; i < terms; i++) {
            pointwise.accumulate(
                    sums,
                    i * FusedProduct.TILE,
                    FusedProduct.STRIDE,
                    state.kept.values,
                    kept + place,
                    state.stride,
                    rows,
                    columns);
        }
        cell.apply(sums, row, rows, panel, panels);
    }
}
