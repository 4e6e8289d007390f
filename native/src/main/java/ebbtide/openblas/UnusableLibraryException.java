package ebbtide.openblas;

/** No OpenBLAS can serve; the message says in one line why, and what mends it. */
public final class UnusableLibraryException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    private UnusableLibraryException(String message, boolean lasting) {
        super(message.replaceAll("\\s*\\R\\s*", " ").strip());
        this.lasting = lasting;
    }

    /** A property of the file itself: the same file is refused again without being asked. */
    static UnusableLibraryException lasting(String message) {
        return new UnusableLibraryException(message, true);
    }

    /** Something around the file (a missing dependency, a busy machine), which may mend. */
    static UnusableLibraryException passing(String message) {
        return new UnusableLibraryException(message, false);
    }

    boolean isLasting() {
        return lasting;
    }
}
