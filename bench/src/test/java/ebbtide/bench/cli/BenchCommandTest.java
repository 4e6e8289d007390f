package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ebbtide.bench.speed.Ratio;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepRow;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
    private static final List<String> FIGURES = List.of(
            "gflops", "forwardGflops", "backwardGflops", "peakGflops", "peakShare");

    @Test
    void jsonHoldsEveryRow() throws IOException {
        CommandRun run = CommandRun.of(
                "bench", "--shape", "5,2,3,20", "--cell", "tanh,relu", "--threads", "1",
                "--seconds", "0.1",
                "--json");
        assertEquals(1, run.out().lines().count(), "the rest goes to standard error");
        JsonNode found = new ObjectMapper().readTree(run.lastLine());
        assertEquals(found.get("problems").isEmpty() ? 0 : 1, run.code(), run.err());
        for (String name : List.of("cpu", "jdk", "date", "kernels")) {
            assertFalse(found.get(name).asText().isBlank(), name);
        }
        assertEquals(4, found.get("rows").size(), "two cells, ours and the scalar reference");
        for (JsonNode row : found.get("rows")) {
            assertEquals("[5,2,3,20]", row.get("shape").toString());
            assertEquals(1, row.get("threads").asInt());
            assertTrue(List.of("tanh", "relu").contains(row.get("cell").asText()));
            assertTrue(row.get("bytesPerStep").isNumber());
            assertEquals(1, row.get("ratios").size());
            for (String name : FIGURES) {
                assertTrue(row.get(name).asDouble() > 0, name);
            }
        }
    }

    @Test
    void interruptStops() {
        CommandRun run = CommandRun.of(null, new String[] {
            "bench", "--shape", "5,2,3,20", "--threads", "1", "--seconds", "0.1"
        });
        assertTrue(run.code() < 2 && run.out().contains("5,2,3,20"), run.err());
        Interrupt interrupt = new Interrupt();
        interrupt.request();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = ebbtide.bench.Ebbtide.run(
                new PrintStream(out), new PrintStream(new ByteArrayOutputStream()), interrupt,
                "bench");
        assertEquals(130, code);
        assertEquals(0, out.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--shape 1,2,3", "--shape 0,1,1,1", "--shape 1,1,1,-1", "--shape 1,1,1,1x",
                "--shape 9999999999,1,1,1", "--shape 60000,60000,1,1", "--shape 1,1,1,999999999",
                "--shape 99999,9999,1,1", "--threads 0", "--threads 1,x", "--threads 1025",
                "--cell lstm", "--kernels gpu", "--seconds 0", "--seconds NaN", "--suite gemm",
                "--suite product --json", "--suite activation --shape 1,1,1,1", "--unknown"
            })
    void badInputIsOneLine(String options) {
        CommandRun run = CommandRun.of(("bench " + options).split(" "));
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals("", run.out());
    }

    @Test
    void failsOnWeakPeakAndOnAllocation() {
        Ratio fine = new Ratio(0.8, 0.7, 1.1);
        Ratio above = new Ratio(1.04, 1.03, 1.05);
        assertTrue(printed(row(fine, fine, 0)));
        assertFalse(printed(row(above, fine, 0)));
        assertFalse(printed(row(fine, above, 0)));
        assertFalse(printed(row(fine, fine, 24)));
        assertFalse(printed(row(new Ratio(Double.NaN, Double.NaN, Double.NaN), fine, 0)));
    }

    private static StepRow row(Ratio whole, Ratio part, double bytes) {
        return new StepRow(
                new Shape(1, 2, 3, 4), Activation.TANH, "vector256", 1, 80, 70, 90, 100, whole,
                part, part,
                bytes, 1, Map.of());
    }

    private static boolean printed(StepRow row) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        BenchReport report = new BenchReport(new Console(stream, stream), false);
        report.add(List.of(row));
        boolean fine = report.print(KernelSelection.selected().kernels());
        assertEquals(!fine, out.toString(StandardCharsets.UTF_8).contains("failed: "));
        return fine;
    }
}
