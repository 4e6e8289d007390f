package ebbtide.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The same program in a JVM with other options: another vector width, no compiler. */
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private volatile boolean killed;

    private ChildJvm(Process process) {
        this.process = process;
    }

    /** Starts {@code main} with these JVM options; its messages go to our standard error. */
    public static ChildJvm start(List<String> options, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-modules=jdk.incubator.vector");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Djava.util.logging.config.file=none");
        command.add("-Dorg.jline.terminal.disableDeprecatedProviderWarning=true");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return new ChildJvm(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands on each line that the child prints, until it ends; returns its exit code. */
    public int read(Consumer<String> lines) throws InterruptedException {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            // Whoever kills a child while its lines are read finds the stream closed, now and then.
            if (!killed) {
                throw new UncheckedIOException(e);
            }
        }
        return process.waitFor();
    }

    /** Ends it at once. */
    public void kill() {
        killed = true;
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
    }
}
