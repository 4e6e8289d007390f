package ebbtide.bench.peers;

import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepCell;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which of oneDNN's RNN primitives a cell is, in its order of the gates and its set of biases. */
final class OneDnnRnn {
    private static final int FORWARD_TRAINING = 64;
    private static final int BACKWARD = 128;
    private static final int LEFT_TO_RIGHT = 1;
    private static final int RELU = 32;
    private static final int TANH = 33;
    private static final int LOGISTIC = 41;
    private static final MemorySegment NONE = MemorySegment.NULL;

    private final StepCell cell;
    private final int hidden;

    OneDnnRnn(StepCell cell, Shape shape) {
        this.cell = cell;
        this.hidden = shape.hidden();
    }

    /** Returns whether oneDNN has this cell. */
    static boolean has(StepCell cell) {
        return cell != StepCell.IDENTITY;
    }

    /** GRU with the reset gate after the product has a bias of its own inside the reset. */
    int biases() {
        return cell == StepCell.GRU ? 4 : cell.gates();
    }

    MemorySegment forward(OneDnnGraph graph, Tensors tensors) {
        return graph.descriptor(
                function("forward"), arguments(FORWARD_TRAINING, List.of(tensors), NONE));
    }

    MemorySegment backward(OneDnnGraph graph, Tensors tensors, MemorySegment forward) {
        // The gradient of a tensor is described as the tensor is.
        return graph.descriptor(
                function("backward"),
                arguments(BACKWARD, List.of(tensors, tensors), forward));
    }

    /** Layouts of what a primitive reads and writes. */
    record Tensors(
            MemorySegment x, MemorySegment h, MemorySegment w, MemorySegment u,
            MemorySegment bias, MemorySegment y) {}

    private String function(String direction) {
        String name = switch (cell) {
            case LSTM -> "lstm";
            case GRU -> "lbr_gru";
            default -> "vanilla_rnn";
        };
        return "dnnl_%s_%s_primitive_desc_create".formatted(name, direction);
    }

    private Object[] arguments(int propagation, List<Tensors> tensors, MemorySegment hint) {
        List<Object> list = new ArrayList<>();
        list.add(propagation);
        if (vanilla()) {
            list.add(switch (cell) {
                case RELU -> RELU;
                case TANH -> TANH;
                default -> LOGISTIC;
            });
        }
        list.add(LEFT_TO_RIGHT);
        // No final states, no peepholes, no projection. Initial states of zero are given all the same:
        // without them oneDNN 3.13 on AVX2 gives another dU for vanilla RNN and LSTM, not zero even
        // at T = 1.
        for (Tensors t : tensors) {
            list.addAll(cell == StepCell.LSTM
                    ? List.of(t.x, t.h, t.h, t.w, t.u, NONE, NONE, t.bias, t.y, NONE, NONE)
                    : List.of(t.x, t.h, t.w, t.u, t.bias, t.y, NONE));
        }
        // No flags: gradients of weights are added to what is there, as ours are.
        list.add(0);
        if (vanilla()) {
            list.add(0f);
            list.add(0f);
        }
        if (propagation == BACKWARD) {
            list.add(hint);
        }
        list.add(NONE);
        return list.toArray();
    }

    private boolean vanilla() {
        return cell != StepCell.LSTM && cell != StepCell.GRU;
    }

    /** Brings gates from PyTorch's order to oneDNN's, or back: GRU's first two change places. */
    float[] gates(float[] values) {
        float[] ordered = values.clone();
        if (cell == StepCell.GRU) {
            int gate = values.length / 3;
            System.arraycopy(values, 0, ordered, gate, gate);
            System.arraycopy(values, gate, ordered, 0, gate);
        }
        return ordered;
    }

    /** Returns oneDNN's biases: the two of a gate enter as their sum, but for GRU's last. */
    float[] biases(float[] input, float[] recurrent) {
        float[] bi = gates(input);
        float[] bh = gates(recurrent);
        float[] all = Arrays.copyOf(bi, biases() * hidden);
        int summed = cell == StepCell.GRU ? 2 * hidden : bi.length;
        for (int i = 0; i < summed; i++) {
            all[i] += bh[i];
        }
        System.arraycopy(bh, summed, all, bi.length, all.length - bi.length);
        return all;
    }

    /** Returns ∂L/∂b_ih in PyTorch's order from oneDNN's. */
    float[] inputBiases(float[] biases) {
        return gates(Arrays.copyOf(biases, cell.gates() * hidden));
    }

    /** Returns ∂L/∂b_hh in PyTorch's order from oneDNN's. */
    float[] recurrentBiases(float[] biases) {
        float[] values = inputBiases(biases);
        if (cell == StepCell.GRU) {
            System.arraycopy(biases, 3 * hidden, values, 2 * hidden, hidden);
        }
        return values;
    }
}
