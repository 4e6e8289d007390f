package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoCommandTest {
    @Test
    void jsonHoldsTheFigures() throws IOException {
        CommandRun run = CommandRun.of("echo", "--series", "narma10", "--quick", "--json");
        assertEquals(0, run.code(), run.err());
        assertEquals(1, run.out().lines().count());
        JsonNode found = new ObjectMapper().readTree(run.lastLine());
        assertEquals("narma10", found.get("series").asText());
        assertEquals(1, found.get("networks").size());
        assertTrue(found.get("nrmse").asDouble() < found.get("linear").asDouble());
        assertTrue(found.get("good").asBoolean());
    }

    @Test
    void failsWhenTheFigureIsMissed() {
        CommandRun run = CommandRun.of("echo", "--quick", "--runs", "2", "--ridge", "1");
        assertEquals(1, run.code(), run.err());
        assertTrue(run.out().contains("worse than expected"), run.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--series lorenz", "--runs 0", "--runs 100001", "--networks 0", "--ridge -1",
                "--ridge NaN", "--seed x"
            })
    void badInputIsOneLine(String options) {
        CommandRun run = CommandRun.of(("echo " + options).split(" "));
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertEquals("", run.out());
    }
}
