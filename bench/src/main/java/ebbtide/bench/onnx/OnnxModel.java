package ebbtide.bench.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ebbtide.bench.BadInput;
import ebbtide.bench.train.Structure;
import ebbtide.engine.Directions;
import ebbtide.engine.Model;
import ebbtide.engine.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A model as an ONNX graph, T and B free:
 *
 * <pre>
 *   inputs    x       [T, B, I] float, or [T, B] int64 tokens, which OneHot turns into rows
 *             h0      [L·D, B, H]          c0 of the same shape with LSTM; D directions
 *   layers    RNN, LSTM or GRU, then [T, D, B, H] -> [T, B, H], or 2·H side by side
 *   outputs   output  [T, B, O] = MatMul + Add, the read-out
 *             hn      [L·D, B, H]          cn with LSTM
 * </pre>
 *
 * A sequence starts with states of zero; hn and cn given back as h0 and c0 go on with it.
 */
public final class OnnxModel {
    /** The operator set: of 2022, read by ONNX Runtime 1.12 and newer. */
    public static final int OPSET = 17;

    /** The version of the file format that belongs to the operator set. */
    private static final int IR_VERSION = 8;

    private static final String STEPS = "steps";
    private static final String BATCH = "batch";

    private final Model model;
    private final Structure structure;
    private final Operator operator;
    private final Graph graph = new Graph("ebbtide");

    private OnnxModel(Model model, Structure structure) {
        this.model = model;
        this.structure = structure;
        this.operator = Operator.of(structure);
    }

    /**
     * Checks that ONNX can say what a network does.
     *
     * @throws BadInput if it has no operator for the cell
     */
    public static void requireExportable(Structure structure) {
        Operator.of(structure);
    }

    /**
     * Returns the bytes of an ONNX file.
     *
     * @param structure what {@code model} was made from
     * @param metadata texts by key
     * @throws BadInput if ONNX has no operator for the cell
     */
    public static byte[] bytes(
            Model model, Structure structure, Map<String, String> metadata) {
        OnnxModel onnx = new OnnxModel(model, structure);
        onnx.draw();
        ModelProto.Builder file = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setProducerName("ebbtide")
                .setGraph(onnx.graph.build());
        metadata.forEach((key, value) -> file.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return file.build().toByteArray();
    }

    private void draw() {
        int layers = structure.layers();
        int inputs = model.readout().inputs();
        int outputs = model.readout().outputs();
        String x = inputs();
        List<String> h0 = states("h0");
        List<String> c0 = operator.hasCellState() ? states("c0") : List.of();
        if (structure.directions() == Directions.CONCATENATED) {
            graph.longs("side_by_side", new long[] {0, 0, inputs}, 3);
        } else {
            graph.longs("axis_direction", new long[] {1}, 1);
        }
        for (int layer = 0; layer < layers; layer++) {
            String y = layer(layer, x, h0.get(layer), c0.isEmpty() ? "" : c0.get(layer));
            x = layer > 0 && structure.residual()
                    ? graph.node("Add", "sum_l" + layer, List.of(y, x))
                    : y;
        }
        last("hn");
        if (operator.hasCellState()) {
            last("cn");
        }
        Parameters parameters = model.parameters();
        graph.floats(
                "readout.weight", transposed(parameters.read("readout.weight"), outputs, inputs),
                inputs, outputs);
        graph.floats("readout.bias", parameters.read("readout.bias"), outputs);
        String product = graph.node("MatMul", "product", List.of(x, "readout.weight"));
        graph.node("Add", "output", List.of(product, "readout.bias"));
        graph.output("output", Graph.FLOAT, STEPS, BATCH, outputs);
    }

    /** Returns the float rows [T, B, I]. */
    private String inputs() {
        int inputs = model.rnn().inputs();
        if (!model.rnn().tokens()) {
            return graph.input("x", Graph.FLOAT, STEPS, BATCH, inputs);
        }
        String x = graph.input("x", Graph.INT64, STEPS, BATCH);
        String depth = graph.longs("depth", new long[] {inputs}, 1);
        String values = graph.floats("off_on", new float[] {0f, 1f}, 2);
        return graph.node(
                "OneHot", "rows", List.of(x, depth, values), Graph.attribute("axis", -1L));
    }

    /** Declares initial states [L·D, B, H] and returns those of each layer [D, B, H]. */
    private List<String> states(String name) {
        graph.input(name, Graph.FLOAT, model.rnn().states(), BATCH, structure.hidden());
        if (structure.layers() == 1) {
            return List.of(name);
        }
        List<String> each = names(name + "_l", structure.layers());
        graph.node("Split", each, List.of(name), Graph.attribute("axis", 0L));
        return each;
    }

    private String layer(int layer, String x, String h0, String c0) {
        int hidden = structure.hidden();
        int rows = operator.gates().size() * hidden;
        int directions = structure.directions().count();
        float[] w = weights("weight_ih_l" + layer);
        float[] u = weights("weight_hh_l" + layer);
        float[] biases = new float[2 * rows * directions];
        float[] in = weights("bias_ih_l" + layer);
        float[] hid = weights("bias_hh_l" + layer);
        for (int d = 0; d < directions; d++) {
            System.arraycopy(in, d * rows, biases, 2 * d * rows, rows);
            System.arraycopy(hid, d * rows, biases, (2 * d + 1) * rows, rows);
        }
        int width = w.length / rows / directions;
        List<String> inputs = new ArrayList<>(
                List.of(
                        x,
                        graph.floats("W_l" + layer, w, directions, rows, width),
                        graph.floats("R_l" + layer, u, directions, rows, hidden),
                        graph.floats("B_l" + layer, biases, directions, 2 * rows),
                        "",
                        h0));
        String y = "Y_l" + layer;
        List<String> outputs = new ArrayList<>(List.of(y, "hn_l" + layer));
        if (operator.hasCellState()) {
            inputs.add(c0);
            outputs.add("cn_l" + layer);
        }
        if (structure.peepholes()) {
            inputs.add(peepholes(layer));
        }
        List<AttributeProto> attributes = new ArrayList<>(operator.attributes());
        attributes.add(Graph.attribute("hidden_size", (long) hidden));
        if (directions == 2) {
            attributes.add(Graph.attribute("direction", "bidirectional"));
        }
        graph.node(
                operator.name(), outputs, inputs, attributes.toArray(AttributeProto[]::new));
        return joined(y, "y_l" + layer);
    }

    /** Weights [D, 3·H] with which gates i, o and f, in this order, look at c. */
    private String peepholes(int layer) {
        int hidden = structure.hidden();
        int directions = structure.directions().count();
        float[] p = new float[directions * 3 * hidden];
        for (int d = 0; d < directions; d++) {
            String suffix = "_l" + layer + (d == 0 ? "" : "_reverse");
            int to = 3 * d * hidden;
            for (String gate : List.of("weight_ci", "weight_co", "weight_cf")) {
                System.arraycopy(model.parameters().read(gate + suffix), 0, p, to, hidden);
                to += hidden;
            }
        }
        return graph.floats("P_l" + layer, p, directions, 3 * hidden);
    }

    /** The tensor of one direction after that of the other, gates in ONNX's order. */
    private float[] weights(String name) {
        float[] forward = operator.reorder(model.parameters().read(name));
        if (structure.directions() == Directions.FORWARD) {
            return forward;
        }
        float[] reverse = operator.reorder(model.parameters().read(name + "_reverse"));
        float[] both = Arrays.copyOf(forward, 2 * forward.length);
        System.arraycopy(reverse, 0, both, forward.length, reverse.length);
        return both;
    }

    /** Turns [T, D, B, H] into the layer's output. */
    private String joined(String y, String name) {
        return switch (structure.directions()) {
            case FORWARD -> graph.node("Squeeze", name, List.of(y, "axis_direction"));
            case SUMMED -> graph.node(
                    "ReduceSum", name, List.of(y, "axis_direction"),
                    Graph.attribute("keepdims", 0L));
            case CONCATENATED -> {
                String rows = graph.node(
                        "Transpose", name + "_rows", List.of(y),
                        Graph.attribute("perm", List.of(0L, 2L, 1L, 3L)));
                yield graph.node("Reshape", name, List.of(rows, "side_by_side"));
            }
        };
    }

    /** Joins the layers' last states into the output {@code name}. */
    private void last(String name) {
        graph.node(
                "Concat", name, names(name + "_l", structure.layers()),
                Graph.attribute("axis", 0L));
        graph.output(name, Graph.FLOAT, model.rnn().states(), BATCH, structure.hidden());
    }

    private static List<String> names(String before, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(before + i);
        }
        return names;
    }

    private static float[] transposed(float[] matrix, int rows, int columns) {
        float[] result = new float[matrix.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                result[c * rows + r] = matrix[r * columns + c];
            }
        }
        return result;
    }
}
