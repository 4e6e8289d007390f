package ebbtide.engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Layout;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.kernels.Activation;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights that PyTorch saved, and what PyTorch computed with them; see {@code torch/make.py}. */
class StateDictTest {
    @TempDir
    Path folder;

    private static Path fixture(String name) {
        try {
            return Path.of(
                    StateDictTest.class.getResource("/torch/" + name + ".safetensors").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rnn_tanh, TANH, 1, 1",
        "rnn_relu_2layer, RELU, 1, 2",
        "lstm_3layer, TANH, 4, 3",
        "lstm_prefix, TANH, 4, 1",
        "gru_2layer, TANH, 3, 2",
        "gru_nobias, TANH, 3, 1",
        "gru_bidirectional, TANH, 3, 2"
    })
    void computesWhatPyTorchComputes(String name, Activation activation, int gates, int layers)
            throws IOException {
        StateDict saved = StateDict.read(fixture(name));
        assertEquals(gates, saved.gates());
        assertEquals(layers, saved.layers());
        Rnn rnn = saved.rnn(activation);
        Map<String, StoredTensor> run = Safetensors.read(fixture(name + ".run")).tensors();
        Tensor x = tensor(run, "x");
        Tensor y = like(run, "y");
        Tensor hn = like(run, "hn");
        Tensor cn = run.containsKey("cn") ? like(run, "cn") : null;
        Tensor c0 = cn == null ? null : tensor(run, "c0");
        rnn.plan(x.steps(), x.rows()).forward(x, tensor(run, "h0"), c0, y, hn, cn);
        assertClose(run, "y", y);
        assertClose(run, "hn", hn);
        if (cn != null) {
            assertClose(run, "cn", cn);
        }
    }

    private static Tensor tensor(Map<String, StoredTensor> run, String name) {
        long[] s = run.get(name).shape();
        return Tensor.of(run.get(name).floats(), (int) s[0], (int) s[1], (int) s[2]);
    }

    private static Tensor like(Map<String, StoredTensor> run, String name) {
        long[] s = run.get(name).shape();
        return Tensor.zeros((int) s[0], (int) s[1], (int) s[2]);
    }

    /** Two programs in float32: 1e-6 is a few roundings of numbers of size 1. */
    private static void assertClose(Map<String, StoredTensor> run, String name, Tensor found) {
        float[] expected = run.get(name).floats();
        float largest = 0f;
        for (float e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        assertArrayEquals(expected, found.data(), 1e-6f * Math.max(1f, largest), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rnn_relu_2layer", "lstm_prefix", "gru_2layer"})
    void savesWhatPyTorchLoads(String name) throws IOException {
        StateDict saved = StateDict.read(fixture(name));
        Rnn rnn = saved.rnn(Activation.RELU);
        Path file = folder.resolve("again.safetensors");
        StateDict.save(file, rnn.parameters(), saved.prefix(), Map.of("format", "pt"));
        Map<String, StoredTensor> again = Safetensors.read(file).tensors();
        saved.tensors().forEach((key, tensor) -> {
            if (!key.startsWith("head.")) {
                assertArrayEquals(tensor.shape(), again.get(key).shape(), key);
                assertArrayEquals(tensor.floats(), again.get(key).floats(), key);
            }
        });
        assertEquals(4 * saved.layers(), again.size());
    }

    @Test
    void missingBiasesAreZero() throws IOException {
        Rnn rnn = StateDict.read(fixture("gru_nobias")).rnn(Activation.TANH);
        assertArrayEquals(new float[18], rnn.parameters().read("bias_ih_l0"));
        assertArrayEquals(new float[18], rnn.parameters().read("bias_hh_l0"));
    }

    @Test
    void aWrongShapeLeavesTheNetworkAsItWas() throws IOException {
        StateDict saved = StateDict.read(fixture("lstm_3layer"));
        Rnn other = Rnn.lstm(5, 7).layers(3).build(1);
        float[] before = other.parameters().read("weight_ih_l0");
        InvalidFileException e = assertThrows(
                InvalidFileException.class, () -> saved.load(other.parameters()));
        assertTrue(
                e.getMessage().contains("weight_ih_l0 F32[28, 5], got weight_ih_l0 F32[24, 5]"),
                e.getMessage());
        assertArrayEquals(before, other.parameters().read("weight_ih_l0"));
    }

    @Test
    void aLayerTooManyIsNotDropped() throws IOException {
        StateDict saved = StateDict.read(fixture("gru_2layer"));
        Rnn one = Rnn.gru(5, 6).build(1);
        assertThrows(InvalidFileException.class, () -> saved.load(one.parameters()));
    }

    @Test
    void severalModulesNeedAPrefix() throws IOException {
        List<StoredTensor> two = new ArrayList<>();
        Rnn rnn = Rnn.gru(2, 3).build(1);
        for (String prefix : List.of("encoder.", "decoder.")) {
            for (Layout.Slot slot : rnn.parameters().layout().slots()) {
                float[] values = rnn.parameters().read(slot.name());
                long[] shape = slot.rank() == 1
                        ? new long[] {slot.columns()}
                        : new long[] {slot.rows(), slot.columns()};
                two.add(StoredTensor.floats(prefix + slot.name(), values, shape));
            }
        }
        Path file = folder.resolve("two.safetensors");
        Safetensors.write(file, Map.of(), two);
        String message =
                assertThrows(InvalidFileException.class, () -> StateDict.read(file)).getMessage();
        assertTrue(message.contains("encoder.weight_ih_l0"), message);
        assertEquals(3, StateDict.read(file, "decoder.").hidden());
        assertThrows(InvalidFileException.class, () -> StateDict.read(file, "head."));
    }

    @Test
    void otherMatricesAreNotTakenForGates() throws IOException {
        Path file = folder.resolve("two-gates.safetensors");
        Safetensors.write(
                file,
                Map.of(),
                List.of(
                        StoredTensor.floats("weight_ih_l0", new float[18], 6, 3),
                        StoredTensor.floats("weight_hh_l0", new float[18], 6, 3)));
        String message =
                assertThrows(InvalidFileException.class, () -> StateDict.read(file)).getMessage();
        assertTrue(message.contains("1, 3 or 4 times H rows"), message);
    }
}
