package ebbtide.bench.plot;

import ebbtide.engine.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
            svg rect { shape-rendering: crispEdges; }
            svg { width: 100%%; height: auto; }
            figcaption, .soft { color: var(--soft); font-size: 0.9rem; }
            .verdict { border-left: 4px solid #0072b2; padding: 0.2rem 1rem; }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.7rem; text-align: right;
                     white-space: nowrap; }
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
    /** Pieces of the page in order. Charts are drawn when the page is written, if it is. */
    private final List<Supplier<String>> body = new ArrayList<>();
    private final Map<String, Supplier<byte[]>> files = new LinkedHashMap<>();

    /** Starts a page. */
    public Report(String title) {
        this.title = title;
    }

    private void add(String format, String text) {
        body.add(() -> format.formatted(SvgElement.escape(text)));
    }

    /** Adds a heading. */
    public Report heading(String text) {
        add("<h2>%s</h2>", text);
        return this;
    }

    /** Adds a paragraph. */
    public Report text(String text) {
        add("<p>%s</p>", text);
        return this;
    }

    /** Adds a paragraph that stands out. */
    public Report verdict(String text) {
        add("<p class=\"verdict\"><strong>%s</strong></p>", text);
        return this;
    }

    /** Adds a chart; {@code name} is that of its PNG file. */
    public Report chart(String name, IChart chart, String caption) {
        files.put(name + ".png", () -> Charts.png(chart));
        body.add(
                () -> "<figure>%n%s%n<figcaption>%s <a href=\"%s.png\">PNG</a></figcaption>%n</figure>"
                        .formatted(Charts.svg(chart), SvgElement.escape(caption), name));
        return this;
    }

    /** Adds a table to the page, and its numbers as a CSV file {@code name}. */
    public Report table(String name, String caption, List<String> headers, List<List<?>> rows) {
        data(name, headers, rows);
        StringBuilder table = new StringBuilder("<div class=\"scroll\"><table><tr>");
        headers.forEach(h -> table.append("<th>" + SvgElement.escape(h) + "</th>"));
        table.append("</tr>\n");
        for (List<?> row : rows) {
            table.append("<tr>");
            row.forEach(v -> table.append("<td>" + SvgElement.escape(cell(v)) + "</td>"));
            table.append("</tr>\n");
        }
        body.add(table.append("</table></div>")::toString);
        add("<p class=\"soft\">%s <a href=\"" + name + ".csv\">CSV</a></p>", caption);
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
        add("<p class=\"soft\">%s <a href=\"" + name + ".csv\">CSV</a></p>", caption);
        return this;
    }

    private void data(String name, List<String> headers, List<List<?>> rows) {
        // CSVPrinter itself needs an annotation that is not on the class path.
        StringBuilder text = new StringBuilder(CSVFormat.RFC4180.format(headers.toArray()));
        rows.forEach(
                r -> text.append("\r\n").append(CSVFormat.RFC4180.format(r.toArray())));
        text.append("\r\n");
        files.put(name + ".csv", () -> text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes the page as one file: what it links to is in it as well.
     *
     * @throws IOException if the file cannot be written
     */
    public void writeAlone(Path file) throws IOException {
        String text = content();
        for (Map.Entry<String, Supplier<byte[]>> linked : files.entrySet()) {
            String type = linked.getKey().endsWith(".png") ? "image/png" : "text/csv";
            text = text.replace(
                    "href=\"%s\"".formatted(linked.getKey()),
                    "download=\"%s\" href=\"data:%s;base64,%s\"".formatted(
                            linked.getKey(), type,
                            Base64.getEncoder().encodeToString(linked.getValue().get())));
        }
        String page = PAGE.formatted(SvgElement.escape(title), text);
        write(file, page.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes {@code index.html} and all charts and data into {@code folder}, which is created.
     *
     * @throws IOException if a file cannot be written
     */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, Supplier<byte[]>> file : files.entrySet()) {
            write(folder.resolve(file.getKey()), file.getValue().get());
        }
        String page = PAGE.formatted(SvgElement.escape(title), content());
        write(folder.resolve("index.html"), page.getBytes(StandardCharsets.UTF_8));
    }

    private String content() {
        return body.stream().map(Supplier::get).collect(Collectors.joining("\n"));
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
