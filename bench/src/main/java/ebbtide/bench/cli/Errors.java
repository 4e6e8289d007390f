package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Exit codes, and errors as one line on standard error. */
public final class Errors {
    /** All done. */
    public static final int DONE = 0;
    /** A check failed. */
    public static final int FAILED = 1;
    /** Input that the command cannot work with. */
    public static final int BAD_INPUT = 2;
    /** Stopped by Ctrl-C, after saving. */
    public static final int INTERRUPTED = 130;

    private final PrintStream err;

    /** Creates handlers that print to {@code err}. */
    public Errors(PrintStream err) {
        this.err = err;
    }

    /** Answers unknown options and values of the wrong kind. */
    public int parameters(ParameterException e, String[] arguments) {
        return line(
                "%s; see %s --help".formatted(
                        e.getMessage(), e.getCommandLine().getCommandSpec().qualifiedName()));
    }

    /** Answers exceptions of a command; those that are nobody's input keep their trace. */
    public int execution(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof BadInput || e instanceof IllegalArgumentException) {
            return line(e.getMessage());
        }
        e.printStackTrace(err);
        return FAILED;
    }

    /** Answers a heap that is too small. */
    public int memory() {
        return line(
                "expected a run that fits into %d MB of heap, this one does not; lower --hidden, --batch"
                        .formatted(Runtime.getRuntime().maxMemory() >> 20)
                        + " or --bptt, or raise the heap with JDK_JAVA_OPTIONS=-Xmx8g");
    }

    private int line(String message) {
        err.println("ebbtide: " + message.replaceAll("\\s*\\R\\s*", " "));
        return BAD_INPUT;
    }
}
