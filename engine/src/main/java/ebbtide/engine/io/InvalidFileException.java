package ebbtide.engine.io;

import java.io.IOException;
import java.nio.file.Path;

/** A file was read but does not hold what it must; the message is one line and names the file. */
public final class InvalidFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param problem what was expected and what was found
     */
    public InvalidFileException(Path file, String problem) {
        super(printable(file + ": " + problem));
    }

    /** A lying file may put anything into a name; the message stays one line of bounded length. */
    private static String printable(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .limit(500)
                .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return line.toString();
    }
}
