package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ebbtide.engine.io.Safetensors;
import ebbtide.engine.io.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path text;

    @BeforeEach
    void writeText() throws IOException {
        text = folder.resolve("tide.txt");
        Files.writeString(text, "the tide goes out, the tide comes in. \u2248\n".repeat(60));
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private CommandRun train(String... more) {
        return CommandRun.of(arguments(more));
    }

    private String[] arguments(String... more) {
        return Stream.concat(
                Stream.of(
                        "train", "--text", text.toString(), "--hidden", "7", "--batch", "4",
                        "--bptt", "8", "--validate-every", "10", "--seed", "5"),
                Stream.of(more))
                .toArray(String[]::new);
    }

    private static JsonNode json(CommandRun run) throws IOException {
        assertEquals(0, run.code(), run.err());
        return JSON.readTree(run.lastLine());
    }

    private static void requireFields(JsonNode node, String... names) {
        for (String name : names) {
            assertTrue(node.hasNonNull(name), name + " in " + node);
        }
    }

    @Test
    void jsonIsTheLastLineAndTheOnlyOne() throws IOException {
        CommandRun run =
                train("--steps", "30", "--out", file("m.safetensors").toString(), "--json");
        JsonNode node = json(run);
        requireFields(
                node, "trainLoss", "validationLoss", "steps", "seconds", "charactersPerSecond",
                "parameters", "kernels", "threads", "model");
        assertEquals(1, run.out().lines().count(), run.out());
        assertEquals(30, node.get("steps").asInt());
        assertEquals(file("m.safetensors").toString(), node.get("model").asText());
        assertTrue(run.err().contains("step 30  train"), run.err());
    }

    @Test
    void withoutJsonTheFiguresAndASampleAreForPeople() {
        CommandRun run = train("--steps", "10", "--out", file("m.safetensors").toString());
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("validationLoss"), run.out());
        assertTrue(run.out().length() > 600, "400 characters of sample");
    }

    private static Map<String, StoredTensor> tensors(Path file) throws IOException {
        return new TreeMap<>(Safetensors.read(file).tensors());
    }

    private static void assertSameRun(Path expected, Path actual) throws IOException {
        Map<String, StoredTensor> a = tensors(expected);
        Map<String, StoredTensor> b = tensors(actual);
        assertEquals(a.keySet(), b.keySet());
        for (String name : a.keySet()) {
            assertArrayEquals(a.get(name).floats(), b.get(name).floats(), name);
        }
        Map<String, String> x = new TreeMap<>(Safetensors.read(expected).metadata());
        Map<String, String> y = new TreeMap<>(Safetensors.read(actual).metadata());
        assertEquals(x, y);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "momentum"})
    void interruptedAndResumedEqualsNeverStopped(String optimizer) throws IOException {
        Path whole = file("whole.safetensors");
        Path parts = file("parts.safetensors");
        String[] options = {"--steps", "35", "--optimizer", optimizer, "--schedule", "cosine"};
        json(train(Stream.concat(
                Stream.of(options), Stream.of("--out", whole.toString(), "--json"))
                .toArray(String[]::new)));
        CommandRun stopped = CommandRun.of(
                "step 10 ",
                arguments(Stream.concat(
                        Stream.of(options), Stream.of("--out", parts.toString(), "--json"))
                        .toArray(String[]::new)));
        assertEquals(130, stopped.code(), stopped.err());
        assertEquals("stopped", JSON.readTree(stopped.lastLine()).get("end").asText());
        assertEquals("10", Safetensors.read(parts).metadata().get("ebbtide.update"));
        JsonNode resumed =
                json(CommandRun.of("train", "--resume", parts.toString(), "--json"));
        assertEquals(35, resumed.get("steps").asInt());
        assertSameRun(whole, parts);
    }

    @Test
    void anInterruptBeforeTheFirstValidationSavesToo() throws IOException {
        Path file = file("m.safetensors");
        CommandRun run =
                CommandRun.of("text: tanh", arguments("--steps", "30", "--out", file.toString()));
        assertEquals(130, run.code(), run.err());
        assertEquals("0", Safetensors.read(file).metadata().get("ebbtide.update"));
        Path whole = file("whole.safetensors");
        json(train("--steps", "30", "--out", whole.toString(), "--json"));
        json(CommandRun.of("train", "--resume", file.toString(), "--json"));
        assertSameRun(whole, file);
    }

    @Test
    void moreStepsContinueAFinishedRun() throws IOException {
        Path file = file("m.safetensors");
        Path longer = file("longer.safetensors");
        json(train("--steps", "20", "--out", file.toString(), "--json"));
        json(CommandRun.of(
                "train", "--resume", file.toString(), "--steps", "40", "--out", longer.toString(),
                "--json"));
        Path whole = file("whole.safetensors");
        json(train("--steps", "40", "--out", whole.toString(), "--json"));
        assertSameRun(whole, longer);
        assertEquals("20", Safetensors.read(file).metadata().get("ebbtide.update"));
    }

    @Test
    void threadsAndKernelsDoNotShowInTheResult() throws IOException {
        Path one = file("one.safetensors");
        Path four = file("four.safetensors");
        json(train("--steps", "20", "--threads", "1", "--out", one.toString(), "--json"));
        json(train("--steps", "20", "--threads", "4", "--out", four.toString(), "--json"));
        assertSameRun(one, four);
    }

    @Test
    void aShortTextIsCutIntoFewerStreams() throws IOException {
        Path brief = Files.writeString(file("brief.txt"), "the tide goes out. ".repeat(12));
        CommandRun run = CommandRun.of(
                "train", "--text", brief.toString(), "--hidden", "5", "--steps", "3", "--out",
                file("m.safetensors").toString(), "--json");
        assertEquals(3, json(run).get("steps").asInt());
        assertTrue(run.err().contains("batch 1, 16 steps a window"), run.err());
    }

    @Test
    void seriesAreReportedAgainstPersistence() throws IOException {
        StringBuilder table = new StringBuilder("day,load\n");
        for (int i = 0; i < 600; i++) {
            table.append(i).append(',').append(100 + 10 * Math.sin(i * 0.5)).append('\n');
        }
        Path csv = Files.writeString(file("load.csv"), table);
        JsonNode node = json(CommandRun.of(
                "train", "--csv", csv.toString(), "--target", "load", "--features", "load",
                "--horizon", "3", "--bptt", "12", "--batch", "16", "--hidden", "12", "--steps",
                "300", "--out", file("m.safetensors").toString(), "--json"));
        requireFields(
                node, "rmse", "mae", "persistenceRmse", "persistenceMae", "sequencesPerSecond");
        assertTrue(
                node.get("rmse").asDouble() < 0.2 * node.get("persistenceRmse").asDouble(),
                "a sine is easy: " + node);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adding", "temporal-order", "copy", "latch"})
    void tasksReportTheirCriterion(String task) throws IOException {
        JsonNode node = json(CommandRun.of(
                "train", "--task", task, "--length", "20", "--hidden", "6", "--steps", "4",
                "--out", file("m.safetensors").toString(), "--json"));
        requireFields(
                node, "testLoss", "accuracy", "baselineLoss", "criterion", "solved",
                "sequencesPerSecond");
    }

    @Test
    void aSolvedTaskEndsTheTraining() throws IOException {
        JsonNode node = json(CommandRun.of(
                "train", "--task", "latch", "--length", "8", "--hidden", "16", "--steps", "5000",
                "--lr", "0.005", "--validate-every", "50", "--out",
                file("m.safetensors").toString(), "--json"));
        assertEquals("solved", node.get("end").asText(), node.toString());
        assertTrue(node.get("solved").asBoolean());
        assertTrue(node.get("accuracy").asDouble() > 0.99);
    }

    @Test
    void divergenceIsAFailedCheck() {
        CommandRun run = CommandRun.of(
                "train", "--task", "adding", "--length", "100", "--cell", "identity", "--init",
                "radius=3", "--clip", "0", "--optimizer", "sgd", "--lr", "10", "--steps", "200",
                "--out", file("m.safetensors").toString());
        assertEquals(1, run.code(), run.err());
        assertTrue(run.err().contains("expected finite losses"), run.err());
    }

    @Test
    void aModelContinuesItsPrompt() throws IOException {
        Path model = file("m.safetensors");
        json(train("--steps", "60", "--lr", "0.01", "--out", model.toString(), "--json"));
        String[] sample = {
            "sample", "--model", model.toString(), "--prompt", "the tide", "--length", "40",
            "--seed", "3", "--json"
        };
        JsonNode one = json(CommandRun.of(sample));
        assertEquals(40,
                one.get("text").asText().codePointCount(0, one.get("text").asText().length()));
        assertEquals(one, json(CommandRun.of(sample)));
        CommandRun plain = CommandRun.of("sample", "--model", model.toString(), "--prompt", "the ");
        assertTrue(plain.out().startsWith("the "), plain.out());
        assertEquals(404, plain.out().strip().codePointCount(0, plain.out().strip().length()), 3);
    }

    @Test
    void doctorTellsTheMachine() throws IOException {
        CommandRun run = CommandRun.of("doctor", "--json");
        JsonNode node = JSON.readTree(run.lastLine());
        requireFields(
                node, "cpu", "processors", "vectorBits", "jdk", "options", "kernels",
                "kernelsReason", "openblasLookedFor", "openblasVerdict", "openblasUse",
                "openblasCoreType", "linearAlgebra", "advice");
        assertEquals("system property ebbtide.openblas.library: not set",
                node.get("openblasLookedFor").get(0).asText());
        assertEquals(node.get("advice").isEmpty() ? 0 : 1, run.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "sample", "doctor"})
    void helpHasExamples(String command) {
        CommandRun run = CommandRun.of(command, "--help");
        assertEquals(0, run.code());
        assertTrue(run.out().contains("Examples:"), run.out());
        assertEquals("", run.err());
    }
}
