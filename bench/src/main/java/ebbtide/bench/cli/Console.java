package ebbtide.bench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where a command writes. With JSON asked for, standard output carries the one JSON object and all else
 * goes to standard error.
 */
public final class Console {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;
    private final PrintStream err;

    /** Creates a console on two streams. */
    public Console(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Returns standard error. */
    public PrintStream err() {
        return err;
    }

    /** Prints a line of progress or remark, on standard error. */
    public void note(String format, Object... arguments) {
        err.println(format.formatted(arguments));
    }

    /** Prints a line of result: standard output, or standard error next to JSON. */
    public void say(boolean json, String format, Object... arguments) {
        results(json).println(String.format(Locale.ROOT, format, arguments));
    }

    /** Returns where results go that are not JSON: standard output, or standard error next to JSON. */
    public PrintStream results(boolean json) {
        return json ? err : out;
    }

    /** Prints {@code object} as one line of JSON. Figures that are not finite become null. */
    public void json(Map<String, ?> object) {
        try {
            out.println(JSON.writeValueAsString(JsonFigures.finite(object)));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new AssertionError("figures and text are always JSON", e);
        }
    }

    /**
     * Returns whether standard error is a terminal. Java cannot ask; the launcher says so in
     * {@code ebbtide.terminal}, and without it Linux's own list of open files tells.
     */
    public static boolean terminal() {
        String told = System.getProperty("ebbtide.terminal");
        if (told != null) {
            return Boolean.parseBoolean(told);
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
