package ebbtide.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.kernels.scalar.ScalarMath;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the documentation of {@link ScalarMath} says, run on a million floats: every exponent with some
 * two thousand mantissas, and every float around each place where something changes. {@link
 * ExhaustiveFunctions} does the same for all 2^32.
 */
class ElementaryFunctionsTest {
    /** Set where the suite runs once more for a vector width; the scalar twin has none. */
    private static final String WIDTH = "ebbtide.expect.kernels";

    private static final long SEED = 6;
    private static final int MANTISSAS = 2048;
    private static final int AROUND = 2048;
    private static final int[] CORNERS = {0, 1, 2, 0x3f_ffff, 0x40_0000, 0x7f_fffe, 0x7f_ffff};

    /**
     * Overflow, the first subnormal, the last result that is not 0; where sigmoid and tanh reach 1;
     * tanh's split; the clamps; where log changes sign and where the reductions of exp, sigmoid and log
     * take the next k.
     */
    private static final float[] PLACES = {88.722839f, -87.336548f, -103.97208f, 17.328679f,
        16.635532f,
        9.010914f, 1.0f, -1.0f, 109.0f, -109.0f, 104.0f, -104.0f, -176.0f, 9.5f, 0.34657359f,
        -0.34657359f, 1.0397208f, -1.0397208f, 0.17328680f, 0.51986039f, 0.70710677f, 1.4142135f};

    private static final float[] SAMPLE = sample();

    private static float[] sample() {
        int perSign = 255 * (MANTISSAS + CORNERS.length);
        int size = 2 * perSign + PLACES.length * 2 * AROUND;
        // Whole vectors at every width; what is left over is 0.
        float[] x = new float[(size + 15) & ~15];
        Random random = new Random(SEED);
        int n = 0;
        for (int exponent = 0; exponent < 255; exponent++) {
            for (int i = 0; i < MANTISSAS + CORNERS.length; i++) {
                int mantissa = i < CORNERS.length ? CORNERS[i] : random.nextInt(1 << 23);
                float value = Float.intBitsToFloat(exponent << 23 | mantissa);
                x[n++] = value;
                x[n++] = -value;
            }
        }
        for (float place : PLACES) {
            int bits = Float.floatToRawIntBits(place);
            for (int i = -AROUND; i < AROUND; i++) {
                x[n++] = Float.intBitsToFloat(bits + i);
            }
        }
        assertEquals(size, n);
        return x;
    }

    @ParameterizedTest
    @EnumSource
    @DisabledIfSystemProperty(named = WIDTH, matches = "\\d+")
    void errorStaysWithinTheDocumentedMaximum(ElementaryFunction f) {
        for (float x : SAMPLE) {
            double error = ElementaryFunction.ulps(f.scalar(x), f.reference(x));
            if (!(error <= f.maxUlp)) {
                throw new AssertionError(f + " of " + Float.toHexString(x) + " is "
                        + Float.toHexString(f.scalar(x)) + ", off by " + error + " ULP");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisabledIfSystemProperty(named = WIDTH, matches = "\\d+")
    void monotoneBetweenNeighbours(ElementaryFunction f) {
        for (float x : SAMPLE) {
            float up = Math.nextUp(x);
            if (f.scalar(up) < f.scalar(x)) {
                throw new AssertionError(f + " falls after " + Float.toHexString(x));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void vectorTwinsGiveTheSameBits(ElementaryFunction f) {
        float[] x = SAMPLE;
        if (TestWidth.EMULATED) {
            x = new float[SAMPLE.length >> 8 & ~15];
            for (int i = 0; i < x.length; i++) {
                x[i] = SAMPLE[i << 8];
            }
        }
        float[] expected = new float[x.length];
        float[] actual = new float[x.length];
        f.scalar(x, expected);
        f.vector(x, actual);
        Bits.assertSame(f.name(), expected, actual, SEED);
    }

    @Test
    @DisabledIfSystemProperty(named = WIDTH, matches = "\\d+")
    void tanhIsOdd() {
        for (float x : SAMPLE) {
            Bits.assertSame("tanh " + x, -ScalarMath.tanh(x), ScalarMath.tanh(-x));
        }
    }

    @Test
    @DisabledIfSystemProperty(named = WIDTH, matches = "\\d+")
    void sigmoidIsTheComplementOfItsMirror() {
        for (float x : SAMPLE) {
            float a = Math.abs(x);
            Bits.assertSame("sigmoid " + a, 1.0f - ScalarMath.sigmoid(-a), ScalarMath.sigmoid(a));
        }
    }

    /** x, and exp, log, sigmoid and tanh of it, exactly. */
    @ParameterizedTest
    @CsvSource({"0, 1, -Infinity, 0.5, 0", "-0.0, 1, -Infinity, 0.5, -0.0",
        "Infinity, Infinity, Infinity, 1, 1", "-Infinity, 0, NaN, 0, -1", "NaN, NaN, NaN, NaN, NaN",
        "0x1p-149, 1, -103.27893, 0.5, 0x1p-149", "-0x1p-149, 1, NaN, 0.5, -0x1p-149",
        "1, 2.7182817, 0, 0.7310586, 0.7615942", "-3.4e38, 0, NaN, 0, -1",
        "3.4028235e38, Infinity, 88.72284, 1, 1"})
    void specialValues(float x, float exp, float log, float sigmoid, float tanh) {
        float[] expected = {exp, log, sigmoid, tanh};
        for (ElementaryFunction f : ElementaryFunction.values()) {
            float[] in = new float[16];
            float[] out = new float[16];
            Arrays.fill(in, x);
            f.vector(in, out);
            Bits.assertSame(f + " of " + x, expected[f.ordinal()], f.scalar(x));
            Bits.assertSame(f + " of " + x + ", vector", expected[f.ordinal()], out[15]);
        }
    }

    /** The first float, in the order of the reals, at which a function has its last value. */
    @ParameterizedTest
    @CsvSource({"EXP, 88.72284, Infinity", "SIGMOID, 17.328680, 1", "TANH, 9.010914, 1"})
    @DisabledIfSystemProperty(named = WIDTH, matches = "\\d+")
    void saturatesWhereTheRoundedFunctionDoes(ElementaryFunction f, float x, float last) {
        assertEquals(last, f.scalar(x));
        assertTrue(f.scalar(Math.nextDown(x)) < last, "too early");
    }

    /** The double reference is as exact as {@link ElementaryFunction} says. */
    @ParameterizedTest
    @EnumSource
    @DisabledIfSystemProperty(named = WIDTH, matches = "\\d+")
    void referenceAgreesWithBigDecimal(ElementaryFunction f) {
        Random random = new Random(SEED);
        for (int i = 0; i < 400; i++) {
            float x = SAMPLE[random.nextInt(SAMPLE.length)];
            float y = f.scalar(x);
            boolean finite = y != 0 && !Float.isInfinite(y) && !Float.isNaN(y);
            if (finite && Math.abs(x) < 200 || finite && f == ElementaryFunction.LOG) {
                double exact = ExactFunctions.ulps(y, ExactFunctions.of(f, x));
                Bits.assertClose(f + " of " + x, exact, ElementaryFunction.ulps(y, f.reference(x)),
                        1e-6);
            }
        }
    }
}
