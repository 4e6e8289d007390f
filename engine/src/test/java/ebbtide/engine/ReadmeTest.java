package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in the README compiles and runs, with the flag and without it, to the same number. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");

    @Test
    void theProgramRuns(@TempDir Path folder) throws Exception {
        Path source = folder.resolve("Embed.java");
        Files.writeString(source, block("java"));
        String path = classPath();
        run(folder, "javac", "-cp", path, "-d", folder.toString(), source.toString());
        String cp = folder + File.pathSeparator + path;
        String vector =
                run(folder, "java", "--add-modules=jdk.incubator.vector", "-cp", cp, "Embed");
        String scalar = run(folder, "java", "-cp", cp, "Embed");
        assertTrue(vector.contains("y = 0."), vector);
        assertEquals(last(vector), last(scalar));
    }

    @Test
    void theBuildFileNamesThisVersion() throws IOException {
        Matcher version =
                Pattern.compile("<artifactId>ebbtide-parent</artifactId>\\s*<version>([^<]+)<")
                        .matcher(Files.readString(Path.of("..", "pom.xml")));
        assertTrue(version.find());
        assertTrue(
                block("xml").contains("<version>" + version.group(1) + "</version>"),
                version.group(1));
    }

    private static String block(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(README));
        assertTrue(block.find(), "no " + language + " in the README");
        return block.group(1);
    }

    /** The jars that Maven would give a program that depends on the engine. */
    private static String classPath() throws Exception {
        List<String> path = new ArrayList<>();
        for (Class<?> type : List.of(
                Rnn.class,
                ebbtide.kernels.Kernels.class,
                com.fasterxml.jackson.core.JsonFactory.class)) {
            path.add(
                    Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                            .toString());
        }
        return String.join(File.pathSeparator, path);
    }

    private static String run(Path folder, String tool, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(List.of(arguments));
        Path log = folder.resolve(tool + ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        int exit = process.waitFor();
        String output = Files.readString(log);
        assertEquals(0, exit, output);
        return output;
    }

    private static String last(String output) {
        List<String> lines = output.strip().lines().toList();
        return lines.get(lines.size() - 1);
    }
}
