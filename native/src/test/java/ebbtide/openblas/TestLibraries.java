package ebbtide.openblas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The libraries that the tests run against, and files that are none. */
final class TestLibraries {
    /** Kept between the tests of one build, so that each real library is probed once. */
    static final CacheFolder CACHE =
            new CacheFolder(Path.of("target", "test-cache").toAbsolutePath());

    private static final Path COMPILER = Path.of("/usr/bin/gcc");

    private TestLibraries() {}

    /** A finder that knows nothing but the jar on the test path. */
    static LibraryFinder finder(CacheFolder cache) {
        return new LibraryFinder(name -> null, name -> null, List.of(),
                List.of(TestLibraries.class.getClassLoader(), ClassLoader.getSystemClassLoader()),
                cache);
    }

    static Verdicts verdicts(CacheFolder cache) {
        return Verdicts.of(cache, System::getenv);
    }

    /** The OpenBLAS of the jar org.bytedeco:openblas. */
    static LibrarySelection jar() {
        Place place = finder(CACHE).jar();
        assume(place.hit(), "no jar for this platform: " + place);
        return LibrarySelection.of(List.of(place), verdicts(CACHE), ChildProbe.ofProcess());
    }

    /** The system's OpenBLAS; install Debian's with `apt-get install libopenblas0`. */
    static LibrarySelection system() {
        Place place = LibraryFinder.ofProcess().system();
        assume(place.hit(), "no system library; on Debian: apt-get install libopenblas0");
        return LibrarySelection.of(List.of(place), verdicts(CACHE), ChildProbe.ofProcess());
    }

    /** Compiles a shared library from C. */
    static Path compile(Path folder, String name, String source)
            throws IOException, InterruptedException {
        assume(Files.isExecutable(COMPILER), "no " + COMPILER + " to build stubs with");
        Path code = folder.resolve(name + ".c");
        Path library = folder.resolve(name + ".so");
        Files.writeString(code, source);
        Process gcc = new ProcessBuilder(COMPILER.toString(), "-shared", "-fPIC", "-w", "-o",
                library.toString(), code.toString()).inheritIO().start();
        if (gcc.waitFor() != 0) {
            throw new IOException("gcc failed on " + code);
        }
        return library;
    }

    /** Skips a test, and says so where a person sees it. */
    static void assume(boolean condition, String message) {
        if (!condition) {
            System.err.println("[SKIPPED] " + message);
        }
        Assumptions.assumeTrue(condition, message);
    }
}
