package ebbtide.openblas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One loaded OpenBLAS, shared by every {@link OpenBlas} of this process that uses the same file:
 * its number of threads and its table of work buffers are the process's.
 */
final class SharedLibrary {
    /**
     * The most callers at once. The table has at least 50 entries in every build (NUM_BUFFERS in
     * OpenBLAS's common.h), and other code in the process may call too.
     */
    static final int MOST_CALLERS = 32;

    private static final Map<String, SharedLibrary> LOADED = new HashMap<>();

    final Bindings bindings;
    final LibraryDescription description;
    final int cap;
    final Callers callers;

    private int users;
    private int threadsBefore;

    private SharedLibrary(Bindings bindings, LibraryDescription description) {
        this.bindings = bindings;
        this.description = description;
        // Whether a sequential build has locks around the table, it does not tell.
        cap = description.threading().equals("sequential")
                ? 1
                : Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_CALLERS);
        callers = new Callers(cap);
    }

    /**
     * Checks a file without loading it, lets a child process try it if nobody did before, and loads
     * it.
     */
    static SharedLibrary load(String origin, Path file, Verdicts verdicts, ChildProbe probe)
            throws UnusableLibraryException {
        String sha256;
        Path path;
        try {
            path = file.toRealPath();
            if (!Files.isRegularFile(path)) {
                throw UnusableLibraryException.passing("expected a file, got a folder or device");
            }
            if (System.getProperty("os.name").equals("Linux")) {
                ElfFile.check(path, System.getProperty("os.arch"));
            }
            sha256 = Checksum.of(path);
        } catch (NoSuchFileException e) {
            throw UnusableLibraryException.passing("there is no such file");
        } catch (IOException e) {
            throw UnusableLibraryException.passing("cannot be read: " + e);
        }
        synchronized (LOADED) {
            SharedLibrary library = LOADED.get(sha256);
            if (library == null) {
                tryOut(path, sha256, verdicts, probe);
                library = loadHere(origin, path, sha256);
                LOADED.put(sha256, library);
            }
            return library;
        }
    }

    private static void tryOut(Path path, String sha256, Verdicts verdicts, ChildProbe probe)
            throws UnusableLibraryException {
        if (verdicts.accepted(sha256)) {
            return;
        }
        try {
            probe.check(path);
        } catch (UnusableLibraryException e) {
            if (e.isLasting()) {
                verdicts.remember(sha256, Optional.of(e.getMessage()));
            }
            throw e;
        }
        verdicts.remember(sha256, Optional.empty());
    }

    private static SharedLibrary loadHere(String origin, Path path, String sha256)
            throws UnusableLibraryException {
        Bindings bindings = LibraryLoader.load(path);
        LibraryCheck.Answers answers = LibraryCheck.check(bindings);
        return new SharedLibrary(bindings, new LibraryDescription(
                origin, path, sha256, answers.version(), answers.core(), answers.threading(),
                answers.maxThreads(), answers.config()));
    }

    /** Counts a user in; the first one pins the library to one thread. */
    synchronized void retain() {
        if (users++ == 0) {
            threadsBefore = bindings.threads();
            bindings.threads(1);
        }
    }

    /** Counts a user out; the last one gives the library back the threads that it had. */
    synchronized void release() {
        if (--users == 0) {
            bindings.threads(threadsBefore);
        }
    }
}
