package ebbtide.bench.plot;

import ebbtide.engine.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.knowm.xchart.internal.chartpart.IChart;

/**
 * A page in the making: words, charts and tables. It is written as one HTML file that needs nothing from
 * the network, with each chart in it as SVG and next to it as PNG, and each table as CSV.
 */
public final class Report {
    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            <style>
            :root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --line: #d0d7de; --soft: #57606a; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6edf3; --paper: #15181c; --line: #3d444d; --soft: #9da7b3; }
            }
            body { color: var(--ink); background: var(--paper); font: 16px/1.55 system-ui, sans-serif;
                   max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
            h1, h2 { line-height: 1.25; }
            figure { margin: 1.5rem 0; }
            svg { width: 100%%; height: auto; }
            figcaption, .soft { color: var(--soft); font-size: 0.9rem; }
            .verdict { border-left: 4px solid #0072b2; padding: 0.2rem 1rem; }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.7rem; text-align: right; }
            th:first-child, td:first-child { text-align: left; }
            a { color: inherit; }
            </style>
            </head>
            <body>
            <h1>%1$s</h1>
            %2$s
            </body>
            </html>
            """;

    private final String title;
    private final StringBuilder body = new StringBuilder();
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /** Starts a page. */
    public Report(String title) {
        this.title = title;
    }

    /** Adds a heading. */
    public Report heading(String text) {
        body.append("<h2>%s</h2>%n".formatted(SvgElement.escape(text)));
        return this;
    }

    /** Adds a paragraph. */
    public Report text(String text) {
        body.append("<p>%s</p>%n".formatted(SvgElement.escape(text)));
        return this;
    }

    /** Adds a paragraph that stands out. */
    public Report verdict(String text) {
        body.append("<p class=\"verdict\"><strong>%s</strong></p>%n"
                .formatted(SvgElement.escape(text)));
        return this;
    }

    /** Adds a chart; {@code name} is that of its PNG file. */
    public Report chart(String name, IChart chart, String caption) {
        files.put(name + ".png", Charts.png(chart));
        body.append(
                "<figure>%n%s%n<figcaption>%s <a href=\"%s.png\">PNG</a></figcaption>%n</figure>%n"
                        .formatted(Charts.svg(chart), SvgElement.escape(caption), name));
        return this;
    }

    /** Adds a table to the page, and its numbers as a CSV file {@code name}. */
    public Report table(String name, String caption, List<String> headers, List<List<?>> rows) {
        data(name, headers, rows);
        body.append("<div class=\"scroll\"><table><tr>");
        headers.forEach(h -> body.append("<th>" + SvgElement.escape(h) + "</th>"));
        body.append("</tr>\n");
        for (List<?> row : rows) {
            body.append("<tr>");
            row.forEach(v -> body.append("<td>" + SvgElement.escape(cell(v)) + "</td>"));
            body.append("</tr>\n");
        }
        body.append("</table></div>\n<p class=\"soft\">%s <a href=\"%s.csv\">CSV</a></p>%n"
                .formatted(SvgElement.escape(caption), name));
        return this;
    }

    private static String cell(Object value) {
        return value instanceof Double d ? number(d) : String.valueOf(value);
    }

    /** Returns a number as tables show it. */
    public static String number(double value) {
        double size = Math.abs(value);
        boolean plain = size == 0 || size >= 1e-3 && size < 1e5;
        return String.format(Locale.ROOT, plain ? "%.4g" : "%.2e", value)
                .replaceFirst("(\\.\\d*?)0+$", "$1").replaceFirst("\\.$", "");
    }

    /** Adds a link to data that no table shows. */
    public Report link(String name, String caption, List<String> headers, List<List<?>> rows) {
        data(name, headers, rows);
        body.append("<p class=\"soft\">%s <a href=\"%s.csv\">CSV</a></p>%n"
                .formatted(SvgElement.escape(caption), name));
        return this;
    }

    private void data(String name, List<String> headers, List<List<?>> rows) {
        // CSVPrinter itself needs an annotation that is not on the class path.
        StringBuilder text = new StringBuilder(CSVFormat.RFC4180.format(headers.toArray()));
        rows.forEach(
                r -> text.append("\r\n").append(CSVFormat.RFC4180.format(r.toArray())));
        text.append("\r\n");
        files.put(name + ".csv", text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes {@code index.html} and all charts and data into {@code folder}, which is created.
     *
     * @throws IOException if a file cannot be written
     */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            write(folder.resolve(file.getKey()), file.getValue());
        }
        String page = PAGE.formatted(SvgElement.escape(title), body);
        write(folder.resolve("index.html"), page.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Path file, byte[] content) throws IOException {
        AtomicFile.write(file, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }
}
