package ebbtide.bench.data;

import ebbtide.bench.BadInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The numeric columns of a CSV file, one row per time step, oldest first. The first record names the
 * columns.
 *
 * @param name what messages call it
 * @param features the names of the input columns
 * @param target the name of the column to forecast
 * @param inputs values of the input columns, {@code inputs[row * features.size() + column]}
 * @param targets values of the target column
 * @param fingerprint digest of the file
 */
public record SeriesTable(
        String name,
        List<String> features,
        String target,
        double[] inputs,
        double[] targets,
        String fingerprint) {

    /**
     * Reads a file. Without {@code features} every numeric column is an input, the target's own past
     * included; a column whose first value is text is left out.
     *
     * @param features names of input columns, or an empty list
     * @throws BadInput if the file has holes, ragged rows, missing columns or values that are no numbers
     */
    public static SeriesTable read(Path file, String target, List<String> features) {
        byte[] bytes = TextCorpus.bytes(file);
        List<String[]> records = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        parse(file, bytes, records, lines);
        if (records.isEmpty()) {
            throw new BadInput(
                    "%s: expected a line of column names, got an empty file; name another one",
                    file);
        }
        if (records.size() == 1) {
            throw new BadInput("%s: expected rows after the column names, got none; add data",
                    file);
        }
        List<String> header = List.of(records.getFirst());
        int targetColumn = column(file, header, target);
        List<String> chosen = features.isEmpty() ? numeric(header, records.get(1)) : features;
        int rows = records.size() - 1;
        double[] inputs = new double[Math.multiplyExact(rows, chosen.size())];
        double[] targets = new double[rows];
        int[] columns = chosen.stream().mapToInt(c -> column(file, header, c)).toArray();
        for (int r = 0; r < rows; r++) {
            String[] record = records.get(r + 1);
            long line = lines.get(r + 1);
            targets[r] = number(file, line, target, record[targetColumn]);
            for (int c = 0; c < columns.length; c++) {
                inputs[r * columns.length + c] =
                        number(file, line, chosen.get(c), record[columns[c]]);
            }
        }
        return new SeriesTable(
                file.toString(), chosen, target, inputs, targets, Fingerprint.of(bytes));
    }

    private static void parse(
            Path file, byte[] bytes, List<String[]> records, List<Long> lines) {
        CSVFormat format =
                CSVFormat.DEFAULT.builder().setTrim(true).setIgnoreEmptyLines(false).get();
        String text = TextCorpus.decode(file, bytes);
        // A byte-order mark would become part of the first column's name.
        text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try (CSVParser parser = CSVParser.parse(text, format)) {
            long line = 1;
            for (CSVRecord record : parser) {
                int expected = records.isEmpty() ? record.size() : records.getFirst().length;
                if (record.size() != expected) {
                    throw new BadInput(
                            "%s, line %d: expected %d columns as in line 1, got %d; mend the row",
                            file, line, expected, record.size());
                }
                records.add(record.values());
                lines.add(line);
                line = parser.getCurrentLineNumber() + 1;
            }
        } catch (UncheckedIOException | IOException e) {
            throw new BadInput("%s: expected CSV, got: %s", file, oneLine(e.getMessage()));
        }
    }

    private static String oneLine(String message) {
        return String.valueOf(message).replaceAll("\\s+", " ");
    }

    private static int column(Path file, List<String> header, String name) {
        int column = header.indexOf(name);
        if (column < 0) {
            throw new BadInput(
                    "%s: expected a column named %s, got %s; check --target and --features",
                    file, name, String.join(", ", header));
        }
        if (header.lastIndexOf(name) != column) {
            throw new BadInput(
                    "%s: expected one column named %s, got two; rename one of them", file, name);
        }
        return column;
    }

    private static List<String> numeric(List<String> header, String[] first) {
        List<String> names = new ArrayList<>();
        for (int c = 0; c < first.length; c++) {
            // A hole in the first row is an error of that column, not a sign that it holds text.
            if (first[c].isEmpty() || isNumber(first[c])) {
                names.add(header.get(c));
            }
        }
        return List.copyOf(names);
    }

    private static boolean isNumber(String cell) {
        try {
            Double.parseDouble(cell);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static double number(Path file, long line, String column, String cell) {
        if (cell.isEmpty()) {
            throw new BadInput(
                    "%s, line %d, column %s: expected a number, got a hole; fill it or leave out the row",
                    file, line, column);
        }
        double value = isNumber(cell) ? Double.parseDouble(cell) : Double.NaN;
        if (!(Math.abs(value) <= Float.MAX_VALUE)) {
            throw new BadInput(
                    "%s, line %d, column %s: expected a number, got \"%s\"; mend it or choose --features",
                    file, line, column, oneLine(cell));
        }
        return value;
    }

    /** Returns the number of time steps. */
    public int rows() {
        return targets.length;
    }
}
