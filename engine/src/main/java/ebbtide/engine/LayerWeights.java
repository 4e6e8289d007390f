package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/**
 * The packed weights of one layer: W and U for the forward pass, both again for the backward pass, and
 * the two biases as one sum. Packed once per update of the parameters and used at every time step.
 */
final class LayerWeights {
    final int inputs;
    final int hidden;
    final boolean tokens;
    final Layout.Slot w;
    final Layout.Slot u;
    final Layout.Slot biasInput;
    final Layout.Slot biasHidden;
    /** Wᵀ in panels; for tokens null, and {@link #table} has the rows of Wᵀ. */
    final Packed input;

    final float[] table;
    final Packed recurrent;
    final Packed inputBack;
    final Packed recurrentBack;
    final float[] bias;

    LayerWeights(Layout layout, int layer, int inputs, int hidden, boolean tokens) {
        this.inputs = inputs;
        this.hidden = hidden;
        this.tokens = tokens;
        w = layout.slot("weight_ih_l" + layer);
        u = layout.slot("weight_hh_l" + layer);
        biasInput = layout.slot("bias_ih_l" + layer);
        biasHidden = layout.slot("bias_hh_l" + layer);
        input = tokens ? null : new Packed(inputs, hidden);
        inputBack = tokens ? null : new Packed(hidden, inputs);
        table = tokens ? new float[Shapes.size(inputs, Panels.padded(hidden), 1)] : null;
        recurrent = new Packed(hidden, hidden);
        recurrentBack = new Packed(hidden, hidden);
        bias = new float[Panels.padded(hidden)];
    }

    static void declare(Layout.Builder layout, int layer, int inputs, int hidden) {
        layout.matrix("weight_ih_l" + layer, hidden, inputs)
                .matrix("weight_hh_l" + layer, hidden, hidden)
                .vector("bias_ih_l" + layer, hidden)
                .vector("bias_hh_l" + layer, hidden);
    }

    void pack(Kernels kernels, float[] flat) {
        if (tokens) {
            transpose(flat);
        } else {
            input.packTransposed(kernels.packing(), flat, w);
            inputBack.packRows(kernels.packing(), flat, w);
        }
        recurrent.packTransposed(kernels.packing(), flat, u);
        recurrentBack.packRows(kernels.packing(), flat, u);
        for (int i = 0; i < hidden; i++) {
            bias[i] = flat[biasInput.offset() + i] + flat[biasHidden.offset() + i];
        }
    }

    private void transpose(float[] flat) {
        int stride = Panels.padded(hidden);
        for (int h = 0; h < hidden; h++) {
            int from = w.offset() + h * w.stride();
            for (int i = 0; i < inputs; i++) {
                table[i * stride + h] = flat[from + i];
            }
        }
    }
}
