package ebbtide.openblas;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which OpenBLAS this program uses, looked for once and told in one log line. The first hit wins:
 * system property {@code ebbtide.openblas.library}, environment variable {@code EBBTIDE_OPENBLAS},
 * the system's library, the jar {@code org.bytedeco:openblas} with this platform's classifier. A
 * hit that fails a check is refused, and the Java kernels serve.
 */
public final class LibrarySelection {
    private final List<Place> places;
    private final SharedLibrary library;
    private final String verdict;

    private LibrarySelection(List<Place> places, SharedLibrary library, String verdict) {
        this.places = List.copyOf(places);
        this.library = library;
        this.verdict = verdict;
    }

    /** Returns the selection; the first call looks, checks and logs. */
    public static LibrarySelection selected() {
        return Holder.SELECTED;
    }

    private static final class Holder {
        static final LibrarySelection SELECTED = told(search(LibraryFinder.ofProcess()));
    }

    static LibrarySelection search(LibraryFinder finder) {
        Verdicts verdicts = Verdicts.of(finder.cache(), finder.environment());
        return of(finder.search(), verdicts, ChildProbe.ofProcess());
    }

    /** Judges the last of some places. */
    static LibrarySelection of(List<Place> places, Verdicts verdicts, ChildProbe probe) {
        Place last = places.getLast();
        if (!last.hit()) {
            return new LibrarySelection(places, null, "no OpenBLAS found; install one (Debian:"
                    + " libopenblas0), name one by -D" + LibraryFinder.PROPERTY
                    + "=<file>, or add the jar org.bytedeco:openblas");
        }
        if (last.library().isEmpty()) {
            return new LibrarySelection(places, null, "refused (" + last + ")");
        }
        Path file = last.library().get();
        try {
            SharedLibrary library = SharedLibrary.load(last.origin(), file, verdicts, probe);
            return new LibrarySelection(places, library, library.description.toString());
        } catch (UnusableLibraryException e) {
            return new LibrarySelection(places, null,
                    "refused %s (%s): %s".formatted(file, last.origin(), e.getMessage()));
        }
    }

    private static LibrarySelection told(LibrarySelection selection) {
        boolean hit = selection.places.getLast().hit();
        System.getLogger("ebbtide.openblas").log(
                selection.library == null && hit ? Level.WARNING : Level.INFO,
                "Ebbtide OpenBLAS: {0}", selection.verdict);
        return selection;
    }

    /** Returns where an OpenBLAS was looked for, up to the first hit. */
    public List<Place> places() {
        return places;
    }

    /** Returns the library that passed its checks, if there is one. */
    public Optional<LibraryDescription> library() {
        return Optional.ofNullable(library).map(loaded -> loaded.description);
    }

    /** Returns one line: the library in use, or why there is none. */
    public String verdict() {
        return verdict;
    }

    /**
     * Opens the selected library.
     *
     * @throws UnusableLibraryException if there is none, with {@link #verdict} as its message
     */
    public OpenBlas open() throws UnusableLibraryException {
        return open(OpenBlas.IN_PLACE_FLOPS);
    }

    /** Opens it with another limit for products in place. */
    OpenBlas open(double inPlaceFlops) throws UnusableLibraryException {
        return open(inPlaceFlops, Arena::ofShared);
    }

    /** The same with native memory from these arenas. */
    OpenBlas open(double inPlaceFlops, Supplier<Arena> arenas) throws UnusableLibraryException {
        return new OpenBlas(loaded(), inPlaceFlops, arenas);
    }

    SharedLibrary loaded() throws UnusableLibraryException {
        if (library == null) {
            throw UnusableLibraryException.passing(verdict);
        }
        return library;
    }
}
