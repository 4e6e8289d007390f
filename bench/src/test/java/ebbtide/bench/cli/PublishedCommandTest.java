package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ebbtide.bench.published.Experiment;
import ebbtide.bench.published.Experiments;
import ebbtide.bench.published.Trial;
import ebbtide.bench.published.Trial.Goal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PublishedCommandTest {
    private static final String EASY =
            "--task latch --length 4 --hidden 4 --batch 8 --lr 1e-2 --validate-every 50 --steps ";

    @TempDir
    private Path folder;

    private static Experiment experiment(Trial... trials) {
        return new Experiment("easy", "Easy", "Nobody.", "nothing.", List.of(trials), List.of());
    }

    private CommandRun run(Experiment experiment, String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        PublishedCommand command =
                new PublishedCommand(console, new Interrupt(), List.of(experiment));
        String[] arguments = Stream.concat(
                Stream.of("easy", "--results", folder.resolve("R.md").toString()),
                Stream.of(more)).toArray(String[]::new);
        int code = new CommandLine(command)
                .setExecutionExceptionHandler(new Errors(console.err())::execution)
                .execute(arguments);
        return new CommandRun(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void recordsWhatItDidAndWhatNobodyDid() throws IOException {
        Trial trial = new Trial("four units", EASY + 2000, List.of(1, 2), Goal.SOLVED);
        CommandRun run = run(experiment(trial), "--quick", "--threads", "1", "--json");
        assertEquals(0, run.code(), run.err());
        assertEquals(1, run.out().lines().count(), run.out());
        JsonNode json = new ObjectMapper().readTree(run.lastLine());
        assertTrue(json.get("good").asBoolean());
        assertEquals(2, json.get("trials").size());
        JsonNode first = json.get("trials").get(0);
        assertTrue(first.get("solved").asBoolean());
        assertEquals(0.64, first.get("baselineLoss").asDouble(), 1e-6);
        assertEquals(1000, first.get("answers").asInt());
        String text = Files.readString(folder.resolve("R.md"));
        assertTrue(text.contains("| four units | 1; 2 | 2 of 2 |"), text);
        assertTrue(text.contains("<!-- begin published-easy-paper -->\n### Easy, paper form"),
                text);
        assertTrue(text.contains("Not run."), text);
    }

    @Test
    void aMissedGoalFailsAndIsRecordedAllTheSame() throws IOException {
        Trial trial = new Trial("too short", EASY + 1, List.of(1), Goal.SOLVED);
        CommandRun run = run(experiment(trial), "--quick");
        assertEquals(1, run.code(), run.err());
        assertTrue(run.out().contains("not as published"), run.out());
        assertTrue(Files.readString(folder.resolve("R.md")).contains("| 0 of 1 |"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"latch", "latch --quick --paper", "latches --quick",
        "adding --quick --threads 0"})
    void badInputIsOneLine(String options) {
        CommandRun run = CommandRun.of(("published " + options).split(" "));
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    static Stream<Trial> trials() {
        return Experiments.ALL.stream()
                .flatMap(e -> Stream.concat(e.quick().stream(), e.paper().stream()));
    }

    @ParameterizedTest
    @MethodSource("trials")
    void everyTrialIsATrainingOnATask(Trial trial) {
        Definition definition = Definition.of(trial.arguments(1));
        assertEquals(1, definition.recipe.recipe(definition.source).seed());
        assertFalse(definition.source.open(1).testWindows() == 0);
    }
}
