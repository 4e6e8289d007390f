package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ebbtide.bench.flow.Experiment;
import ebbtide.bench.flow.Outcome;
import ebbtide.bench.flow.Progress;
import ebbtide.bench.plot.Report;
import ebbtide.engine.Workers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowCommandTest {
    @TempDir
    private Path folder;

    private static JsonNode json(CommandRun run) throws IOException {
        assertEquals(0, run.code(), run.err());
        return new ObjectMapper().readTree(run.lastLine());
    }

    @Test
    void sigmoidMustVanish() throws IOException {
        CommandRun run = CommandRun
                .of("flow --cell sigmoid --hidden 8 --steps 20 --batch 4 --json".split(" "));
        assertEquals(1, run.out().lines().count());
        JsonNode layer = json(run).get("layers").get(0);
        assertTrue(layer.get("predictedRate").asDouble() < 1);
        assertTrue(
                layer.get("measuredRate").asDouble() <= layer.get("predictedRate").asDouble());
        assertTrue(layer.get("verdict").asText().startsWith("Must vanish"));
        assertEquals(20, layer.get("curve").size());
        assertEquals(8, layer.get("lyapunov").size());
    }

    @Test
    void readsATextAndWritesAPage() throws IOException {
        Path text = folder.resolve("a.txt");
        Files.writeString(text, "the tide ebbs and flows. ".repeat(40));
        Path page = folder.resolve("page");
        CommandRun run = CommandRun.of(
                "flow", "--text", text.toString(), "--cell", "gru", "--hidden", "6", "--steps",
                "10", "--batch", "2", "--out", page.toString());
        assertEquals(0, run.code(), run.err());
        String html = Files.readString(page.resolve("index.html"));
        assertTrue(html.contains("<svg") && html.contains("prefers-color-scheme: dark"));
        assertTrue(!html.contains("src=\"http") && !html.contains("@import"));
        assertEquals(
                11, Files.readAllLines(page.resolve("curve-1.csv")).size());
        assertTrue(Files.size(page.resolve("curve-1.png")) > 1000);
    }

    @Test
    void readsASavedModelWithItsOwnLoss() throws IOException {
        Path model = folder.resolve("m.safetensors");
        CommandRun trained = CommandRun.of(
                "train", "--task", "temporal-order", "--length", "12", "--cell", "tanh",
                "--hidden", "7", "--steps", "2", "--out", model.toString());
        assertEquals(0, trained.code(), trained.err());
        JsonNode found = json(CommandRun.of("flow", "--model", model.toString(), "--json"));
        assertEquals(12, found.get("steps").asInt());
        assertEquals(7, found.get("layers").get(0).get("lyapunov").size());
    }

    @Test
    void anExperimentStatesPredictionMeasurementAndVerdict() throws IOException {
        CommandRun run = CommandRun.of("flow", "--experiment", "boundaries", "--quick", "--json");
        JsonNode found = json(run);
        assertTrue(found.get("holds").asBoolean());
        assertEquals(4, found.get("boundaries").get("sigmoid").asDouble(), 0.04);
        assertEquals(1, found.get("boundaries").get("relu").asDouble(), 0.01);
        assertTrue(run.err().contains("predicted: ") && run.err().contains("measured: "));
    }

    @Test
    void anExperimentThatFailsExitsWithOne() {
        Experiment wrong = new Experiment() {
            @Override
            public String name() {
                return "wrong";
            }

            @Override
            public String prediction() {
                return "1 is 2";
            }

            @Override
            public Outcome run(boolean quick, Workers workers, Progress progress) {
                return new Outcome("1 is 1", false, Map.of(), new Report("Wrong"));
            }
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        FlowCommand command = new FlowCommand(new Console(stream, stream), new Interrupt());
        assertEquals(1, command.judge(wrong, Workers.single()));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("the prediction fails"));
    }

    @ParameterizedTest
    @CsvSource({
        "--cell skip --skip 2 3, 1, 18", "--cell leaky --learn-leak, 1, 6",
        "--cell relu --residual-recurrence, 1, 6", "--cell lstm --peepholes, 1, 12",
        "--cell lstm --projection 4, 1, 10", "--cell gru-reset-first, 1, 6",
        "--cell gru --bidirectional concat --layers 2, 4, 6",
        "--cell tanh --bidirectional sum, 2, 6"
    })
    void everyCellHasItsFlow(String cell, int runs, int exponents) throws IOException {
        String options = cell.replace("2 3", "2,3");
        JsonNode layers = json(
                CommandRun.of(
                        ("flow --hidden 6 --steps 12 --batch 2 --json " + options).split(" ")))
                .get("layers");
        assertEquals(runs, layers.size());
        for (JsonNode layer : layers) {
            assertEquals(exponents, layer.get("lyapunov").size());
            assertTrue(layer.get("change").asDouble() > 0, layer.toString());
            assertTrue(layer.get("singularValues").get(0).get(0).asDouble() > 0);
            layer.get("saturated").forEach(s -> assertTrue(s.asDouble() <= 1));
        }
    }

    @Test
    void aLargeNetworkShowsItsLeadingValues() throws IOException {
        JsonNode layer = json(
                CommandRun.of(
                        "flow --hidden 520 --steps 6 --batch 1 --init radius=1.1 --json"
                                .split(" ")))
                .get("layers").get(0);
        assertEquals(8, layer.get("singularValues").get(0).size());
        assertEquals(
                8, layer.get("matrices").get(0).get("singularValues").size());
        assertEquals(1.1, layer.get("matrices").get(0).get("radius").asDouble(), 1e-3);
    }

    @Test
    void curesBringTheGradientBack() throws IOException {
        JsonNode cures = json(
                CommandRun.of("flow", "--experiment", "cures", "--quick", "--json"))
                .get("cures");
        assertEquals(11, cures.size());
        double none = cures.get(0).get("before").asDouble();
        assertEquals(none, cures.get(2).get("before").asDouble());
        assertTrue(cures.get(2).get("arguments").asText().contains("--flow-weight"));
        for (int orthogonal : new int[] {3, 4}) {
            double change = cures.get(orthogonal).get("before").asDouble();
            assertTrue(cures.get(orthogonal).get("cure").asText().startsWith("orthogonal"));
            assertTrue(change > 100 * none, none + ", " + change);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--cell foo", "--hidden 0", "--steps 1", "--radius -1", "--radius 1 --init glorot",
                "--noise x", "--model nowhere", "--model nowhere --cell tanh", "--threads 0",
                "--experiment foo", "--experiment cliff --cell tanh", "--text nowhere",
                "--text a --noise 1", "--init radius=x", "--zoneout 0.1",
                "--cell lstm --cell-zoneout 0.1", "--layer-norm"
            })
    void badInputIsOneLine(String options) {
        CommandRun run = CommandRun.of(("flow " + options).split(" "));
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals("", run.out());
    }
}
