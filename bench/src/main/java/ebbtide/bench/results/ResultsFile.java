package ebbtide.bench.results;

import ebbtide.bench.BadInput;
import ebbtide.engine.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Markdown file whose sections are written by commands, each by its own: section NAME is what stands
 * between a line {@code <!-- begin NAME -->} and a line {@code <!-- end NAME -->}. All else in the file,
 * other sections and whatever people write around them, stays as it is.
 */
public final class ResultsFile {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    private final Path path;

    /** Names the file, which need not exist. */
    public ResultsFile(Path path) {
        this.path = path;
    }

    /**
     * Replaces a section, or appends it if there is none of this name. The file is written whole or not
     * at all.
     *
     * @param name lower case letters, digits and hyphens
     * @param markdown the section with its own heading
     * @throws BadInput if the file has one of the two marks of this section and not the other, or has
     *     one twice
     * @throws IOException if the file cannot be read or written
     */
    public void replace(String name, String markdown) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "section: expected lower case letters, digits and hyphens, got " + name);
        }
        String old = Files.exists(path) ? Files.readString(path) : "";
        String text = with(old, name, markdown.strip());
        AtomicFile.write(path, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /**
     * Returns whether there is a section of this name.
     *
     * @throws IOException if the file cannot be read
     */
    public boolean has(String name) throws IOException {
        return Files.exists(path) && mark("begin", name).matcher(Files.readString(path)).find();
    }

    private String with(String old, String name, String markdown) {
        Matcher begin = mark("begin", name).matcher(old);
        Matcher end = mark("end", name).matcher(old);
        String section = "<!-- begin %s -->\n%s\n<!-- end %s -->".formatted(name, markdown, name);
        boolean begins = begin.find();
        boolean ends = end.find(begins ? begin.end() : 0);
        if (!begins && !ends) {
            String before = old.strip();
            return (before.isEmpty() ? "" : before + "\n\n") + section + "\n";
        }
        if (!begins || !ends || begin.find() || end.find()) {
            throw new BadInput(
                    "%s: expected <!-- begin %s --> and <!-- end %s --> once each, in this order, got"
                            + " others; mend or remove them",
                    path, name, name);
        }
        // Found again, since the searches for a second mark have moved on.
        begin.reset();
        end.reset();
        begin.find();
        end.find();
        return old.substring(0, begin.start()) + section + old.substring(end.end());
    }

    private static Pattern mark(String kind, String name) {
        return Pattern.compile("^<!-- " + kind + " " + name + " -->[ \\t]*$", Pattern.MULTILINE);
    }
}
