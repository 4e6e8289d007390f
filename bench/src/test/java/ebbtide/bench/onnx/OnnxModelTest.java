package ebbtide.bench.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ebbtide.bench.BadInput;
import ebbtide.bench.train.Models;
import ebbtide.bench.train.Recipe;
import ebbtide.bench.train.Structure;
import ebbtide.engine.Directions;
import ebbtide.engine.Layout;
import ebbtide.engine.LinearPlan;
import ebbtide.engine.Model;
import ebbtide.engine.Plan;
import ebbtide.engine.Tensor;
import ebbtide.engine.Tokens;
import ebbtide.engine.Workers;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX Runtime computes from an export what Ebbtide computes from the model. */
class OnnxModelTest {
    private static final int INPUTS = 5;
    private static final int HIDDEN = 19;
    private static final int OUTPUTS = 4;

    private final Random random = new Random(8);

    private static Model model(Structure structure, boolean tokens) {
        Recipe recipe = new Recipe(
                structure, "uniform=0.4", false, 3, 1, "sgd", 1, "constant", 0, 0, 0, 0, false, 0,
                1);
        return Models.create(recipe, INPUTS, OUTPUTS, tokens, Models.kernels("auto"));
    }

    @ParameterizedTest
    @CsvSource({
        "sigmoid, 1, false", "tanh, 2, false", "relu, 1, true", "identity, 1, false",
        "lstm, 1, false", "lstm, 3, true", "gru, 1, true", "gru, 2, false"
    })
    void runsToTheSameOutputs(String cell, int layers, boolean tokens) throws OrtException {
        Structure structure = Structure.of(cell, HIDDEN, layers);
        Model model = model(structure, tokens);
        byte[] file = OnnxModel.bytes(model, structure, Map.of());
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file)) {
            // One file, any number of steps and sequences.
            compare(session, model, layers, 7, 3);
            compare(session, model, layers, 1, 1);
            compare(session, model, layers, 12, 2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tanh, 1, CONCATENATED, false", "identity, 1, SUMMED, false",
        "lstm, 2, CONCATENATED, false", "gru, 2, SUMMED, true", "lstm, 2, FORWARD, true",
        "gru-reset-first, 2, FORWARD, false", "gru-reset-first, 1, CONCATENATED, false",
        "peephole, 2, FORWARD, false", "peephole, 1, SUMMED, false"
    })
    void soDoStructures(String cell, int layers, Directions directions, boolean residual)
            throws OrtException {
        Structure structure = structure(cell, layers, 0f, List.of(), directions, residual);
        Model model = model(structure, false);
        // Peepholes start at 0, where gates in another order would not be seen.
        for (Layout.Slot slot : model.parameters().layout().slots()) {
            if (slot.name().startsWith("weight_c")) {
                model.parameters().write(slot.name(), values(slot.elements()));
            }
        }
        byte[] file = OnnxModel.bytes(model, structure, Map.of());
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file)) {
            compare(session, model, model.rnn().states(), 7, 3);
            compare(session, model, model.rnn().states(), 2, 1);
        }
    }

    private static Structure structure(
            String cell,
            int layers,
            float leak,
            List<Integer> skip,
            Directions directions,
            boolean residual) {
        return new Structure(
                cell.equals("peephole") ? "lstm" : cell, HIDDEN, layers, leak, false, skip, false,
                0f, 0, cell.equals("peephole"), false, 0, directions, residual, 0.2f, 0.1f, 0f, 0f);
    }

    private void compare(OrtSession session, Model model, int layers, int steps, int batch)
            throws OrtException {
        boolean tokens = model.rnn().tokens();
        boolean cells = model.rnn().hasCellState();
        float[] x = values(steps * batch * INPUTS);
        int[] symbols = random.ints(steps * batch, 0, INPUTS).toArray();
        Tensor h0 = Tensor.of(values(layers * batch * HIDDEN), layers, batch, HIDDEN);
        Tensor c0 = Tensor.of(values(layers * batch * HIDDEN), layers, batch, HIDDEN);
        Tensor hn = Tensor.zeros(layers, batch, HIDDEN);
        Tensor cn = cells ? Tensor.zeros(layers, batch, HIDDEN) : null;
        Plan plan = model.rnn().plan(steps, batch);
        if (tokens) {
            plan.forward(Tokens.of(symbols, steps, batch), h0, cells ? c0 : null, null, hn, cn);
        } else {
            plan.forward(
                    Tensor.of(x, steps, batch, INPUTS), h0, cells ? c0 : null, null, hn, cn);
        }
        LinearPlan readout = model.readout().plan(steps, batch, Workers.single());
        readout.forward(plan.output());

        Map<String, OnnxTensor> given = new HashMap<>();
        given.put(
                "x", tokens ? longs(symbols, steps, batch) : floats(x, steps, batch, INPUTS));
        given.put("h0", floats(h0.data(), layers, batch, HIDDEN));
        if (cells) {
            given.put("c0", floats(c0.data(), layers, batch, HIDDEN));
        }
        try (OrtSession.Result result = session.run(given)) {
            assertEquals(cells ? 3 : 2, result.size());
            assertClose(dense(readout.output()), result, "output");
            assertClose(hn.data(), result, "hn");
            if (cells) {
                assertClose(cn.data(), result, "cn");
            }
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }

    private static OnnxTensor floats(float[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), FloatBuffer.wrap(values), shape);
    }

    private static OnnxTensor longs(int[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(),
                LongBuffer.wrap(Arrays.stream(values).asLongStream().toArray()), shape);
    }

    private static float[] dense(Tensor tensor) {
        float[] all = new float[tensor.steps() * tensor.rows() * tensor.features()];
        for (int t = 0; t < tensor.steps(); t++) {
            for (int b = 0; b < tensor.rows(); b++) {
                System.arraycopy(
                        tensor.data(), tensor.index(t, b), all,
                        (t * tensor.rows() + b) * tensor.features(), tensor.features());
            }
        }
        return all;
    }

    /** ONNX Runtime's sigmoid and tanh are approximations of about 1e-6. */
    private static void assertClose(float[] expected, OrtSession.Result result, String name) {
        OnnxTensor found = (OnnxTensor) result.get(name).orElseThrow();
        float[] values = new float[found.getFloatBuffer().remaining()];
        found.getFloatBuffer().get(values);
        float largest = 1f;
        for (float e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        assertArrayEquals(expected, values, 5e-6f * largest, name);
    }

    @Test
    void theFileSaysWhatItIs() throws IOException {
        Structure structure = Structure.of("gru", HIDDEN, 1);
        ModelProto file = ModelProto.parseFrom(
                OnnxModel.bytes(model(structure, true), structure, Map.of("cell", "gru")));
        assertEquals(8, file.getIrVersion());
        assertEquals(17, file.getOpsetImport(0).getVersion());
        assertEquals("cell", file.getMetadataProps(0).getKey());
        assertEquals(
                "steps", file.getGraph().getInput(0).getType().getTensorType().getShape().getDim(0)
                        .getDimParam());
    }

    @Test
    void cellsWithoutAnOperatorAreRefused() {
        Structure leaky = structure("tanh", 1, 0.1f, List.of(), Directions.FORWARD, false);
        Structure skip = structure("tanh", 1, 0f, List.of(3), Directions.FORWARD, false);
        assertThrows(BadInput.class, () -> OnnxModel.requireExportable(leaky));
        assertThrows(BadInput.class, () -> OnnxModel.requireExportable(skip));
    }
}
