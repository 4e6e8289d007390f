package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ebbtide.engine.io.Safetensors;
import ebbtide.engine.io.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidateCommandTest {
    @TempDir
    Path folder;

    @Test
    void goldenCasesOfAFolder() throws IOException {
        Path given = Path.of("../engine/src/test/resources/golden");
        for (String name : List.of("sgd", "lstm_lengths", "gru_T7_B3_I5_H6")) {
            Files.copy(
                    given.resolve(name + ".safetensors"), folder.resolve(name + ".safetensors"));
        }
        Safetensors.write(
                folder.resolve("unknown.safetensors"), Map.of("cell", "clockwork"),
                List.of(StoredTensor.floats("x", new float[1], 1)));
        CommandRun run = CommandRun.of(
                "validate", "--only", "golden", "--golden", folder.toString(), "--json");
        assertEquals(0, run.code(), run.err());
        assertEquals(1, run.out().lines().count());
        JsonNode found = new ObjectMapper().readTree(run.lastLine());
        assertEquals(3, found.get("passed").asInt());
        assertEquals(0, found.get("failed").asInt());
        assertEquals(4, found.get("checks").size());
        JsonNode skipped = found.get("checks").get(3);
        assertEquals("not run", skipped.get("verdict").asText());
        assertTrue(skipped.get("remark").asText().contains("clockwork"));
    }

    @Test
    void aWrongCaseFailsAndSaysWhere() throws IOException {
        Path wrong = folder.resolve("sgd.safetensors");
        byte[] bytes = Files.readAllBytes(
                Path.of("../engine/src/test/resources/golden/sgd.safetensors"));
        // The exponent of the last float64: a number some orders of magnitude off.
        bytes[bytes.length - 1] ^= 1;
        Files.write(wrong, bytes);
        CommandRun run =
                CommandRun.of("validate", "--only", "golden", "--golden", folder.toString());
        assertEquals(1, run.code(), run.out());
        assertTrue(run.out().contains("failed"), run.out());
        assertTrue(run.out().contains("step 20, element 36"), run.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--only nonsense", "--golden /nowhere", "--soak 0", "--soak NaN", "--seed x"
            })
    void badInputIsOneLine(String options) {
        CommandRun run = CommandRun.of(("validate " + options).split(" "));
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals("", run.out());
    }
}
