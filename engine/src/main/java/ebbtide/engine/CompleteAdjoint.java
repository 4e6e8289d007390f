package ebbtide.engine;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/** ∂L/∂h_t ← clip(∂L/∂h_t + sums), for cells whose later stages want it whole. */
final class CompleteAdjoint extends CellStep {
    private final Kernels kernels;
    private final LayerState state;
    private final float limit;

    CompleteAdjoint(Kernels kernels, LayerState state, float limit) {
        this.kernels = kernels;
        this.state = state;
        this.limit = limit;
    }

    @Override
    void apply(float[] sums, int row, int rows, int panel, int panels) {
        int place = state.after(t, first + row) + panel * Panels.WIDTH;
        kernels.pointwise()
                .differentiate(
                        Activation.IDENTITY,
                        limit,
                        sums,
                        0,
                        FusedProduct.STRIDE,
                        state.h,
                        place,
                        state.stride,
                        state.dh,
                        place,
                        state.stride,
                        rows,
                        panels * Panels.WIDTH);
    }
}
