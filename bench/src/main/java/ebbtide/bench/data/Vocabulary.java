package ebbtide.bench.data;

import ebbtide.bench.BadInput;
import java.util.Arrays;

/** The code points of a text in ascending order; a token is a code point's place. Immutable. */
public final class Vocabulary {
    private final int[] codePoints;

    private Vocabulary(int[] codePoints) {
        this.codePoints = codePoints;
    }

    /** Collects the code points of {@code text}, each once. */
    public static Vocabulary of(int[] text) {
        return new Vocabulary(Arrays.stream(text).sorted().distinct().toArray());
    }

    /** Rebuilds a vocabulary from what {@link #toString} gave. */
    public static Vocabulary of(String symbols) {
        return of(symbols.codePoints().toArray());
    }

    /** Returns the number of code points. */
    public int size() {
        return codePoints.length;
    }

    /** Returns the code point of {@code token}. */
    public int codePoint(int token) {
        return codePoints[token];
    }

    /** Returns the token of {@code codePoint}, or a negative number where there is none. */
    public int token(int codePoint) {
        return Arrays.binarySearch(codePoints, codePoint);
    }

    /** Replaces code points by tokens. */
    public int[] encode(int[] text) {
        int[] tokens = new int[text.length];
        for (int i = 0; i < text.length; i++) {
            tokens[i] = token(text[i]);
            if (tokens[i] < 0) {
                throw new BadInput(
                        "expected only characters that the model has seen, got U+%04X (%s) at"
                                + " character %d; leave it out",
                        text[i], Character.getName(text[i]), i + 1);
            }
        }
        return tokens;
    }

    /** Returns all code points as one string. */
    @Override
    public String toString() {
        return new String(codePoints, 0, codePoints.length);
    }
}
