package ebbtide.bench;

/**
 * Input that the command cannot work with. The message is one line that names what was expected, what
 * was found and what to do; the command prints it to standard error and exits with code 2.
 */
public final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Creates the error from a format and its arguments. */
    public BadInput(String format, Object... arguments) {
        super(arguments.length == 0 ? format : format.formatted(arguments));
    }
}
