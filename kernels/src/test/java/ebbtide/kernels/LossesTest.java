package ebbtide.kernels;

import ebbtide.checks.Area;
import ebbtide.checks.Bits;
import ebbtide.checks.LossTwins;
import ebbtide.checks.TestData;
import ebbtide.kernels.scalar.ScalarLosses;
import ebbtide.kernels.vector.VectorLosses;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.BeforeContainer;

@AddLifecycleHook(TestWidth.class)
class LossesTest {
    private final Losses scalar = new ScalarLosses();
    private final Losses vector = new VectorLosses();

    @BeforeContainer
    static void width() {
        TestWidth.assertExpected();
    }

    /** Value, and gradient as the slope of the value, from the definition in double. */
    @Property(tries = 200)
    void softmaxAgainstDouble(@ForAll long seed, @ForAll @IntRange(min = 1, max = 70) int columns) {
        TestData data = new TestData(seed, TestData.Kind.ORDINARY);
        Area z = data.area(1, Panels.padded(columns));
        Area dz = data.area(1, Panels.padded(columns));
        Area loss = data.row(1);
        int target = data.below(columns);
        float w = 1.5f;
        LossTwins.softmax(scalar, z, new int[] {target}, 0, one(w), dz, loss, columns);
        double[] x = row(z, columns);
        double expected = w * crossEntropy(x, target);
        Bits.assertClose("loss", expected, loss.get(0, 0), 1e-6 + 3e-7 * expected);
        for (int c = 0; c < columns; c++) {
            double at = x[c];
            x[c] = at + 1e-5;
            double above = crossEntropy(x, target);
            x[c] = at - 1e-5;
            double slope = (above - crossEntropy(x, target)) / 2e-5;
            x[c] = at;
            Bits.assertClose("dz[" + c + "]", w * slope, dz.get(0, c), 1e-6);
        }
        assertPaddingIsZero(dz, columns);
    }

    private static double crossEntropy(double[] z, int target) {
        double sum = 0;
        for (double v : z) {
            sum += Math.exp(v);
        }
        return Math.log(sum) - z[target];
    }

    @Example
    void softmaxOfLargeLogits() {
        float[] z = new float[16];
        Arrays.fill(z, Float.NaN);
        z[0] = 1000f;
        z[1] = 999f;
        z[2] = Float.NEGATIVE_INFINITY;
        float[] dz = new float[16];
        float[] loss = new float[1];
        scalar.softmaxCrossEntropy(z, 0, 16, new int[] {1}, 0, new float[] {1}, 0, dz, 0, 16, loss,
                0, 1,
                3);
        double sum = 1 + Math.exp(-1);
        Bits.assertClose("loss", Math.log(sum) + 1, loss[0], 2e-7);
        Bits.assertClose("dz[0]", 1 / sum, dz[0], 1e-7);
        Bits.assertClose("dz[1]", Math.exp(-1) / sum - 1, dz[1], 1e-7);
        Bits.assertSame("dz[2]", 0f, dz[2]);
        Bits.assertSame("padding", 0f, dz[3]);
    }

    @Example
    void oneColumnCostsNothing() {
        float[] dz = new float[16];
        float[] loss = {7f};
        scalar.softmaxCrossEntropy(new float[] {-12f, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5},
                0, 16,
                new int[1], 0, new float[] {3}, 0, dz, 0, 16, loss, 0, 1, 1);
        Bits.assertSame("loss", 0f, loss[0]);
        Bits.assertSame("dz", new float[16], dz, 0);
    }

    @Example
    void weightZeroMasksNaN() {
        for (float zero : new float[] {0f, -0f}) {
            for (Losses k : new Losses[] {scalar, vector}) {
                TestData data = new TestData(3, TestData.Kind.ORDINARY);
                Area[] a = LossTwins.areas(data, 1, 20);
                Arrays.fill(a[2].x(), Float.NaN);
                Arrays.fill(a[4].x(), Float.NaN);
                Area w = one(zero);
                LossTwins.softmax(k, a[2], new int[1], 0, w, a[0], a[1], 20);
                assertMasked(a);
                LossTwins.squared(k, a[2], a[4], w, a[0], a[1], 20);
                assertMasked(a);
                LossTwins.binary(k, a[2], a[4], w, a[0], a[1], 20);
                assertMasked(a);
            }
        }
    }

    private static void assertMasked(Area[] a) {
        Bits.assertSame("loss", 0f, a[1].get(0, 0));
        assertPaddingIsZero(a[0], 0);
        Arrays.fill(a[0].x(), 1f);
        Arrays.fill(a[1].x(), 1f);
    }

    @Property(tries = 200)
    void squaredAgainstDouble(@ForAll long seed, @ForAll @IntRange(min = 1, max = 70) int columns) {
        TestData data = new TestData(seed, TestData.Kind.ORDINARY);
        Area[] a = LossTwins.areas(data, 1, columns);
        float w = 0.3f;
        LossTwins.squared(scalar, a[2], a[4], one(w), a[0], a[1], columns);
        double sum = 0;
        for (int c = 0; c < columns; c++) {
            double d = (double) a[2].get(0, c) - a[4].get(0, c);
            sum += d * d;
            Bits.assertClose("dy[" + c + "]", 2.0 * w * d, a[0].get(0, c), 3e-7 * Math.abs(d));
        }
        Bits.assertClose("loss", w * sum, a[1].get(0, 0), 1e-6 * sum);
        assertPaddingIsZero(a[0], columns);
    }

    @Property(tries = 200)
    void binaryAgainstDouble(@ForAll long seed, @ForAll @IntRange(min = 1, max = 70) int columns) {
        TestData data = new TestData(seed, TestData.Kind.ORDINARY);
        Area[] a = LossTwins.areas(data, 1, columns);
        double sum = 0;
        for (int c = 0; c < columns; c++) {
            a[4].x()[a[4].off() + c] = data.below(5) / 4f;
            sum += binaryTerm(a[2].get(0, c), a[4].get(0, c));
        }
        float w = 2.5f;
        LossTwins.binary(scalar, a[2], a[4], one(w), a[0], a[1], columns);
        Bits.assertClose("loss", w * sum, a[1].get(0, 0), 2e-6 * sum);
        for (int c = 0; c < columns; c++) {
            double z = a[2].get(0, c);
            double t = a[4].get(0, c);
            double slope = (binaryTerm(z + 1e-5, t) - binaryTerm(z - 1e-5, t)) / 2e-5;
            Bits.assertClose("dz[" + c + "]", w * slope, a[0].get(0, c), 1e-6);
        }
        assertPaddingIsZero(a[0], columns);
    }

    private static double binaryTerm(double z, double t) {
        return Math.max(z, 0) - z * t + Math.log1p(Math.exp(-Math.abs(z)));
    }

    /** Where 1 + e⁻ᶻ rounds to 1, the loss keeps its digits; far out it is linear. */
    @Example
    void binaryOfConfidentLogits() {
        for (float z : new float[] {-80f, -30f, -17f, -9f, -1f, 0f, 1f, 9f, 17f, 30f, 80f}) {
            for (float t : new float[] {0f, 1f}) {
                float[] loss = new float[1];
                float[] logits = new float[16];
                logits[0] = z;
                scalar.binaryCrossEntropy(logits, 0, 16, new float[] {t}, 0, 1, new float[] {1}, 0,
                        new float[16], 0, 16, loss, 0, 1, 1);
                double expected = binaryTerm(z, t);
                Bits.assertClose("loss at " + z + ", " + t, expected, loss[0], 5e-7 * expected);
            }
        }
    }

    private static Area one(float w) {
        return new Area(new float[] {w}, 0, 1, 1, 1);
    }

    private static double[] row(Area a, int columns) {
        double[] row = new double[columns];
        for (int c = 0; c < columns; c++) {
            row[c] = a.get(0, c);
        }
        return row;
    }

    private static void assertPaddingIsZero(Area dz, int columns) {
        for (int c = columns; c < dz.columns(); c++) {
            Bits.assertSame("padding " + c, 0f, dz.get(0, c));
        }
    }

}
