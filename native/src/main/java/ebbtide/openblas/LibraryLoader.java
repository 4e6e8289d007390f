package ebbtide.openblas;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads a library for the rest of the JVM's life. It is never unloaded: OpenBLAS has threads that
 * would go on running in code that is gone.
 */
final class LibraryLoader {
    /**
     * What an OpenBLAS needs of GCC's run-time libraries, in the order in which they need each
     * other. Those next to the library are loaded before it, because its own search path ($ORIGIN)
     * does not hold for what libgfortran needs in turn.
     */
    static final List<String> COMPANIONS = List.of(
            "libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.3", "libgfortran.so.4",
            "libgfortran.so.5");

    private LibraryLoader() {}

    static Bindings load(Path library) throws UnusableLibraryException {
        try {
            loadCompanions(library);
            return new Bindings(SymbolLookup.libraryLookup(library, Arena.global()));
        } catch (IllegalCallerException e) {
            throw UnusableLibraryException.passing("native access is denied; start java with"
                    + " --enable-native-access=ebbtide.openblas (on the class path: ALL-UNNAMED)");
        } catch (IllegalArgumentException e) {
            throw UnusableLibraryException.passing(
                    "cannot be loaded (%s); see `ldd` for what it needs".formatted(e.getMessage()));
        }
    }

    static void loadCompanions(Path library) {
        for (String name : COMPANIONS) {
            Path companion = library.resolveSibling(name);
            // Others in this process may need the system's libgcc_s, which is newer more often than
            // not, and once one of that name is loaded no second one will be.
            boolean loaded = name.startsWith("libgcc_s") && load(name);
            if (!loaded && Files.exists(companion)) {
                load(companion.toString());
            }
        }
    }

    /** One that does not load is no failure: the library itself may find another, or need none. */
    private static boolean load(String nameOrPath) {
        try {
            SymbolLookup.libraryLookup(nameOrPath, Arena.global());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
