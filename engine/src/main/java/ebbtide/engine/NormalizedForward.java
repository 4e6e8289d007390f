package ebbtide.engine;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import ebbtide.kernels.Pointwise;

/** The forward part of a {@link NormalizedGatesCell}, when W·x and U·h of a row are complete. */
final class NormalizedForward extends RowStep {
    private final NormalizedGatesCell cell;
    private final LayerWeights weights;
    private final LayerState state;
    private final LayerNorm norm;
    private final Pointwise pointwise;
    private final int[] groups;
    private final int gates;
    private final int segment;

    NormalizedForward(
            NormalizedGatesCell cell, Kernels kernels, LayerWeights weights, LayerState state) {
        super(cell.cell().forward(kernels, weights, state).getFirst().step());
        this.cell = cell;
        this.weights = weights;
        this.state = state;
        pointwise = kernels.pointwise();
        gates = cell.gates();
        groups = cell.groups();
        segment = state.segment;
        norm = new LayerNorm(kernels.reductions(), weights.hidden, gates);
    }

    @Override
    void rows(int row, int rows) {
        for (int r = row; r < row + rows; r++) {
            int base = state.projections.index(t, r);
            normalize(base);
            projections(base);
        }
        cell(row, rows, weights.padded, gates);
        for (int r = row; r < row + rows && cell.hasCellState(); r++) {
            output(r);
        }
    }

    private void normalize(int base) {
        float[] a = state.gates;
        int scale = base + cell.scales() * segment;
        int gate = 0;
        for (int count : groups) {
            int input = base + (cell.input() + gate) * segment;
            int recurrent = base + (cell.recurrent() + gate) * segment;
            a[scale++] = norm.normalize(a, base + gate * segment, count, a, input);
            a[scale++] = norm.normalize(a, recurrent, count, a, recurrent);
            gate += count;
        }
    }

    /** g_ih ⊙ x̂(W·x) + b, where the cell looks for W·x + b. */
    private void projections(int base) {
        int input = base + cell.input() * segment;
        int bias = cell.bias() * segment;
        for (int i = 0; i < gates * segment; i++) {
            state.gates[base + i] =
                    Math.fma(weights.extras[i], state.gates[input + i], weights.extras[bias + i]);
        }
    }

    /** g_hh ⊙ x̂(U·h), where the cell looks for U·h. */
    @Override
    void fill(int row, int rows, int unit) {
        for (int r = 0; r < rows; r++) {
            int recurrent =
                    state.projections.index(t, row + r) + cell.recurrent() * segment + unit;
            for (int gate = 0; gate < gates; gate++) {
                int to = r * FusedProduct.STRIDE + gate * Panels.WIDTH;
                int gain = (gates + gate) * segment + unit;
                int from = recurrent + gate * segment;
                for (int i = 0; i < Panels.WIDTH; i++) {
                    sums[to + i] = weights.extras[gain + i] * state.gates[from + i];
                }
            }
        }
    }

    /** h = o ⊙ tanh(g_c ⊙ x̂(c) + b_c). */
    private void output(int row) {
        int base = state.projections.index(t, row);
        int c = state.cellIndex(state.axis.after(t), row);
        int normalized = base + cell.normalizedCell() * segment;
        int scale = base + cell.scales() * segment + 2 * groups.length;
        state.gates[scale] = norm.normalize(state.c, c, 1, state.gates, normalized);
        int h = state.after(t, row);
        int gain = 2 * gates * segment;
        for (int i = 0; i < segment; i++) {
            state.h[h + i] =
                    Math.fma(
                            weights.extras[gain + i],
                            state.gates[normalized + i],
                            weights.extras[gain + segment + i]);
        }
        pointwise.apply(Activation.TANH, state.h, h, state.h, h, segment);
        int o = base + (gates - 1) * segment;
        for (int i = 0; i < segment; i++) {
            state.h[h + i] *= state.gates[o + i];
        }
    }
}
