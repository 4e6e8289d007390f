package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/**
 * The packed weights of one layer: W and the recurrent matrices for the forward pass, all again for the
 * backward pass, and the biases. Packed once per update of the parameters and used at every time step.
 *
 * <p>W is packed gate by gate, so that a projection's row holds one segment for each gate; a recurrent
 * matrix is packed with the gates of 16 units side by side, so that they meet in one tile of sums.
 */
final class LayerWeights {
    final Cell cell;
    final int inputs;
    final int hidden;
    /** H rounded up to 16: a segment of a row of gates. */
    final int padded;

    final boolean tokens;
    final Layout.Slot w;
    final Layout.Slot[] u;
    final Layout.Slot biasInput;
    final Layout.Slot biasHidden;
    /** Wᵀ in panels; for tokens null, and {@link #table} has the rows of Wᵀ. */
    final Packed input;

    final float[] table;
    final Packed[] inputBack;
    /** For each recurrence Uᵀ, and U for each gate. */
    final Packed[] recurrent;

    final Packed[][] recurrentBack;
    /** b_ih + b_hh, or b_ih where the cell wants b_hh apart. */
    final float[] bias;

    final float[] hiddenBias;

    LayerWeights(Cell cell, Layout layout, int layer, int inputs, int hidden, boolean tokens) {
        this.cell = cell;
        this.inputs = inputs;
        this.hidden = hidden;
        this.tokens = tokens;
        int gates = cell.gates();
        int blocks = Panels.count(hidden);
        int terms = cell.delays().size();
        padded = Panels.padded(hidden);
        w = layout.slot("weight_ih_l" + layer);
        biasInput = layout.slot("bias_ih_l" + layer);
        biasHidden = layout.slot("bias_hh_l" + layer);
        input = tokens ? null : new Packed(inputs, gates * blocks);
        table = tokens ? new float[Shapes.size(inputs, gates, padded)] : null;
        inputBack = tokens ? null : packs(gates, hidden, Panels.count(inputs));
        u = new Layout.Slot[terms];
        recurrent = packs(terms, hidden, gates * blocks);
        recurrentBack = new Packed[terms][];
        for (int i = 0; i < terms; i++) {
            u[i] = layout.slot(recurrentName(layer, i));
            recurrentBack[i] = packs(gates, hidden, blocks);
        }
        bias = new float[gates * padded];
        hiddenBias = new float[gates * padded];
    }

    private static Packed[] packs(int count, int depth, int panels) {
        Packed[] packs = new Packed[count];
        for (int i = 0; i < count; i++) {
            packs[i] = new Packed(depth, panels);
        }
        return packs;
    }

    static void declare(Cell cell, Layout.Builder layout, int layer, int inputs, int hidden) {
        int rows = Math.multiplyExact(cell.gates(), hidden);
        layout.matrix("weight_ih_l" + layer, rows, inputs);
        for (int i = 0; i < cell.delays().size(); i++) {
            layout.matrix(recurrentName(layer, i), rows, hidden);
        }
        layout.vector("bias_ih_l" + layer, rows).vector("bias_hh_l" + layer, rows);
        cell.declare(layout, layer, hidden);
    }

    /** weight_hh_l0, then weight_skip_l0, weight_skip2_l0 and so on. */
    static String recurrentName(int layer, int recurrence) {
        return switch (recurrence) {
            case 0 -> "weight_hh_l" + layer;
            case 1 -> "weight_skip_l" + layer;
            default -> "weight_skip%d_l%d".formatted(recurrence, layer);
        };
    }

    void pack(Kernels kernels, float[] flat) {
        int gates = cell.gates();
        int blocks = Panels.count(hidden);
        for (int gate = 0; gate < gates; gate++) {
            packInput(kernels, flat, gate, blocks);
            for (int i = 0; i < u.length; i++) {
                for (int block = 0; block < blocks; block++) {
                    int unit = block * Panels.WIDTH;
                    recurrent[i].packTransposed(
                            kernels.packing(),
                            flat,
                            u[i],
                            gate * hidden + unit,
                            Math.min(Panels.WIDTH, hidden - unit),
                            block * gates + gate);
                }
                recurrentBack[i][gate].packRows(kernels.packing(), flat, u[i], gate * hidden);
            }
            packBias(flat, gate);
        }
    }

    private void packInput(Kernels kernels, float[] flat, int gate, int blocks) {
        if (tokens) {
            transpose(flat, gate);
        } else {
            input.packTransposed(kernels.packing(), flat, w, gate * hidden, hidden, gate * blocks);
            inputBack[gate].packRows(kernels.packing(), flat, w, gate * hidden);
        }
    }

    private void packBias(float[] flat, int gate) {
        for (int i = 0; i < hidden; i++) {
            float in = flat[biasInput.offset() + gate * hidden + i];
            float hid = flat[biasHidden.offset() + gate * hidden + i];
            bias[gate * padded + i] = cell.hiddenBiasApart(gate) ? in : in + hid;
            hiddenBias[gate * padded + i] = hid;
        }
    }

    private void transpose(float[] flat, int gate) {
        int stride = cell.gates() * padded;
        for (int h = 0; h < hidden; h++) {
            int from = w.offset() + (gate * hidden + h) * w.stride();
            int to = gate * padded + h;
            for (int i = 0; i < inputs; i++) {
                table[i * stride + to] = flat[from + i];
            }
        }
    }
}
