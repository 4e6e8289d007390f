package ebbtide.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.checks.Bits;
import ebbtide.checks.ElementaryFunction;
import ebbtide.checks.ExactFunctions;
import ebbtide.checks.FunctionSample;
import ebbtide.kernels.scalar.ScalarMath;
import ebbtide.kernels.scalar.ScalarPointwise;
import ebbtide.kernels.vector.VectorPointwise;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the documentation of {@link ScalarMath} says, run on a million floats: every exponent with some
 * two thousand mantissas, and every float around each place where something changes. {@code
 * ebbtide validate --exhaustive} does the same for all 2^32.
 */
class ElementaryFunctionsTest {
    /** The suite runs once for each vector width; the scalar twin has none, so once is enough. */
    private static final String WIDTH = "ebbtide.expect.kernels";

    private static final long SEED = 6;
    private static final Pointwise SCALAR = new ScalarPointwise();
    private static final Pointwise VECTOR = new VectorPointwise();
    private static final float[] SAMPLE = FunctionSample.floats();

    private static float scalar(ElementaryFunction f, float x) {
        float[] value = {x};
        f.compute(SCALAR, value, value, 1);
        return value[0];
    }

    @ParameterizedTest
    @EnumSource
    @DisabledIfSystemProperty(named = WIDTH, matches = "256|512")
    void errorStaysWithinTheDocumentedMaximum(ElementaryFunction f) {
        for (float x : SAMPLE) {
            double error = ElementaryFunction.ulps(scalar(f, x), f.reference(x));
            if (!(error <= f.maxUlp)) {
                throw new AssertionError(f + " of " + Float.toHexString(x) + " is "
                        + Float.toHexString(scalar(f, x)) + ", off by " + error + " ULP");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisabledIfSystemProperty(named = WIDTH, matches = "256|512")
    void monotoneBetweenNeighbours(ElementaryFunction f) {
        for (float x : SAMPLE) {
            float up = Math.nextUp(x);
            if (scalar(f, up) < scalar(f, x)) {
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
        f.compute(SCALAR, x, expected, x.length);
        f.compute(VECTOR, x, actual, x.length);
        Bits.assertSame(f.name(), expected, actual, SEED);
    }

    @Test
    @DisabledIfSystemProperty(named = WIDTH, matches = "256|512")
    void tanhIsOdd() {
        for (float x : SAMPLE) {
            Bits.assertSame("tanh " + x, -ScalarMath.tanh(x), ScalarMath.tanh(-x));
        }
    }

    @Test
    @DisabledIfSystemProperty(named = WIDTH, matches = "256|512")
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
            f.compute(VECTOR, in, out, in.length);
            Bits.assertSame(f + " of " + x, expected[f.ordinal()], scalar(f, x));
            Bits.assertSame(f + " of " + x + ", vector", expected[f.ordinal()], out[15]);
        }
    }

    /** The first float, in the order of the reals, at which a function has its last value. */
    @ParameterizedTest
    @CsvSource({"EXP, 88.72284, Infinity", "SIGMOID, 17.328680, 1", "TANH, 9.010914, 1"})
    @DisabledIfSystemProperty(named = WIDTH, matches = "256|512")
    void saturatesWhereTheRoundedFunctionDoes(ElementaryFunction f, float x, float last) {
        assertEquals(last, scalar(f, x));
        assertTrue(scalar(f, Math.nextDown(x)) < last, "too early");
    }

    /** The double reference is as exact as {@link ElementaryFunction} says. */
    @ParameterizedTest
    @EnumSource
    @DisabledIfSystemProperty(named = WIDTH, matches = "256|512")
    void referenceAgreesWithBigDecimal(ElementaryFunction f) {
        Random random = new Random(SEED);
        for (int i = 0; i < 400; i++) {
            float x = SAMPLE[random.nextInt(SAMPLE.length)];
            float y = scalar(f, x);
            boolean finite = y != 0 && !Float.isInfinite(y) && !Float.isNaN(y);
            if (finite && Math.abs(x) < 200 || finite && f == ElementaryFunction.LOG) {
                double exact = ExactFunctions.ulps(y, ExactFunctions.of(f, x));
                Bits.assertClose(f + " of " + x, exact, ElementaryFunction.ulps(y, f.reference(x)),
                        1e-6);
            }
        }
    }
}
