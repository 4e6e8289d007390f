package ebbtide.bench.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;

/**
 * An ONNX graph under construction. Values are known by name; a node's output is what its name is. A
 * dimension is a number, or a name where it is free.
 */
final class Graph {
    static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    static final int INT64 = TensorProto.DataType.INT64_VALUE;

    private final GraphProto.Builder graph;

    Graph(String name) {
        graph = GraphProto.newBuilder().setName(name);
    }

    /** Adds an input of the graph and returns its name. */
    String input(String name, int type, Object... dimensions) {
        graph.addInput(value(name, type, dimensions));
        return name;
    }

    /** Makes the value {@code name} an output of the graph. */
    void output(String name, int type, Object... dimensions) {
        graph.addOutput(value(name, type, dimensions));
    }

    private static ValueInfoProto value(String name, int type, Object... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dimension : dimensions) {
            TensorShapeProto.Dimension.Builder one = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(
                    dimension instanceof Integer size
                            ? one.setDimValue(size)
                            : one.setDimParam((String) dimension));
        }
        TypeProto.Tensor tensor =
                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape).build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Adds a tensor of floats and returns its name. */
    String floats(String name, float[] values, long... shape) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return tensor(name, FLOAT, bytes, shape);
    }

    /** Adds a tensor of whole numbers and returns its name. */
    String longs(String name, long[] values, long... shape) {
        ByteBuffer bytes =
                ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return tensor(name, INT64, bytes, shape);
    }

    private String tensor(String name, int type, ByteBuffer bytes, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
        for (long dimension : shape) {
            tensor.addDims(dimension);
        }
        graph.addInitializer(tensor.setRawData(ByteString.copyFrom(bytes)));
        return name;
    }

    /** Adds a node of one output and returns the output's name. */
    String node(String operator, String output, List<String> inputs, AttributeProto... attributes) {
        node(operator, List.of(output), inputs, attributes);
        return output;
    }

    /** Adds a node; an input or output that is left out has the name "". */
    void node(
            String operator,
            List<String> outputs,
            List<String> inputs,
            AttributeProto... attributes) {
        graph.addNode(
                NodeProto.newBuilder()
                        .setName(operator + "_" + outputs.getFirst())
                        .setOpType(operator)
                        .addAllInput(inputs)
                        .addAllOutput(outputs)
                        .addAllAttribute(List.of(attributes)));
    }

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto attribute(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static AttributeProto attribute(String name, List<Long> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INTS)
                .addAllInts(values)
                .build();
    }

    /** A list of {@code count} equal numbers. */
    static AttributeProto attribute(String name, float value, int count) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.FLOATS)
                .addAllFloats(Collections.nCopies(count, value))
                .build();
    }

    /** A list of {@code count} equal texts. */
    static AttributeProto attribute(String name, String value, int count) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.STRINGS)
                .addAllStrings(Collections.nCopies(count, ByteString.copyFromUtf8(value)))
                .build();
    }

    GraphProto build() {
        return graph.build();
    }
}
