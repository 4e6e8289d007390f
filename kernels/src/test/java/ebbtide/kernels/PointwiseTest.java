package ebbtide.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.checks.Area;
import ebbtide.checks.Bits;
import ebbtide.checks.TestData;
import ebbtide.kernels.scalar.ScalarMath;
import ebbtide.kernels.scalar.ScalarPointwise;
import ebbtide.kernels.vector.VectorPointwise;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.BeforeContainer;

@AddLifecycleHook(TestWidth.class)
class PointwiseTest {
    private final Pointwise scalar = new ScalarPointwise();
    private final Pointwise vector = new VectorPointwise();

    @BeforeContainer
    static void width() {
        TestWidth.assertExpected();
    }

    /** The functions themselves have a test of their own: here it counts which one is taken of what. */
    @Example
    void valuesAgainstDouble() {
        TestData data = new TestData(1, TestData.Kind.ORDINARY);
        int n = 100;
        Area x = data.row(n);
        for (Activation f : Activation.values()) {
            float[] y = new float[n];
            scalar.apply(f, x.x(), x.off(), y, 0, n);
            for (int i = 0; i < n; i++) {
                double expected = phi(f, x.get(0, i));
                Bits.assertClose(f + " of " + x.get(0, i), expected, y[i],
                        1e-6 * Math.abs(expected));
            }
        }
        float[] y = new float[n];
        scalar.exp(x.x(), x.off(), y, 0, n);
        float[] back = new float[n];
        scalar.log(y, 0, back, 0, n);
        for (int i = 0; i < n; i++) {
            Bits.assertClose("exp", Math.exp(x.get(0, i)), y[i], 1e-6 * y[i]);
            Bits.assertClose("log", Math.log(y[i]), back[i], 1e-6 * Math.abs(back[i]));
        }
    }

    @Property(tries = 200)
    void stepsAgainstDouble(@ForAll long seed, @ForAll Activation f) {
        TestData data = new TestData(seed, TestData.Kind.ORDINARY);
        int rows = 3;
        int n = 32;
        Area sums = data.area(rows, n);
        Area before = data.area(rows, n);
        Area h = before.copy();
        scalar.activate(f, sums.x(), sums.off(), sums.stride(), h.x(), h.off(), h.stride(), rows,
                n);
        Area above = data.area(rows, n);
        Area dz = above.copy();
        float limit = 0.75f;
        scalar.differentiate(f, limit, sums.x(), sums.off(), sums.stride(), h.x(), h.off(),
                h.stride(),
                dz.x(), dz.off(), dz.stride(), rows, n);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < n; c++) {
                double z = (double) before.get(r, c) + sums.get(r, c);
                Bits.assertClose("h", phi(f, z), h.get(r, c), 1e-6 * Math.abs(phi(f, z)) + 1e-7);
                double a = Math.clamp((double) above.get(r, c) + sums.get(r, c), -limit, limit);
                double expected = a * derivative(f, h.get(r, c));
                Bits.assertClose("dz", expected, dz.get(r, c), 4 * 0x1p-24 * Math.abs(expected));
            }
        }
    }

    /** The derivative is that of the function: central differences of φ in double. */
    @Example
    void derivativeIsTheSlope() {
        for (Activation f : Activation.values()) {
            for (double z : new double[] {-3, -0.5, 0.25, 2}) {
                float[] h = filled((float) phi(f, z));
                float[] dz = filled(1f);
                scalar.differentiate(f, Float.POSITIVE_INFINITY, filled(0f), 0, 16, h, 0, 16, dz, 0,
                        16,
                        1, 16);
                double slope = (phi(f, z + 1e-5) - phi(f, z - 1e-5)) / 2e-5;
                Bits.assertClose(f + "′ at " + z, slope, dz[7], 1e-6);
            }
        }
    }

    @Example
    void sumsAreRoundedOnce() {
        TestData data = new TestData(2, TestData.Kind.CANCELLING);
        Area sums = data.area(2, 16);
        Area bias = data.row(16);
        Area old = data.area(2, 16);
        Area biased = old.copy();
        scalar.addBias(sums.x(), sums.off(), sums.stride(), bias.x(), bias.off(), biased.x(),
                biased.off(), biased.stride(), 2, 16);
        Area added = old.copy();
        scalar.accumulate(sums.x(), sums.off(), sums.stride(), added.x(), added.off(),
                added.stride(), 2,
                16);
        for (int r = 0; r < 2; r++) {
            for (int c = 0; c < 16; c++) {
                double s = sums.get(r, c);
                Bits.assertSame("biased", (float) (s + bias.get(0, c)), biased.get(r, c));
                Bits.assertSame("added", (float) (s + old.get(r, c)), added.get(r, c));
            }
        }
    }

    @Example
    void reluAtTheEdges() {
        float inf = Float.POSITIVE_INFINITY;
        float[] z = {-0f, Float.NaN, -Float.MIN_VALUE, Float.MIN_VALUE, -inf, inf};
        float[] y = new float[6];
        scalar.apply(Activation.RELU, z, 0, y, 0, 6);
        Bits.assertSame("relu", new float[] {-0f, Float.NaN, 0f, Float.MIN_VALUE, 0f, inf}, y, 0);

        float[] dz = {inf, -inf, Float.NaN, 5f, -5f, Float.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        float[] h = {0f, -0f, 0f, 1f, Float.NaN, 1f, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        scalar.differentiate(Activation.RELU, 2f, new float[16], 0, 16, h, 0, 16, dz, 0, 16, 1, 16);
        float[] expected = {0f, 0f, 0f, 2f, -2f, Float.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        Bits.assertSame("relu′", expected, dz, 0);
    }

    /** States and adjoints are flushed where they vanish, unless underflow is to be gradual. */
    @Example
    void flushAtTheEdges() {
        float least = Pointwise.VANISHED;
        float below = Math.nextDown(least);
        float[] values = {
            least, -least, below, -below, Float.MIN_VALUE, -0f, Float.NaN, Float.NEGATIVE_INFINITY,
            1, 0,
            0, 0, 0, 0, 0, 0
        };
        float[] flushed = values.clone();
        Arrays.fill(flushed, 2, 6, 0f);
        float[] relu = {least, 0, 0, 0, 0, 0, Float.NaN, 0, 1, 0, 0, 0, 0, 0, 0, 0};
        for (Pointwise k : List.of(scalar, vector)) {
            Bits.assertSame("identity", flushed, activated(k, Activation.IDENTITY, values), 0);
            Bits.assertSame("relu", relu, activated(k, Activation.RELU, values), 0);
            float[] tanh = flushed.clone();
            tanh[7] = -1;
            tanh[8] = ScalarMath.tanh(1);
            Bits.assertSame("tanh", tanh, activated(k, Activation.TANH, values), 0);
            Bits.assertSame("adjoint", flushed, differentiated(k, values), 0);
            float[] kept = values.clone();
            kept[5] = 0f;
            Bits.assertSame("gradual", kept, activated(k.gradual(), Activation.IDENTITY, values),
                    0);
            Bits.assertSame("gradual adjoint", kept, differentiated(k.gradual(), values), 0);

            float last = -Polynomials.SIGMOID_LAST;
            float[] ends = filled(last);
            ends[1] = Math.nextDown(last);
            ends[2] = 200;
            float[] sigmoid = activated(k, Activation.SIGMOID, ends);
            float[] exact = activated(k.gradual(), Activation.SIGMOID, ends);
            assertTrue(exact[0] >= least && exact[1] < least && exact[1] > 0,
                    "where sigmoid vanishes");
            Bits.assertSame("sigmoid", new float[] {exact[0], 0f, 1f},
                    Arrays.copyOf(sigmoid, 3), 0);
        }
    }

    private static float[] activated(Pointwise k, Activation f, float[] z) {
        float[] h = z.clone();
        k.activate(f, new float[16], 0, 16, h, 0, 16, 1, 16);
        return h;
    }

    private static float[] differentiated(Pointwise k, float[] dy) {
        float[] dz = dy.clone();
        k.differentiate(Activation.IDENTITY, Float.POSITIVE_INFINITY, new float[16], 0, 16, dz, 0,
                16, dz,
                0, 16, 1, 16);
        return dz;
    }

    private static float[] filled(float x) {
        float[] a = new float[16];
        java.util.Arrays.fill(a, x);
        return a;
    }

    private static double phi(Activation f, double z) {
        return switch (f) {
            case SIGMOID -> 1 / (1 + Math.exp(-z));
            case TANH -> Math.tanh(z);
            case RELU -> Math.max(z, 0);
            case IDENTITY -> z;
        };
    }

    private static double derivative(Activation f, double y) {
        return switch (f) {
            case SIGMOID -> y * (1 - y);
            case TANH -> (1 - y) * (1 + y);
            case RELU -> y > 0 ? 1 : 0;
            case IDENTITY -> 1;
        };
    }
}
