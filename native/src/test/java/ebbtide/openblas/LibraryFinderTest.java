package ebbtide.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFinderTest {
    @TempDir
    Path folder;

    private List<Place> search(Map<String, String> properties, Map<String, String> variables,
            List<Path> folders) {
        LibraryFinder jarOnly = TestLibraries.finder(TestLibraries.CACHE);
        return new LibraryFinder(properties::get, variables::get, folders, jarOnly.loaders(),
                jarOnly.cache()).search();
    }

    @Test
    void firstHitWins() throws Exception {
        Path system = Files.createFile(folder.resolve("libopenblas.so.0"));
        Map<String, String> properties = Map.of(LibraryFinder.PROPERTY, "/a/one.so");
        Map<String, String> variables = Map.of(LibraryFinder.VARIABLE, "/b/two.so");
        Map<String, String> none = Map.of();

        List<Place> first = search(properties, variables, List.of(folder));
        assertEquals(List.of("system property ebbtide.openblas.library: /a/one.so"), lines(first));
        List<Place> second = search(none, variables, List.of(folder));
        assertEquals(
                List.of("system property ebbtide.openblas.library: not set",
                        "environment variable EBBTIDE_OPENBLAS: /b/two.so"),
                lines(second));
        List<Place> third = search(none, none, List.of(folder.resolve("none"), folder));
        assertEquals(3, third.size());
        assertEquals("system library: " + system, third.getLast().toString());
        List<Place> fourth = search(Map.of(LibraryFinder.PROPERTY, " "), none, List.of());
        TestLibraries.assume(fourth.getLast().hit(), "no jar for this platform");
        assertEquals(4, fourth.size());
        assertTrue(fourth.getLast().origin().startsWith("jar org.bytedeco:openblas:linux-"));
        assertTrue(fourth.getLast().library().get().startsWith(TestLibraries.CACHE.path()));
    }

    private static List<String> lines(List<Place> places) {
        return places.stream().map(Place::toString).toList();
    }

    @Test
    void nothingFound() {
        LibraryFinder finder = new LibraryFinder(name -> null, name -> null, List.of(folder),
                List.of(ClassLoader.getPlatformClassLoader()), TestLibraries.CACHE);
        LibrarySelection selection = LibrarySelection.search(finder);
        assertEquals(4, selection.places().size());
        assertTrue(selection.places().stream().noneMatch(Place::hit));
        assertTrue(selection.library().isEmpty());
        assertTrue(selection.verdict().startsWith("no OpenBLAS found; install one"),
                selection.verdict());
    }

    @Test
    void namedFileThatIsNotThereIsRefusedAndNotReplaced() {
        LibraryFinder finder = new LibraryFinder(
                Map.of(LibraryFinder.PROPERTY, folder + "/none.so")::get, name -> null,
                LibraryFinder.ofProcess().folders(), List.of(), TestLibraries.CACHE);
        LibrarySelection selection = LibrarySelection.search(finder);
        assertTrue(selection.library().isEmpty());
        assertEquals("refused " + folder + "/none.so (system property ebbtide.openblas.library):"
                + " there is no such file", selection.verdict());
    }

    @Test
    void cacheFolderFollowsTheSurroundings() {
        assertEquals(Path.of("/x/ebbtide"), CacheFolder.ofUser(name -> "/x", "/home/u").path());
        Path home = Path.of("/home/u/.cache/ebbtide");
        assertEquals(home, CacheFolder.ofUser(name -> null, "/home/u").path());
        assertEquals(home, CacheFolder.ofUser(name -> "relative", "/home/u").path());
        for (String homeless : List.of("", "?")) {
            Path path = CacheFolder.ofUser(name -> null, homeless).path();
            assertTrue(path.isAbsolute());
            assertFalse(Files.exists(path));
        }
    }

    @Test
    void selectedOnceForTheProcess() {
        LibrarySelection selected = LibrarySelection.selected();
        assertEquals(selected, LibrarySelection.selected());
        assertEquals(selected.library().isPresent(), selected.places().getLast().hit());
    }
}
