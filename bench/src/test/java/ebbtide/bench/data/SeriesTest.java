package ebbtide.bench.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.bench.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesTest {
    @TempDir
    private Path folder;

    private SeriesTable table(String text, String target, String... features) {
        try {
            Path file = Files.writeString(folder.resolve("series.csv"), text);
            return SeriesTable.read(file, target, List.of(features));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void numericColumnsAreTheInputs() {
        SeriesTable table = table("day,load,sun\nmon, 1 ,4\ntue,2,5e0\nwed,3,-6\n", "load");
        assertEquals(List.of("load", "sun"), table.features());
        assertArrayEquals(new double[] {1, 4, 2, 5, 3, -6}, table.inputs());
        assertArrayEquals(new double[] {1, 2, 3}, table.targets());
        assertEquals(List.of("sun"), table("day,load,sun\r\nx,1,2\r\n", "load", "sun").features());
    }

    @Test
    void quotesAndByteOrderMarks() {
        SeriesTable table = table("\uFEFF\"a,b\",c\n\"1\",2", "a,b");
        assertArrayEquals(new double[] {1}, table.targets());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a,b;1,2;3,             | line 3, column b: expected a number, got a hole
            a,b;1,;3,4             | line 2, column b: expected a number, got a hole
            a,b;1,2;x,4            | line 3, column a: expected a number, got "x"
            a,b;1,2;NaN,4          | line 3, column a: expected a number, got "NaN"
            a,b;1,2;1e99,4         | line 3, column a: expected a number, got "1e99"
            a,b;1,2;3              | line 3: expected 2 columns as in line 1, got 1
            a,b;1,2;3,4,5          | line 3: expected 2 columns as in line 1, got 3
            a,b;1,2;;3,4           | line 3: expected 2 columns as in line 1, got 1
            a,b                    | expected rows after the column names, got none
            b,c;1,2                | expected a column named a, got b, c
            a,a;1,2                | expected one column named a, got two
            a,b;"1,2               | expected CSV, got
            """, quoteCharacter = '\'')
    void badTables(String text, String expected) {
        BadInput error = assertThrows(BadInput.class, () -> table(text.replace(';', '\n'), "a"));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void scalingIsLearntOnTheTrainingPart() {
        StringBuilder text = new StringBuilder("a\n");
        for (int i = 0; i < 20; i++) {
            text.append(i < 10 ? i % 2 : 1000).append('\n');
        }
        SeriesSource source = new SeriesSource(table(text.toString(), "a"), 3, 2, 1, 0.5, 0);
        Window window = new Window(source);
        source.train(0, window);
        for (float x : window.x) {
            assertTrue(Math.abs(x) == 1f, "mean 0.5 and deviation 0.5 of the first ten, got " + x);
        }
        assertEquals(4, source.validationWindows(), "rows 10 to 19, three at a time");
    }

    @Test
    void validationForecastsEachLaterRowOnce() {
        StringBuilder text = new StringBuilder("a\n");
        for (int i = 0; i < 20; i++) {
            text.append(i * i).append('\n');
        }
        SeriesSource source = new SeriesSource(table(text.toString(), "a"), 3, 4, 2, 0.5, 0);
        Window window = new Window(source);
        Score score = source.score();
        double absolutes = 0;
        double squares = 0;
        for (int i = 0; i < source.validationWindows(); i++) {
            source.validation(i, window);
            score.add(window, new Outputs(new float[4 * 3], 1, 1), 0);
        }
        for (int row = 10; row < 20; row++) {
            double change = row * row - (row - 2) * (row - 2);
            absolutes += change;
            squares += change * change;
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        score.report(figures);
        assertEquals(10L, figures.get("forecasts"));
        assertEquals(absolutes / 10, (double) figures.get("persistenceMae"), 1e-4);
        assertEquals(Math.sqrt(squares / 10), (double) figures.get("persistenceRmse"), 1e-4);
        assertEquals(figures.get("persistenceRmse"), figures.get("rmse"),
                "an output of 0 is persistence");
    }

    @Test
    void trainingNeverSeesLaterTargets() {
        StringBuilder text = new StringBuilder("a\n");
        for (int i = 0; i < 40; i++) {
            text.append(i < 20 ? 1 + i % 3 : 1e6).append('\n');
        }
        SeriesSource source = new SeriesSource(table(text.toString(), "a"), 5, 3, 4, 0.5, 7);
        Window window = new Window(source);
        for (int update = 0; update < 200; update++) {
            source.train(update, window);
            for (float value : window.values) {
                assertTrue(Math.abs(value) < 10, "a target from beyond the split: " + value);
            }
        }
    }

    @Test
    void tooFewRows() {
        SeriesTable table = table("a\n1\n2\n3\n", "a");
        BadInput error =
                assertThrows(BadInput.class, () -> new SeriesSource(table, 1, 8, 1, 0.9, 0));
        assertTrue(error.getMessage().contains("got 3"), error.getMessage());
    }
}
