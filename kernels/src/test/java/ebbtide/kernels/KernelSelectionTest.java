package ebbtide.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a program gets that starts its JVM with this flag, that property, or neither. */
class KernelSelectionTest {
    private static final String FLAG = "--add-modules=jdk.incubator.vector";

    record Outcome(int exit, String out, String err) {}

    @Test
    void withoutTheFlagScalarKernelsServeAndOneLineNamesTheFlag() throws Exception {
        Outcome outcome = run();
        assertEquals("scalar 0.5", outcome.out);
        List<String> lines = messages(outcome.err);
        assertEquals(1, lines.size(), outcome.err);
        assertTrue(lines.get(0).contains("--add-modules jdk.incubator.vector"), lines.get(0));
    }

    @Test
    void withTheFlagTheMachinesWidthServes() throws Exception {
        Outcome outcome = run(FLAG);
        int bits = TestWidth.MACHINE_BITS;
        assertTrue(outcome.out.matches("vector\\d+ 0\\.5"), outcome.out + outcome.err);
        assertTrue(Integer.parseInt(outcome.out.substring(6, 9)) <= bits, outcome.out);
        assertEquals(1, messages(outcome.err).size(), outcome.err);
    }

    @Test
    void propertiesForceTheChoice() throws Exception {
        assertEquals("scalar 0.5", run(FLAG, "-Debbtide.kernels=scalar").out);
        assertEquals("vector128 0.5", run(FLAG, "-Debbtide.kernels=128").out);
    }

    @Test
    void anUnknownChoiceIsRefused() throws Exception {
        Outcome outcome = run(FLAG, "-Debbtide.kernels=64");
        assertTrue(outcome.exit != 0);
        assertTrue(
                outcome.err.contains(
                        "-Debbtide.kernels: expected auto, scalar, 128, 256 or 512, got 64"),
                outcome.err);
    }

    /** The lines of the log, without those that only say when and where. */
    private static List<String> messages(String err) {
        return err.lines().filter(line -> line.contains("Ebbtide kernels:")).toList();
    }

    private static Outcome run(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.add("-cp");
        command.add(Path.of("target", "classes") + File.pathSeparator
                + Path.of("target", "test-classes"));
        command.add(PrintSelection.class.getName());
        Process process = new ProcessBuilder(command).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out.strip(), err);
    }
}
