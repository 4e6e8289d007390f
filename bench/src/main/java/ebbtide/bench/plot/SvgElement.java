package ebbtide.bench.plot;

import java.awt.Color;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An SVG file of VectorGraphics2D as an element inside a page. */
final class SvgElement {
    private static final Pattern LINE = Pattern.compile(
            "\\s*<line style=\"([^\"]*)\" x1=\"([^\"]*)\" x2=\"([^\"]*)\" y1=\"([^\"]*)\" y2=\"([^\"]*)\"/>");
    private static final Pattern SIZE = Pattern.compile(
            "(?s)^.*?<svg [^>]*viewBox=\"([^\"]*)\"[^>]*>");
    private static final Pattern DIGITS = Pattern.compile("(\\d+\\.\\d\\d)\\d+");

    private SvgElement() {
    }

    /** Takes the background away and lets {@code ink} follow the colour of the page's text. */
    static String of(String file, String title, Color ink) {
        Matcher size = SIZE.matcher(file);
        if (!size.find()) {
            throw new IllegalArgumentException("expected an SVG file with a viewBox");
        }
        String head =
                "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"%s\" style=\"max-width: %spx\" viewBox=\"%s\">"
                        .formatted(
                                escape(title), size.group(1).split(" ")[2], size.group(1));
        String body = file.substring(size.end())
                .replaceFirst("\\s*<rect [^>]*fill:rgb\\(255,255,255\\);stroke:none[^>]*/>", "")
                .replace(
                        "rgb(%d,%d,%d)".formatted(ink.getRed(), ink.getGreen(), ink.getBlue()),
                        "currentColor");
        return DIGITS.matcher(head + joined(body)).replaceAll("$1");
    }

    /** A line of a chart comes segment by segment; a dash must not begin anew at each. */
    private static String joined(String body) {
        StringBuilder out = new StringBuilder();
        Matcher line = LINE.matcher(body);
        int end = 0;
        String open = "";
        while (line.find()) {
            String from = line.group(2) + "," + line.group(4);
            String to = line.group(3) + "," + line.group(5);
            boolean goesOn = line.start() == end && open.equals(line.group(1) + from);
            if (goesOn) {
                out.append(' ').append(to);
            } else {
                out.append(open.isEmpty() ? "" : "\"/>").append(body, end, line.start());
                out.append("\n<polyline style=\"%s\" points=\"%s %s"
                        .formatted(line.group(1), from, to));
            }
            open = line.group(1) + to;
            end = line.end();
        }
        return out.append(open.isEmpty() ? "" : "\"/>").append(body.substring(end)).toString();
    }

    /** Escapes text for HTML and SVG. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
