package ebbtide.bench.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ebbtide.bench.BadInput;
import ebbtide.bench.train.Structure;
import java.util.List;

/**
 * The ONNX operator that computes what a cell computes.
 *
 * <p>Gates stand in another order there. With PyTorch's gate i at place i, ONNX's places are filled from
 *
 * <pre>
 *   LSTM   i f g o   ->   i o f c   from 0 3 1 2
 *   GRU    r z n     ->   z r h     from 1 0 2
 * </pre>
 *
 * @param name {@code RNN}, {@code LSTM} or {@code GRU}
 * @param gates for each of ONNX's gates its place among ours
 * @param attributes besides {@code hidden_size}
 */
record Operator(String name, List<Integer> gates, List<AttributeProto> attributes) {
    /**
     * Returns the operator of a structure.
     *
     * @throws BadInput if ONNX has none
     */
    static Operator of(Structure structure) {
        boolean own = structure.leak() > 0
                || structure.learnLeak()
                || !structure.skip().isEmpty()
                || structure.residualRecurrence()
                || structure.projection() > 0
                || structure.layerNorm()
                || structure.zoneout() > 0
                || structure.cellZoneout() > 0;
        if (own) {
            throw new BadInput(
                    "expected a cell that ONNX has an operator for (RNN, LSTM with or without"
                            + " peepholes, GRU of either kind), got %s;"
                            + " export it as safetensors, or take the weights from MODEL itself",
                    structure.describe());
        }
        int directions = structure.directions().count();
        return switch (structure.cell()) {
            case "lstm" -> new Operator("LSTM", List.of(0, 3, 1, 2), List.of());
            // The reset gate comes after the product with the state, as in PyTorch.
            case "gru" -> gru(1);
            case "gru-reset-first" -> gru(0);
            default -> new Operator("RNN", List.of(0), activation(structure.cell(), directions));
        };
    }

    private static Operator gru(long linearBeforeReset) {
        return new Operator(
                "GRU",
                List.of(1, 0, 2),
                List.of(Graph.attribute("linear_before_reset", linearBeforeReset)));
    }

    /** The activation, once for each direction. */
    private static List<AttributeProto> activation(String name, int directions) {
        return switch (name) {
            case "sigmoid" -> List.of(Graph.attribute("activations", "Sigmoid", directions));
            case "tanh" -> List.of(Graph.attribute("activations", "Tanh", directions));
            case "relu" -> List.of(Graph.attribute("activations", "Relu", directions));
            // There is no identity among ONNX's activations: 1·x + 0.
            case "identity" -> List.of(
                    Graph.attribute("activations", "Affine", directions),
                    Graph.attribute("activation_alpha", 1f, directions),
                    Graph.attribute("activation_beta", 0f, directions));
            default -> throw new IllegalArgumentException("unknown cell " + name);
        };
    }

    /** Returns whether there is a second state c. */
    boolean hasCellState() {
        return name.equals("LSTM");
    }

    /** Returns a matrix or vector, gate after gate, in ONNX's order. */
    float[] reorder(float[] ours) {
        int gate = ours.length / gates.size();
        float[] theirs = new float[ours.length];
        for (int i = 0; i < gates.size(); i++) {
            System.arraycopy(ours, gates.get(i) * gate, theirs, i * gate, gate);
        }
        return theirs;
    }
}
