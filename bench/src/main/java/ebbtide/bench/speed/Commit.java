package ebbtide.bench.speed;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The commit that a benchmark speaks of: that of the source tree its classes were built in. */
public final class Commit {
    private static final long PATIENCE_SECONDS = 10;

    private Commit() {
    }

    /** Returns the commit, with {@code -dirty} if sources differ from it; empty outside a source tree. */
    public static Optional<String> current() {
        try {
            Optional<Path> folder = folder();
            return folder.isEmpty() ? Optional.empty() : describe(folder.get());
        } catch (IOException e) {
            // No git here: a figure without a commit is better than none.
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Returns the source tree that the classes were built in, empty where they stand in none. */
    public static Optional<Path> folder() {
        try {
            CodeSource source = Commit.class.getProtectionDomain().getCodeSource();
            Path folder = Path.of(source.getLocation().toURI());
            while (folder != null && !sourceTree(folder)) {
                folder = folder.getParent();
            }
            return Optional.ofNullable(folder);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Ours, not that of a project that the jar was copied into: the launcher stands there. */
    private static boolean sourceTree(Path folder) {
        return Files.exists(folder.resolve(".git")) && Files.exists(folder.resolve("ebbtide"));
    }

    private static Optional<String> describe(Path folder) throws IOException, InterruptedException {
        Process git = new ProcessBuilder(
                "git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        git.getOutputStream().close();
        // The answer is one line, which the pipe holds: no need to read before the end.
        if (!git.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            git.destroyForcibly();
            return Optional.empty();
        }
        String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return git.exitValue() == 0 ? Optional.of(answer.strip()) : Optional.empty();
    }
}
