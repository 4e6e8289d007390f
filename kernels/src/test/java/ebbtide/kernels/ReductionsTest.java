package ebbtide.kernels;

import ebbtide.checks.Bits;
import ebbtide.checks.TestData;
import ebbtide.kernels.scalar.ScalarReductions;
import ebbtide.kernels.vector.VectorReductions;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.BeforeContainer;

@AddLifecycleHook(TestWidth.class)
class ReductionsTest {
    private final Reductions scalar = new ScalarReductions();
    private final Reductions vector = new VectorReductions();

    @BeforeContainer
    static void width() {
        TestWidth.assertExpected();
    }

    /** The documented order, told once more in the plainest way: sixteen sums in an array. */
    @Property(tries = 200)
    void orderOfTheSum(@ForAll long seed, @ForAll @IntRange(max = 9000) int n) {
        float[] x = new TestData(seed, TestData.Kind.CANCELLING).floats(n);
        float sum = 0;
        float squares = 0;
        for (int chunk = 0; chunk < n; chunk += 4096) {
            float[] lanes = new float[16];
            float[] squareLanes = new float[16];
            for (int i = chunk; i < Math.min(n, chunk + 4096); i++) {
                lanes[(i - chunk) % 16] += x[i];
                squareLanes[(i - chunk) % 16] = Math.fma(x[i], x[i], squareLanes[(i - chunk) % 16]);
            }
            sum += tree(lanes);
            squares += tree(squareLanes);
        }
        Bits.assertSame("sum, seed " + seed, sum, scalar.sum(x, 0, n));
        Bits.assertSame("squares, seed " + seed, squares, scalar.sumOfSquares(x, 0, n));
    }

    private static float tree(float[] lanes) {
        for (int half = 8; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }

    @Property(tries = 200)
    void sumsAgainstDouble(@ForAll long seed, @ForAll @IntRange(max = 9000) int n) {
        float[] x = new TestData(seed, TestData.Kind.ORDINARY).floats(n);
        double sum = 0;
        double absolute = 0;
        double squares = 0;
        float max = 0;
        for (float v : x) {
            sum += v;
            absolute += Math.abs(v);
            squares += (double) v * v;
            max = Math.abs(v) > max ? Math.abs(v) : max;
        }
        // A chain of at most 256 additions, a tree of 4, and the chunks.
        double bound = 270 * 0x1p-24;
        Bits.assertClose("sum", sum, scalar.sum(x, 0, n), bound * absolute);
        Bits.assertClose("squares", squares, scalar.sumOfSquares(x, 0, n), bound * squares);
        Bits.assertClose("norm", Math.sqrt(squares), scalar.norm(x, 0, n),
                bound * Math.sqrt(squares));
        Bits.assertSame("maxAbs", max, scalar.maxAbs(x, 0, n));
    }

    /** From the smallest subnormals to the largest floats: the squares would leave the range. */
    @Property(tries = 400)
    void normAtEveryScale(
            @ForAll long seed,
            @ForAll @IntRange(min = -149, max = 127) int exponent,
            @ForAll @IntRange(min = 1, max = 300) int n) {
        TestData data = new TestData(seed, TestData.Kind.ORDINARY);
        float[] x = new float[n];
        double squares = 0;
        for (int i = 0; i < n; i++) {
            x[i] = Math.scalb(Math.clamp(data.next(), -1.9f, 1.9f), exponent);
            squares += (double) x[i] * x[i];
        }
        double expected = Math.sqrt(squares);
        float norm = scalar.norm(x, 0, n);
        if (expected > Float.MAX_VALUE * (1 + 0x1p-20)) {
            Bits.assertSame("norm", Float.POSITIVE_INFINITY, norm);
        } else if (expected < Float.MAX_VALUE * (1 - 0x1p-20)) {
            Bits.assertClose("norm", expected, norm, 20 * 0x1p-24 * expected + Float.MIN_VALUE);
        }
    }

    @Example
    void edges() {
        float inf = Float.POSITIVE_INFINITY;
        float nan = Float.NaN;
        float max = Float.MAX_VALUE;
        float min = Float.MIN_VALUE;
        assertNorm(0f);
        assertNorm(0f, 0f, -0f);
        assertNorm(inf, 1f, -inf);
        assertNorm(nan, nan);
        assertNorm(nan, inf, nan, 1f);
        assertNorm(inf, max, max);
        assertNorm(max, max);
        assertNorm(min, -min);
        assertNorm(5 * min, 3 * min, 4 * min);
        assertNorm(0x1.4p102f, 0x1.8p101f, -0x1p102f);
        Bits.assertSame("NaN last", nan, scalar.maxAbs(new float[] {inf, nan}, 0, 2));
        Bits.assertSame("no sign", 0f, scalar.maxAbs(new float[] {-0f}, 0, 1));
        Bits.assertSame("empty sum", 0f, scalar.sum(new float[0], 0, 0));
        Bits.assertSame("sum of −0", 0f, scalar.sum(new float[] {-0f, -0f}, 0, 2));
    }

    private void assertNorm(float expected, float... x) {
        Bits.assertSame("norm of " + java.util.Arrays.toString(x), expected,
                scalar.norm(x, 0, x.length));
    }
}
