package ebbtide.bench.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under a head, for a terminal or for Markdown. Columns without any text are left out. */
final class TextTable {
    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(List<String> head) {
        this.head = List.copyOf(head);
    }

    void add(List<String> row) {
        if (row.size() != head.size()) {
            throw new IllegalArgumentException(
                    "row: expected %d cells, got %d".formatted(head.size(), row.size()));
        }
        rows.add(List.copyOf(row));
    }

    /** Returns lines with aligned columns, all but the first two to the right. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        all.addAll(rows);
        List<Integer> shown = shown();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int column : shown) {
                int width = all.stream().mapToInt(r -> r.get(column).length()).max().orElse(1);
                String form = column < 2 ? "%-" + width + "s" : "%" + width + "s";
                line.append(line.isEmpty() ? "" : "  ").append(form.formatted(row.get(column)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** Returns the table in Markdown. */
    String markdown() {
        List<Integer> shown = shown();
        StringBuilder text = new StringBuilder();
        text.append(line(head, shown)).append("|");
        shown.forEach(column -> text.append(column < 2 ? "---|" : "---:|"));
        text.append("\n");
        rows.forEach(row -> text.append(line(row, shown)));
        return text.toString();
    }

    private static String line(List<String> row, List<Integer> shown) {
        return "| " + String.join(" | ", shown.stream().map(row::get).toList()) + " |\n";
    }

    private List<Integer> shown() {
        List<Integer> shown = new ArrayList<>();
        for (int i = 0; i < head.size(); i++) {
            int column = i;
            if (rows.stream().anyMatch(row -> !row.get(column).isEmpty())) {
                shown.add(i);
            }
        }
        return shown;
    }
}
