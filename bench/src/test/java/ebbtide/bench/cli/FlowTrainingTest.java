package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ebbtide.bench.flow.FlowLog;
import ebbtide.bench.flow.Training;
import ebbtide.bench.train.Origin;
import ebbtide.engine.Parameters;
import ebbtide.engine.Workers;
import ebbtide.engine.optim.NonFiniteGradientException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --flow}, and where a training stopped being finite. */
class FlowTrainingTest {
    private static final int HIDDEN = 4;

    @TempDir
    private Path folder;

    private byte[] train(String name, String... more) throws IOException {
        Path model = folder.resolve(name);
        String[] usual = {
            "train", "--task", "temporal-order", "--length", "12", "--hidden", "7", "--layers",
            "2", "--steps", "5", "--out", model.toString()
        };
        String[] all = new String[usual.length + more.length];
        System.arraycopy(usual, 0, all, 0, usual.length);
        System.arraycopy(more, 0, all, usual.length, more.length);
        CommandRun run = CommandRun.of(all);
        assertEquals(0, run.code(), run.err());
        return Files.readAllBytes(model);
    }

    @Test
    void recordsEveryNthUpdateAndChangesNothing() throws IOException {
        assertArrayEquals(train("plain"), train("watched", "--flow", "2"));
        List<String> lines = Files.readAllLines(folder.resolve("watched.flow.jsonl"));
        assertEquals(6, lines.size());
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = new ObjectMapper().readTree(lines.get(i));
            assertEquals(i / 2 * 2, line.get("update").asInt());
            assertEquals(i % 2, line.get("layer").asInt());
            assertEquals(12, line.get("mean").size());
            for (int t = 0; t < 12; t++) {
                double median = line.get("median").get(t).asDouble();
                assertTrue(median > 0 && median <= line.get("high").get(t).asDouble());
                assertTrue(median >= line.get("low").get(t).asDouble());
            }
        }
    }

    @Test
    void flightRecorderHearsOfEachStep() throws IOException {
        double[][] norms = {{5, 0}, {10, 10}};
        StringWriter lines = new StringWriter();
        Path file = folder.resolve("flow.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("ebbtide.GradientFlow");
            recording.start();
            new FlowLog(1, 1, lines).observe(5, new double[][][] {norms});
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertEquals(2, events.size());
        assertEquals(5, events.get(0).getLong("update"));
        assertEquals(1, events.get(0).getInt("timeStep"));
        assertEquals(2.5, events.get(0).getDouble("mean"));
        assertEquals(10, events.get(1).getDouble("median"));
        JsonNode line = new ObjectMapper().readTree(lines.toString());
        assertEquals(2.5, line.get("mean").get(0).asDouble());
        assertEquals(10, line.get("mean").get(1).asDouble());
    }

    @Test
    void recordsBothDirections() throws IOException {
        train("both", "--bidirectional", "concat", "--flow", "4");
        List<String> lines = Files.readAllLines(folder.resolve("both.flow.jsonl"));
        assertEquals(8, lines.size());
        JsonNode reverse = new ObjectMapper().readTree(lines.get(1));
        assertEquals(0, reverse.get("layer").asInt());
        assertEquals("reverse", reverse.get("direction").asText());
        assertTrue(reverse.get("median").get(11).asDouble() > 0);
    }

    private static Training training() {
        return FlowExperiments.start(
                List.of(
                        "--task", "temporal-order", "--length", "12", "--cell", "identity",
                        "--hidden", Integer.toString(HIDDEN), "--layers", "2", "--batch", "2",
                        "--clip", "1"),
                Workers.single());
    }

    private static void scaled(Parameters parameters, String name, float scale) {
        float[] u = new float[HIDDEN * HIDDEN];
        for (int i = 0; i < HIDDEN; i++) {
            u[i * HIDDEN + i] = scale;
        }
        parameters.write(name, u);
    }

    private static Origin origin(Training training) {
        assertThrows(NonFiniteGradientException.class, training.session()::step);
        return training.session().origin();
    }

    @Test
    void aStateThatOverflowsIsNamed() {
        Training training = training();
        training.session().step();
        assertNull(training.session().origin());
        scaled(training.model().parameters(), "weight_hh_l1", 1e30f);
        // h_1 is about 1, h_2 1e30, h_3 too large.
        Origin origin = origin(training);
        assertEquals(1, origin.update());
        assertEquals(3, origin.step());
        assertEquals(2, origin.layer());
        assertEquals("state h", origin.tensor());
    }

    @Test
    void aGradientThatOverflowsIsNamed() {
        Training training = training();
        Parameters parameters = training.model().parameters();
        // No input and no bias: the lower states stay 0, whatever U is; their gradients do not.
        parameters.write("weight_ih_l0", new float[HIDDEN * training.source().inputs()]);
        parameters.write("bias_ih_l0", new float[HIDDEN]);
        parameters.write("bias_hh_l0", new float[HIDDEN]);
        scaled(parameters, "weight_hh_l0", 1e25f);
        Origin origin = origin(training);
        assertEquals(10, origin.step());
        assertEquals(1, origin.layer());
        assertEquals("gradient of the state h", origin.tensor());
    }

    @Test
    void aParameterThatWasBadBeforeIsNamed() {
        Training training = training();
        float[] bias = new float[HIDDEN];
        bias[2] = Float.NaN;
        training.model().parameters().write("bias_ih_l1", bias);
        Origin origin = origin(training);
        assertEquals("parameter bias_ih_l1", origin.tensor());
        assertEquals(0, origin.step());
        assertTrue(Float.isNaN(origin.value()));
    }

    @Test
    void theCommandSaysWhereItBegan() {
        CommandRun run = CommandRun.of(
                "train", "--task", "temporal-order", "--length", "12", "--cell", "identity",
                "--hidden", "4", "--clip", "0", "--optimizer", "sgd", "--lr", "1e30", "--steps",
                "50", "--out", folder.resolve("m").toString());
        assertEquals(1, run.code(), run.err());
        assertTrue(run.err().contains("It began with: "), run.err());
    }
}
