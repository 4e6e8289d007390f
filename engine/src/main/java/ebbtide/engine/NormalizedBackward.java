package ebbtide.engine;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Pointwise;
import java.util.Arrays;

/** The backward part of a {@link NormalizedGatesCell}, when ∂L/∂h of a row is complete. */
final class NormalizedBackward extends RowStep {
    private final NormalizedGatesCell cell;
    private final LayerWeights weights;
    private final LayerState state;
    private final LayerNorm norm;
    private final Pointwise pointwise;
    private final int[] groups;
    private final int[] inputs;
    private final int[] states;
    private final int gates;
    private final int segment;
    private final float[] slope;
    private final float[] tanh;
    /** ∂L/∂z of gate o, which the cell does not know: it takes h for o ⊙ tanh c. */
    private final float[] outputSlope;

    NormalizedBackward(
            NormalizedGatesCell cell, Kernels kernels, LayerWeights weights, LayerState state) {
        super(
                cell.cell()
                        .backward(kernels, weights, state, Float.POSITIVE_INFINITY)
                        .getFirst()
                        .step());
        this.cell = cell;
        this.weights = weights;
        this.state = state;
        pointwise = kernels.pointwise();
        gates = cell.gates();
        groups = cell.groups();
        inputs = cell.cell().inputSegments();
        states = cell.cell().stateSegments();
        segment = state.segment;
        norm = new LayerNorm(kernels.reductions(), weights.hidden, gates);
        slope = new float[gates * segment];
        tanh = new float[segment];
        outputSlope = new float[cell.hasCellState() ? FusedProduct.ROWS * segment : 0];
    }

    @Override
    void rows(int row, int rows) {
        for (int r = 0; r < rows && cell.hasCellState(); r++) {
            output(row + r, r * segment);
        }
        cell(row, rows, weights.padded, 1);
        for (int r = 0; r < rows; r++) {
            int base = state.projections.index(t, row + r);
            if (cell.hasCellState()) {
                int o = base + (gates - 1) * segment;
                System.arraycopy(outputSlope, r * segment, state.gates, o, segment);
            }
            products(base);
        }
    }

    /** Takes ∂L/∂h of a row to gate o and to c; nothing of it is left for the cell. */
    private void output(int row, int to) {
        float[] a = state.gates;
        int base = state.projections.index(t, row);
        int normalized = base + cell.normalizedCell() * segment;
        int kept = base + cell.cellSlope() * segment;
        int o = base + (gates - 1) * segment;
        int dh = state.after(t, row);
        int gain = 2 * gates * segment;
        for (int i = 0; i < segment; i++) {
            tanh[i] =
                    Math.fma(
                            weights.extras[gain + i], a[normalized + i],
                            weights.extras[gain + segment + i]);
        }
        pointwise.apply(Activation.TANH, tanh, 0, tanh, 0, segment);
        for (int i = 0; i < segment; i++) {
            float d = state.dh[dh + i];
            outputSlope[to + i] = d * tanh[i] * Math.fma(-a[o + i], a[o + i], a[o + i]);
            a[kept + i] = d * a[o + i] * Math.fma(-tanh[i], tanh[i], 1f);
            slope[i] = weights.extras[gain + i] * a[kept + i];
        }
        float s = a[base + cell.scales() * segment + 2 * groups.length];
        norm.differentiate(slope, 0, 1, a, normalized, s, slope, 0);
        int dc = row * segment;
        for (int i = 0; i < segment; i++) {
            state.dc[dc + i] += slope[i];
        }
        Arrays.fill(state.dh, dh, dh + segment, 0f);
    }

    /** ∂L/∂z of the gates to ∂L/∂(W·x) and ∂L/∂(U·h). */
    private void products(int base) {
        int scale = base + cell.scales() * segment;
        int gate = 0;
        for (int count : groups) {
            back(base, inputs, gate, count, 0, cell.input(), cell.inputSlope(), scale++);
            back(base, states, gate, count, gates, cell.recurrent(), cell.recurrentSlope(),
                    scale++);
            gate += count;
        }
    }

    private void back(
            int base, int[] slopes, int gate, int count, int gains, int normalized, int to,
            int scale) {
        for (int g = 0; g < count; g++) {
            int dz = base + slopes[gate + g] * segment;
            int gain = (gains + gate + g) * segment;
            for (int i = 0; i < segment; i++) {
                slope[g * segment + i] = weights.extras[gain + i] * state.gates[dz + i];
            }
        }
        norm.differentiate(
                slope, 0, count, state.gates, base + (normalized + gate) * segment,
                state.gates[scale], state.gates, base + (to + gate) * segment);
    }
}
