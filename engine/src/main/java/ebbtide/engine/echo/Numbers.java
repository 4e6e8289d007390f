package ebbtide.engine.echo;

/** Checks of numbers that the public classes make before anything is written. */
final class Numbers {
    private Numbers() {}

    static int atLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s: expected at least %d, got %d".formatted(name, least, value));
        }
        return value;
    }

    /** Throws unless low ≤ value ≤ high; NaN is out of every range. */
    static double range(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(
                    "%s: expected a number from %s to %s, got %s"
                            .formatted(name, low, high, value));
        }
        return value;
    }

    static void length(String name, long expected, int length) {
        if (length != expected) {
            throw new IllegalArgumentException(
                    "%s: expected %d numbers, got %d".formatted(name, expected, length));
        }
    }

    static void finite(String name, double[] values, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "%s: expected finite numbers, got %s at %d"
                                .formatted(name, values[i], i));
            }
        }
    }
}
