package ebbtide.checks;

/** Comparison bit for bit, where all NaNs are one value. */
public final class Bits {
    private Bits() {}

    /** Asserts one value. */
    public static void assertSame(String what, float expected, float actual) {
        if (Float.floatToIntBits(expected) != Float.floatToIntBits(actual)) {
            throw new AssertionError(
                    what + ": expected " + show(expected) + ", got " + show(actual));
        }
    }

    /** Asserts an array, and names the first element that differs. */
    public static void assertSame(String what, float[] expected, float[] actual, long seed) {
        if (expected.length != actual.length) {
            throw new AssertionError(what + ": lengths " + expected.length + ", " + actual.length);
        }
        for (int i = 0; i < expected.length; i++) {
            assertSame(what + "[" + i + "], seed " + seed, expected[i], actual[i]);
        }
    }

    /** Asserts that nothing but the matrix itself differs from what was there before. */
    public static void assertGuarded(String what, Area before, Area after, long seed) {
        for (int i = 0; i < before.x().length; i++) {
            if (!before.contains(i)) {
                assertSame(what + "[" + i + "] outside of the output, seed " + seed, before.x()[i],
                        after.x()[i]);
            }
        }
    }

    /** Asserts |actual − expected| ≤ bound, and fails for NaN. */
    public static void assertClose(String what, double expected, double actual, double bound) {
        if (!(Math.abs(actual - expected) <= bound)) {
            throw new AssertionError(
                    what + ": expected " + expected + " ± " + bound + ", got " + actual);
        }
    }

    private static String show(float x) {
        return x + " (0x" + Integer.toHexString(Float.floatToRawIntBits(x)) + ")";
    }
}
