package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ebbtide.bench.train.Models;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
    @Test
    void jsonHoldsEveryRow() throws IOException {
        CommandRun run = CommandRun.of(
                "bench", "--shape", "5,2,3,20", "--cell", "tanh,gru", "--threads", "1",
                "--seconds", "0.05", "--json");
        assertEquals(1, run.out().lines().count(), "the rest goes to standard error");
        JsonNode found = new ObjectMapper().readTree(run.lastLine());
        assertEquals(found.get("problems").isEmpty() ? 0 : 1, run.code(), run.err());
        for (String name : List.of(
                "cpu", "jdk", "date", "threads", "kernels", "onednn", "openblas", "vectorblas")) {
            assertTrue(found.has(name), name);
        }
        assertEquals(2, found.get("rows").size(), "two cells");
        for (JsonNode row : found.get("rows")) {
            assertEquals("[5,2,3,20]", row.get("shape").toString());
            assertEquals(1, row.get("threads").asInt());
            assertTrue(List.of("tanh", "gru").contains(row.get("cell").asText()));
            assertTrue(row.get("bytesPerStep").isNumber());
            assertTrue(row.get("ratios").has("scalar"),
                    "the reference is no peer that may be absent");
            row.get("ratios").forEach(ratio -> assertTrue(
                    ratio.get("low").asDouble() <= ratio.get("high").asDouble()
                            && ratio.get("value").asDouble() > 0));
            assertEquals(row.get("ratios").size(), row.get("peers").size());
            for (String name : List.of(
                    "gflops", "forwardGflops", "backwardGflops", "packedGflops", "peakGflops",
                    "peakShare")) {
                assertTrue(row.get(name).asDouble() > 0, name);
            }
        }
    }

    /** With OpenBLAS on trial, next to our own kernels and to OpenBLAS for all it can. */
    @Test
    void inexactRunsNextToBoth() throws IOException {
        assumeTrue(Models.openBlas().isPresent(), "no OpenBLAS");
        CommandRun run = CommandRun.of(
                "bench", "--shape", "5,2,3,20", "--threads", "1", "--seconds", "0.01", "--inexact",
                "--json");
        assertTrue(run.code() < 2, run.err());
        JsonNode found = new ObjectMapper().readTree(run.lastLine());
        String ours = Models.kernels("auto").name();
        assertEquals(ours + "/openblas", found.get("kernels").asText());
        assertTrue(found.get("openblasCall").asText().contains(" ns a downcall, "));
        JsonNode ratios = found.get("rows").get(0).get("ratios");
        assertTrue(ratios.has(ours) && ratios.has(ours + "+openblas"), ratios.toString());
    }

    @Test
    void resultsArePutIntoTheirSection(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("RESULTS.md");
        Files.writeString(file, "<!-- begin other -->\nkept\n<!-- end other -->\n");
        CommandRun run = CommandRun.of(
                "bench", "--suite", "gemm", "--shape", "2,3,4", "--threads", "1", "--seconds",
                "0.01", "--results", file.toString());
        assertTrue(run.code() < 2, run.err());
        String text = Files.readString(file);
        assertTrue(text.startsWith("<!-- begin other -->\nkept"), text);
        assertTrue(text.contains("<!-- begin speed-gemm -->"), text);
        assertTrue(text.contains("ebbtide bench --suite gemm --shape 2,3,4"), text);
        assertTrue(text.contains("| 2,3,4 | product | 1 |"), text);
        for (String name : List.of("cpu", "jdk", "date", "openblas")) {
            assertTrue(text.contains("- " + name + ": "), name);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gemm --shape 3,20,5", "activation --cell tanh", "train --shape 4,2,3,5"})
    void everySuiteHasRows(String options) throws IOException {
        CommandRun run = CommandRun.of(
                ("bench --threads 1 --seconds 0.01 --json --suite " + options).split(" "));
        assertTrue(run.code() < 2, run.err());
        JsonNode row = new ObjectMapper().readTree(run.lastLine()).get("rows").get(0);
        String speed = options.startsWith("activation") ? "nanosPer16" : "gflops";
        assertTrue(row.get(speed).asDouble() > 0);
        assertFalse(row.has("forwardGflops"), "only a step has parts");
    }

    @Test
    void freshJvmsTellHowSoonTheyAreFast() throws IOException {
        CommandRun run = CommandRun.of(
                "bench --suite start --shape 8,4,16,16 --threads 1 --seconds 0.05 --json"
                        .split(" "));
        assertEquals(0, run.code(), run.err());
        JsonNode row = new ObjectMapper().readTree(run.lastLine()).get("rows").get(0);
        assertEquals(10, row.get("secondsTo95").size());
        for (JsonNode share : row.get("peakShares")) {
            assertTrue(share.asDouble() > 0 && share.asDouble() < 1.1, share.toString());
        }
        assertTrue(row.get("slowestOverMedian").asDouble() <= 1);
    }

    @Test
    void interruptStops() {
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
                "--cell rnn", "--kernels gpu", "--seconds 0", "--seconds NaN", "--suite product",
                "--suite activation --shape 1,1,1,1", "--suite activation --cell lstm",
                "--suite gemm --cell tanh", "--suite gemm --shape 1,1,1,1",
                "--suite gemm --shape 1,0,1", "--suite gemm --plot x.svg",
                "--suite start --results x.md", "--suite start --kernels scalar",
                "--suite start --full", "--suite relations --full", "--suite relations --cell tanh",
                "--suite grid --full", "--suite grid --shape 1,1,1,1",
                "--isa sse", "--unknown"
            })
    void badInputIsOneLine(String options) {
        CommandRun run = CommandRun.of(("bench " + options).split(" "));
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals("", run.out());
    }
}
