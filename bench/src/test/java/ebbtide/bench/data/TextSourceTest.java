package ebbtide.bench.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.bench.BadInput;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextSourceTest {
    private static final String LETTERS = "abcdefghijklmnopqrst";

    private static TextSource source(String text, int batch, int steps, int shift, double share) {
        return new TextSource(TextCorpus.of("test", text), batch, steps, shift, share);
    }

    private static String letters(int[] tokens) {
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(LETTERS.charAt(token));
        }
        return text.toString();
    }

    @Test
    void streamsByHand() {
        // The training part abcdefghij gives the streams abcd and efgh, whose next letters are bcde and
        // fghi; rows are steps, then streams.
        TextSource source = source(LETTERS, 2, 2, 2, 0.5);
        Window window = new Window(source);
        String[] inputs = {"aebf", "cgdh", "aebf"};
        String[] targets = {"bfcg", "dhei", "bfcg"};
        for (int update = 0; update < 3; update++) {
            source.train(update, window);
            assertEquals(inputs[update], letters(window.tokens));
            assertEquals(targets[update], letters(window.classes));
            assertEquals(update != 1, window.fresh, "only the second window carries a state");
            assertArrayEquals(new float[] {1, 1, 1, 1}, window.mask);
        }
        assertEquals(1, source.validationWindows());
        source.validation(0, window);
        assertEquals("kolp", letters(window.tokens));
        assertEquals("lpmq", letters(window.classes));
        assertTrue(window.fresh);
    }

    @Test
    void windowsThatOverlapCountOnlyTheirNewSteps() {
        TextSource source = source(LETTERS, 1, 4, 2, 0.5);
        Window window = new Window(source);
        source.train(0, window);
        assertEquals("abcd", letters(window.tokens));
        assertArrayEquals(new float[] {1, 1, 1, 1}, window.mask);
        source.train(1, window);
        assertEquals("cdef", letters(window.tokens));
        assertFalse(window.fresh);
        assertArrayEquals(new float[] {0, 0, 1, 1}, window.mask);
        source.train(2, window);
        assertEquals("efgh", letters(window.tokens));
        source.train(3, window);
        assertEquals("abcd", letters(window.tokens), "ghij has no letter after it in its stream");
        assertTrue(window.fresh);
        assertEquals(2, source.itemsPerUpdate());
    }

    /** The loops of shared/peers/charlm_torch.py, index for index. */
    @Test
    void windowsOfThePyTorchProgram() {
        Random random = new Random(1);
        for (int trial = 0; trial < 50; trial++) {
            int batch = 1 + random.nextInt(5);
            int steps = 1 + random.nextInt(7);
            int length = 400 + random.nextInt(300);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.append((char) ('a' + random.nextInt(20)));
            }
            TextSource source = source(text.toString(), batch, steps, steps, 0.9);
            int[] data = source.corpus().tokens();
            int n = (int) (length * 0.9);
            comparePeerTraining(source, data, n);
            comparePeerValidation(source, data, n, length);
        }
    }

    private static void comparePeerTraining(TextSource source, int[] data, int n) {
        Window window = new Window(source);
        int streams = (n - 1) / window.batch;
        int pos = 0;
        for (int update = 0; update < 200; update++) {
            boolean fresh = update == 0;
            if (pos + window.steps > streams) {
                pos = 0;
                fresh = true;
            }
            source.train(update, window);
            assertEquals(fresh, window.fresh);
            compareWindow(window, data, 0, streams, pos);
            pos += window.steps;
        }
    }

    private static void comparePeerValidation(TextSource source, int[] data, int n, int length) {
        Window window = new Window(source);
        int streams = (length - n - 1) / window.batch;
        int count = 0;
        for (int p = 0; p < streams - window.steps; p += window.steps) {
            source.validation(count, window);
            compareWindow(window, data, n, streams, p);
            count++;
        }
        assertEquals(count, source.validationWindows());
    }

    private static void compareWindow(Window window, int[] data, int from, int streams, int pos) {
        for (int t = 0; t < window.steps; t++) {
            for (int b = 0; b < window.batch; b++) {
                int place = from + b * streams + pos + t;
                assertEquals(data[place], window.tokens[t * window.batch + b]);
                assertEquals(data[place + 1], window.classes[t * window.batch + b]);
            }
        }
    }

    @Test
    void vocabularyIsSortedCodePoints() {
        TextCorpus corpus = TextCorpus.of("test", "b\uD83C\uDF0Aa\u00E9b");
        assertEquals(4, corpus.vocabulary().size());
        assertEquals("ab\u00E9\uD83C\uDF0A", corpus.vocabulary().toString());
        assertArrayEquals(new int[] {1, 3, 0, 2, 1}, corpus.tokens());
        assertEquals("ab\u00E9\uD83C\uDF0A",
                Vocabulary.of(corpus.vocabulary().toString()).toString());
        BadInput unknown = assertThrows(
                BadInput.class, () -> corpus.vocabulary().encode(new int[] {'a', 'z'}));
        assertTrue(unknown.getMessage().contains("U+007A"), unknown.getMessage());
    }

    @Test
    void tooShortNamesTheLengthNeeded() {
        BadInput error = assertThrows(BadInput.class, () -> source(LETTERS, 4, 4, 4, 0.9));
        assertTrue(error.getMessage().contains("expected at least 201 characters"),
                error.getMessage());
        assertTrue(TextSource.fits(201, 4, 4, 0.9));
        assertFalse(TextSource.fits(200, 4, 4, 0.9));
    }

    @Test
    void otherTextHasAnotherFingerprint() {
        String one = source(LETTERS, 1, 2, 2, 0.5).fingerprint();
        assertEquals(one, source(LETTERS, 2, 1, 1, 0.5).fingerprint());
        assertFalse(one.equals(source(LETTERS + "u", 1, 2, 2, 0.5).fingerprint()));
        assertFalse(one.equals(source("bacdefghijklmnopqrst", 1, 2, 2, 0.5).fingerprint()));
        assertFalse(one.equals(source("bcdefghijklmnopqrstu", 1, 2, 2, 0.5).fingerprint()));
    }
}
