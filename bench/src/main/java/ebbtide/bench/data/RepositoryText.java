package ebbtide.bench.data;

import ebbtide.bench.BadInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The text of Ebbtide's own repository: documents, then sources, by path. It is there wherever the
 * command is built, so a first run needs no data.
 */
public final class RepositoryText {
    private static final List<String> SKIPPED = List.of("target", ".git", ".mvn", "node_modules");

    private RepositoryText() {
    }

    /**
     * Reads the repository that {@code ebbtide.home} names (the launcher sets it), or else the one around
     * the program's own jar or the working directory.
     *
     * @throws BadInput if there is none
     */
    public static TextCorpus read() {
        Path home = home();
        if (home == null) {
            throw new BadInput(
                    "expected Ebbtide's own repository to train on, found none here;"
                            + " name a source: --text FILE, --csv FILE or --task NAME");
        }
        StringBuilder text = new StringBuilder();
        for (Path file : files(home)) {
            text.append(new String(TextCorpus.bytes(file), StandardCharsets.UTF_8)).append('\n');
        }
        return TextCorpus.of("Ebbtide's own text", text.toString());
    }

    private static Path home() {
        String named = System.getProperty("ebbtide.home");
        if (named != null) {
            return above(Path.of(named));
        }
        Path here = above(Path.of(""));
        return here != null ? here : above(program());
    }

    private static Path program() {
        try {
            return Path.of(
                    RepositoryText.class.getProtectionDomain().getCodeSource().getLocation()
                            .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError("the program's own location is a URI", e);
        }
    }

    private static Path above(Path place) {
        for (Path p = place.toAbsolutePath().normalize(); p != null; p = p.getParent()) {
            if (Files.isDirectory(p.resolve("kernels/src"))
                    && Files.isDirectory(p.resolve("bench/src"))) {
                return p;
            }
        }
        return null;
    }

    private static List<Path> files(Path home) {
        try (Stream<Path> all = Files.walk(home)) {
            return all.filter(p -> text(home.relativize(p)))
                    .filter(Files::isRegularFile)
                    .sorted((p, q) -> order(home.relativize(p))
                            .compareTo(order(home.relativize(q))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean text(Path path) {
        for (Path part : path) {
            if (SKIPPED.contains(part.toString())) {
                return false;
            }
        }
        return path.toString().endsWith(".md") || path.toString().endsWith(".java");
    }

    private static String order(Path path) {
        String name = path.toString().replace('\\', '/');
        return (name.endsWith(".md") ? "0" : "1") + name;
    }
}
