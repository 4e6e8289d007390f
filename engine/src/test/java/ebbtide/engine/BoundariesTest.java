package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Heap arrays only: no restricted method and no unsafe access in kernels and engine, few modules. */
class BoundariesTest {
    private static final Pattern FORBIDDEN =
            Pattern.compile(
                    "java\\.lang\\.foreign|MemorySegment|Unsafe|System\\.load|Runtime.*\\.load"
                            + "|native\\s+\\w+\\s+\\w+\\(|ForkJoinPool\\.commonPool|parallelStream");

    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

    @Test
    void sourcesUseNoRestrictedMethod() throws IOException {
        List<Path> sources =
                Stream.concat(javaFiles("kernels"), javaFiles("engine")).toList();
        assertTrue(sources.size() > 40, "sources not found from " + PROJECT);
        for (Path source : sources) {
            String text = Files.readString(source);
            assertTrue(!FORBIDDEN.matcher(text).find(), source + " reaches outside the heap");
        }
    }

    @Test
    void modulesRequireLittle() throws IOException {
        assertEquals(List.of("jdk.incubator.vector (static)"), requires("kernels"));
        assertEquals(
                List.of("com.fasterxml.jackson.core", "ebbtide.kernels"),
                requires("engine"));
    }

    private static List<String> requires(String module) throws IOException {
        Path info = PROJECT.resolve(module).resolve("src/main/java/module-info.java");
        return Pattern.compile("requires\\s+(transitive\\s+)?(static\\s+)?([\\w.]+);")
                .matcher(Files.readString(info))
                .results()
                .map(m -> m.group(3) + (m.group(2) == null ? "" : " (static)"))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .toList();
    }

    private static Stream<Path> javaFiles(String module) throws IOException {
        Path root = PROJECT.resolve(module).resolve("src/main/java");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> f.toString().endsWith(".java")).toList().stream();
        }
    }
}
