package ebbtide.openblas;

import java.nio.file.Path;

/** The main class of the child process that meets a library first; see {@link ChildProbe}. */
final class Probe {
    static final String ACCEPTED = "ebbtide-probe: accepted";
    static final String REFUSED_LASTING = "ebbtide-probe: refused: ";
    static final String REFUSED_PASSING = "ebbtide-probe: refused now: ";

    private Probe() {}

    /** Checks the library at {@code arguments[0]} and prints the verdict in one line. */
    public static void main(String[] arguments) {
        try {
            Path library = Path.of(arguments[0]);
            explainLoading(library);
            LibraryCheck.check(LibraryLoader.load(library));
            System.out.println(ACCEPTED);
        } catch (UnusableLibraryException e) {
            System.out.println(
                    (e.isLasting() ? REFUSED_LASTING : REFUSED_PASSING) + e.getMessage());
        }
        System.out.flush();
        // A library's own clean-up at exit is not on trial.
        Runtime.getRuntime().halt(0);
    }

    /** System.load tells the loader's reason, which a SymbolLookup keeps to itself. */
    private static void explainLoading(Path library) throws UnusableLibraryException {
        LibraryLoader.loadCompanions(library);
        try {
            System.load(library.toString());
        } catch (UnsatisfiedLinkError e) {
            throw UnusableLibraryException.passing("cannot be loaded: "
                    + e.getMessage().replace(library + ": ", ""));
        }
    }
}
