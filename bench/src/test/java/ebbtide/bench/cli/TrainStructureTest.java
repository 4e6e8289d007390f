package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.io.Safetensors;
import ebbtide.engine.io.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells and constraints that {@code ebbtide train} names: what they start from, and that they last. */
class TrainStructureTest {
    private static final int HIDDEN = 7;

    @TempDir
    private Path folder;

    private Path text;

    @BeforeEach
    void writeText() throws IOException {
        text = folder.resolve("tide.txt");
        Files.writeString(text, "the tide goes out, the tide comes in.\n".repeat(60));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private String[] arguments(String out, String options) {
        return Stream.concat(
                Stream.of(
                        "train", "--text", text.toString(), "--hidden", "" + HIDDEN, "--batch",
                        "4", "--bptt", "8", "--seed", "5", "--validate-every", "10", "--out",
                        file(out)),
                Arrays.stream(options.split(" ")))
                .toArray(String[]::new);
    }

    private Map<String, StoredTensor> train(String out, String options) throws IOException {
        CommandRun run = CommandRun.of(arguments(out, options));
        assertEquals(0, run.code(), run.err());
        return Safetensors.read(folder.resolve(out)).tensors();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cell gru-reset-first --layers 2", "--learn-leak --leak 0.3",
        "--residual-recurrence", "--cell lstm --peepholes", "--cell lstm --projection 3 --layers 2",
        "--flow-weight 0.5 --layers 2", "--layer-norm --learn-leak",
        "--cell lstm --layer-norm --zoneout 0.1 --cell-zoneout 0.2", "--cell gru --layer-norm"})
    void resumedEqualsNeverStoppedAndTheModelSpeaks(String options) throws IOException {
        Map<String, StoredTensor> whole = train("whole.safetensors", "--steps 25 " + options);
        CommandRun stopped =
                CommandRun.of("step 10 ", arguments("parts.safetensors", "--steps 25 " + options));
        assertEquals(130, stopped.code(), stopped.err());
        CommandRun resumed = CommandRun.of("train", "--resume", file("parts.safetensors"));
        assertEquals(0, resumed.code(), resumed.err());
        Map<String, StoredTensor> parts =
                Safetensors.read(folder.resolve("parts.safetensors")).tensors();
        assertEquals(whole.keySet(), parts.keySet());
        whole.forEach((name, tensor) -> assertArrayEquals(
                tensor.floats(), parts.get(name).floats(), name));
        CommandRun sample =
                CommandRun.of("sample", "--model", file("parts.safetensors"), "--length", "20");
        assertEquals(0, sample.code(), sample.err());
    }

    @Test
    void theFlowWeightChangesTheRecurrentGradientOfTheFirstUpdateAlone() throws IOException {
        String options = "--steps 1 --optimizer sgd --lr 0.1 --clip 0";
        Map<String, StoredTensor> without = train("a.safetensors", options);
        Map<String, StoredTensor> with = train("b.safetensors", options + " --flow-weight 0.5");
        for (String name : without.keySet()) {
            boolean same =
                    Arrays.equals(without.get(name).floats(), with.get(name).floats());
            assertEquals(!name.contains("weight_hh"), same || name.endsWith("state"), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "uniform=0.5", "orthogonal"})
    void ratesStartWhereTheyAreSaidToWhateverTheInitialiser(String init) throws IOException {
        float[] leak = train(
                "m.safetensors",
                "--steps 1 --optimizer sgd --lr 1e-30 --learn-leak --leak 0.3 --init " + init)
                .get("leak_l0").floats();
        for (float rho : leak) {
            assertEquals(0.3, 1 / (1 + Math.exp(-rho)), 1e-6);
        }
    }

    @Test
    void aProjectionTakesAnInitialiserOfItsShape() throws IOException {
        train("m.safetensors", "--steps 2 --cell lstm --projection 3 --init orthogonal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tanh", "gru"})
    void orthogonalWeightsStaySo(String cell) throws IOException {
        String options = " --orthogonal --lr 0.05 --cell " + cell;
        float[] first = train("first.safetensors", "--steps 1" + options)
                .get("resume.weight_hh_l0").floats();
        float[] u = train("last.safetensors", "--steps 80" + options)
                .get("resume.weight_hh_l0").floats();
        assertTrue(distance(first, u) > 1e-2, "they learn");
        for (int gate = 0; gate < u.length; gate += HIDDEN * HIDDEN) {
            for (int i = 0; i < HIDDEN; i++) {
                for (int j = 0; j < HIDDEN; j++) {
                    double dot = 0;
                    for (int k = 0; k < HIDDEN; k++) {
                        dot += (double) u[gate + k * HIDDEN + i] * u[gate + k * HIDDEN + j];
                    }
                    assertEquals(i == j ? 1 : 0, dot, 2e-6, "UᵀU at " + i + ", " + j);
                }
            }
        }
    }

    private static double distance(float[] a, float[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    @ParameterizedTest
    @CsvSource({
        "--learn-leak, onnx", "--residual-recurrence, safetensors",
        "--cell gru-reset-first, safetensors", "--cell lstm --layer-norm, onnx",
        "--cell gru --layer-norm, safetensors",
        "--cell lstm --peepholes, safetensors", "--cell lstm --projection 3, onnx"
    })
    void whatAFormatCannotHoldIsRefused(String options, String format) throws IOException {
        train("m.safetensors", "--steps 1 " + options);
        String[][] refused = {
            {"export", file("m.safetensors"), file("x." + format)},
            {"flow", "--model", file("m.safetensors")}
        };
        for (String[] command : refused) {
            CommandRun run = CommandRun.of(command);
            assertEquals(2, run.code(), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
        assertFalse(Files.exists(folder.resolve("x." + format)));
    }
}
