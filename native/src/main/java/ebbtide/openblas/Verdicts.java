package ebbtide.openblas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the probe said about libraries, by their checksum. A verdict holds for one edition of the
 * checks, one CPU and one choice of kernels: a home folder may be shared by machines, and
 * OPENBLAS_CORETYPE can name kernels that this CPU cannot run.
 *
 * @param cache where verdicts are kept; one that cannot be read or written is no failure
 * @param surroundings checksum of all that a verdict depends on besides the library
 */
record Verdicts(CacheFolder cache, String surroundings) {
    private static final String ACCEPTED = "accepted";
    private static final String REFUSED = "refused: ";

    static Verdicts of(CacheFolder cache, UnaryOperator<String> environment) {
        String all = String.join("\n",
                String.valueOf(LibraryCheck.EDITION), System.getProperty("os.arch"),
                String.valueOf(environment.apply("OPENBLAS_CORETYPE")), processor());
        return new Verdicts(cache, Checksum.of(all.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Returns whether the library was accepted before; false if nothing is known of it.
     *
     * @throws UnusableLibraryException if it was refused before
     */
    boolean accepted(String sha256) throws UnusableLibraryException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file(sha256));
        } catch (IOException e) {
            return false;
        }
        if (lines.size() != 3 || !lines.get(0).equals(sha256)
                || !lines.get(1).equals(surroundings)) {
            return false;
        }
        String verdict = lines.get(2);
        if (verdict.startsWith(REFUSED)) {
            throw UnusableLibraryException.lasting("%s (remembered; delete %s to try again)"
                    .formatted(verdict.substring(REFUSED.length()), file(sha256)));
        }
        return verdict.equals(ACCEPTED);
    }

    /** Remembers that the library passed (empty), or why it did not. */
    void remember(String sha256, Optional<String> refusal) {
        String verdict = refusal.map(reason -> REFUSED + reason).orElse(ACCEPTED);
        try {
            cache.write(file(sha256).getFileName().toString(),
                    String.join("\n", sha256, surroundings, verdict) + "\n");
        } catch (IOException e) {
            System.getLogger("ebbtide.openblas").log(System.Logger.Level.DEBUG,
                    "the verdict is not remembered", e);
        }
    }

    private Path file(String sha256) {
        return cache.path().resolve("verdict-%s-%s.txt".formatted(
                sha256.substring(0, 16), surroundings.substring(0, 8)));
    }

    /** The kind of CPU, as far as the system tells; OpenBLAS picks its kernels by it. */
    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return String.join("\n", lines
                    .filter(line -> line.startsWith("model name") || line.startsWith("flags")
                            || line.startsWith("CPU ") || line.startsWith("Features"))
                    .distinct().sorted().toList());
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }
}
