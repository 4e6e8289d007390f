package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ebbtide.engine.io.Safetensors;
import ebbtide.engine.io.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {
    @TempDir
    private Path folder;

    private Path text;

    @BeforeEach
    void writeText() throws IOException {
        text = folder.resolve("tide.txt");
        Files.writeString(text, "the tide goes out, the tide comes in.\n".repeat(40));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private CommandRun train(String out, String... more) {
        Stream<String> usual = Stream.of(
                "train", "--text", text.toString(), "--hidden", "7", "--batch", "4", "--bptt", "8",
                "--steps", "3", "--out", out);
        CommandRun run = CommandRun.of(
                Stream.concat(usual, Stream.of(more)).toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        return run;
    }

    @Test
    void anExportedTextModelRunsInOnnxRuntime() throws IOException, OrtException {
        train(file("m.safetensors"), "--cell", "lstm", "--layers", "2");
        CommandRun run =
                CommandRun.of("export", file("m.safetensors"), file("m.onnx"), "--json");
        assertEquals(0, run.code(), run.err());
        JsonNode json = new ObjectMapper().readTree(run.lastLine());
        assertEquals("onnx", json.get("format").asText());
        try (OrtSession session =
                OrtEnvironment.getEnvironment().createSession(file("m.onnx"))) {
            assertEquals(Set.of("x", "h0", "c0"), session.getInputNames());
            assertEquals(Set.of("output", "hn", "cn"), session.getOutputNames());
            String vocabulary =
                    session.getMetadata().getCustomMetadata().get("vocabulary");
            assertTrue(vocabulary.startsWith("\n ,."), vocabulary);
        }
    }

    @Test
    void safetensorsGoOutAndComeBack() throws IOException {
        train(file("m.safetensors"), "--cell", "gru");
        CommandRun run = CommandRun.of("export", file("m.safetensors"), file("w.safetensors"));
        assertEquals(0, run.code(), run.err());
        Map<String, StoredTensor> out =
                Safetensors.read(folder.resolve("w.safetensors")).tensors();
        assertEquals(
                Set.of(
                        "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0",
                        "readout.weight", "readout.bias"),
                out.keySet());
        // No step moves anything at this rate: what comes back is what went out.
        train(
                file("again.safetensors"), "--cell", "gru", "--seed", "6", "--optimizer", "sgd",
                "--lr", "1e-30", "--init-from", file("w.safetensors"));
        Map<String, StoredTensor> again =
                Safetensors.read(folder.resolve("again.safetensors")).tensors();
        out.forEach((name, tensor) -> assertArrayEquals(
                tensor.floats(), again.get(name.replace("rnn.", "")).floats(), name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cell lstm --hidden 7", "--cell gru --layers 2 --hidden 7",
        "--cell gru --hidden 8"})
    void weightsOfAnotherNetworkAreRefused(String options) {
        train(file("m.safetensors"), "--cell", "gru");
        CommandRun run = CommandRun.of(
                ("train --text %s --steps 1 --out %s --init-from %s %s"
                        .formatted(text, file("n.safetensors"), file("m.safetensors"), options))
                        .split(" "));
        assertEquals(2, run.code(), run.err());
        assertTrue(run.err().contains("fits --cell gru --hidden 7 --layers 1"), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cell leaky", "--cell skip --skip 2,5"})
    void cellsThatOnnxLacksAreRefused(String options) {
        train(file("m.safetensors"), options.split(" "));
        CommandRun run = CommandRun.of("export", file("m.safetensors"), file("m.onnx"));
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("export it as safetensors"), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none.safetensors m.onnx", "m.safetensors m.pt", "m m --format gguf"})
    void badInputIsOneLine(String options) {
        CommandRun run = CommandRun.of(("export " + options).split(" "));
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }
}
