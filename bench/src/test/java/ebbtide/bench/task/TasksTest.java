package ebbtide.bench.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Judge;
import ebbtide.bench.data.Outputs;
import ebbtide.bench.data.Window;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TasksTest {
    private static final int BATCH = 50;

    private static TaskSource source(String name, int length) {
        return new TaskSource(Tasks.of(name, length), BATCH, 3);
    }

    @Test
    void addingAsHochreiterAndSchmidhuber() {
        TaskSource source = source("adding", 40);
        Window window = new Window(source);
        assertEquals(44, window.steps);
        boolean[] lengths = new boolean[45];
        double squares = 0;
        for (int update = 0; update < 400; update++) {
            source.train(update, window);
            for (int b = 0; b < BATCH; b++) {
                int length = checkAdding(window, b);
                lengths[length] = true;
                double off = window.values[(length - 1) * BATCH + b] - 0.5;
                squares += off * off;
            }
        }
        for (int length = 40; length <= 44; length++) {
            assertTrue(lengths[length], "no sequence of " + length + " steps");
        }
        assertEquals(source.task().baseline(), squares / (400 * BATCH), 1e-3);
    }

    private static int checkAdding(Window window, int b) {
        int length = 0;
        int marked = 0;
        float sum = 0;
        for (int t = 0; t < window.steps; t++) {
            float value = window.x[2 * (t * BATCH + b)];
            float marker = window.x[2 * (t * BATCH + b) + 1];
            assertTrue(value >= -1 && value <= 1);
            if (marker == 1) {
                assertTrue(t < 20, "the second mark is among the first T/2 - 1 unmarked pairs");
                assertTrue(marked > 0 || t < 19);
                assertTrue(t > 0 || value == 0, "a marked first pair has the value 0");
                marked++;
                sum += value;
            } else {
                boolean end = t == 0 || window.mask[t * BATCH + b] == 1;
                assertEquals(end ? -1 : 0, marker, 0);
            }
            length = window.mask[t * BATCH + b] == 1 ? t + 1 : length;
            assertTrue(length == 0 || t < length || value == 0, "zeros follow the last step");
        }
        assertEquals(2, marked);
        assertEquals(0.5f + sum / 4, window.values[(length - 1) * BATCH + b], 1e-6f);
        return length;
    }

    @Test
    void addingIsSolvedByTheLast2000Sequences() {
        TaskSource source = source("adding", 20);
        Window window = new Window(source);
        Judge judge = source.judge();
        for (int update = 0; update < 40; update++) {
            assertFalse(judge.satisfied(), "2000 sequences are 40 windows");
            source.train(update, window);
            judge.watch(window, answers(window, 0.009f));
        }
        assertTrue(judge.satisfied());
        judge.watch(window, answers(window, 0.039f));
        assertTrue(judge.satisfied(), "right, and the mean is 0.00975");
        judge.watch(window, answers(window, 0.039f));
        assertFalse(judge.satisfied(), "the mean is 0.0105");
        for (int update = 0; update < 40; update++) {
            judge.watch(window, answers(window, 0.001f));
        }
        assertTrue(judge.satisfied());
        judge.watch(window, answers(window, Float.NaN));
        assertFalse(judge.satisfied());
    }

    private static Outputs answers(Window window, float error) {
        float[] array = new float[window.values.length];
        for (int i = 0; i < array.length; i++) {
            array[i] = window.values[i] + error;
        }
        return new Outputs(array, 1, 1);
    }

    @Test
    void temporalOrderAsPascanu() {
        TaskSource source = source("temporal-order", 50);
        Window window = new Window(source);
        int[] classes = new int[4];
        for (int update = 0; update < 40; update++) {
            source.train(update, window);
            for (int b = 0; b < BATCH; b++) {
                int[] places = symbols(window, b, 0, 1);
                assertEquals(2, places.length);
                assertTrue(places[0] >= 5 && places[0] < 10 && places[1] >= 25 && places[1] < 30);
                int first = window.tokens[places[0] * BATCH + b];
                int second = window.tokens[places[1] * BATCH + b];
                assertEquals(first + 2 * second, window.classes[49 * BATCH + b]);
                classes[first + 2 * second]++;
            }
            assertLossOnlyAtTheEnd(window);
        }
        for (int count : classes) {
            assertEquals(500, count, 100);
        }
        assertEquals(Math.log(4), source.task().baseline());
    }

    private static int[] symbols(Window window, int b, int low, int high) {
        return IntStream.range(0, window.steps)
                .filter(t -> window.tokens[t * BATCH + b] >= low)
                .filter(t -> window.tokens[t * BATCH + b] <= high)
                .toArray();
    }

    private static void assertLossOnlyAtTheEnd(Window window) {
        float[] expected = new float[window.mask.length];
        Arrays.fill(expected, expected.length - BATCH, expected.length, 1f);
        assertArrayEquals(expected, window.mask);
    }

    @Test
    void copyAsArjovsky() {
        TaskSource source = source("copy", 7);
        Window window = new Window(source);
        source.train(0, window);
        assertEquals(27, window.steps);
        for (int b = 0; b < BATCH; b++) {
            for (int t = 0; t < 27; t++) {
                int token = window.tokens[t * BATCH + b];
                if (t < 10) {
                    assertTrue(token < 8);
                    assertEquals(token, window.classes[(17 + t) * BATCH + b]);
                } else {
                    // Ten symbols, T - 1 = 6 blanks, the delimiter, ten blanks.
                    assertEquals(t == 16 ? 9 : 8, token);
                }
                if (t < 17) {
                    assertEquals(8, window.classes[t * BATCH + b]);
                }
                assertEquals(1, window.mask[t * BATCH + b]);
            }
        }
        assertEquals(10 * Math.log(8) / 27, source.task().baseline());
    }

    @Test
    void latchAsBengio() {
        TaskSource source = source("latch", 20);
        Window window = new Window(source);
        double squares = 0;
        int positive = 0;
        for (int update = 0; update < 100; update++) {
            source.train(update, window);
            for (int b = 0; b < BATCH; b++) {
                float sign = window.x[b];
                assertEquals(1, Math.abs(sign));
                assertEquals(sign, window.x[BATCH + b]);
                assertEquals(sign, window.x[2 * BATCH + b]);
                assertEquals(0.8f * sign, window.values[19 * BATCH + b]);
                positive += sign > 0 ? 1 : 0;
                for (int t = 3; t < 20; t++) {
                    squares += window.x[t * BATCH + b] * window.x[t * BATCH + b];
                }
            }
            assertLossOnlyAtTheEnd(window);
        }
        assertEquals(0.2, squares / (100 * BATCH * 17), 0.005, "variance of the noise");
        assertEquals(2500, positive, 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adding", "temporal-order", "copy", "latch"})
    void sequencesDependOnSeedPurposeAndNumberAlone(String name) {
        TaskSource one = source(name, 20);
        TaskSource two = source(name, 20);
        Window a = new Window(one);
        Window b = new Window(two);
        one.train(0, a);
        one.train(1, a);
        two.validation(3, b);
        two.train(1, b);
        assertArrayEquals(a.x, b.x);
        assertArrayEquals(a.tokens, b.tokens);
        assertArrayEquals(a.values, b.values);
        assertArrayEquals(a.classes, b.classes);
        two.validation(1, b);
        assertFalse(Arrays.equals(a.x, b.x) && Arrays.equals(a.tokens, b.tokens));
        two.test(1, a);
        assertFalse(Arrays.equals(a.x, b.x) && Arrays.equals(a.tokens, b.tokens));
        TaskSource other = new TaskSource(Tasks.of(name, 20), BATCH, 4);
        one.train(1, a);
        other.train(1, b);
        assertFalse(Arrays.equals(a.x, b.x) && Arrays.equals(a.tokens, b.tokens));
    }

    @ParameterizedTest
    @ValueSource(strings = {"adding", "temporal-order", "copy", "latch"})
    void lengthsThatDoNotSuit(String name) {
        BadInput error = assertThrows(BadInput.class, () -> Tasks.of(name, 0));
        assertTrue(error.getMessage().startsWith("--length: expected at least"));
    }

    @Test
    void answersAreCounted() {
        TaskSource source = source("copy", 5);
        Window window = new Window(source);
        source.train(0, window);
        float[] logits = new float[window.classes.length * 10];
        for (int r = 0; r < window.classes.length; r++) {
            logits[r * 10 + window.classes[r]] = 1;
        }
        Outputs right = new Outputs(logits, 10, 10);
        assertEquals(10, source.task().right(window, 0, right));
        int last = (window.steps - 1) * BATCH;
        logits[last * 10 + 8] = 2;
        assertEquals(9, source.task().right(window, 0, right));
        assertTrue(source.task().solved(0.991));
        assertFalse(source.task().solved(0.99));
    }
}
