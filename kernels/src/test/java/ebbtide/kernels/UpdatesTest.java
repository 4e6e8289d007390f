package ebbtide.kernels;

import ebbtide.checks.Area;
import ebbtide.checks.Bits;
import ebbtide.checks.TestData;
import ebbtide.checks.UpdateTwins;
import ebbtide.kernels.scalar.ScalarUpdates;
import ebbtide.kernels.vector.VectorUpdates;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.BeforeContainer;

@AddLifecycleHook(TestWidth.class)
class UpdatesTest {
    private final Updates scalar = new ScalarUpdates();
    private final Updates vector = new VectorUpdates();

    @BeforeContainer
    static void width() {
        TestWidth.assertExpected();
    }

    /** Twenty steps of PyTorch in float64, under the gradient p + cos p. */
    @Example
    void goldenTrajectories() {
        for (String name : UpdateTwins.OPTIMISERS) {
            for (Updates k : new Updates[] {scalar, vector}) {
                assertTrajectory(name, k, new GoldenFile(name));
            }
        }
    }

    private static void assertTrajectory(String name, Updates k, GoldenFile golden) {
        double[] start = golden.tensor("p0");
        double[] trajectory = golden.tensor("trajectory");
        double largest = 0;
        for (double x : trajectory) {
            largest = Math.max(largest, Math.abs(x));
        }
        int n = start.length;
        Area[] a = new Area[4];
        for (int i = 0; i < a.length; i++) {
            a[i] = new Area(new float[n], 0, n, 1, n);
        }
        float[] p = a[0].x();
        for (int i = 0; i < n; i++) {
            p[i] = (float) start[i];
        }
        for (int t = 1; t * n <= trajectory.length; t++) {
            for (int i = 0; i < n; i++) {
                a[3].x()[i] = (float) (p[i] + Math.cos(p[i]));
            }
            UpdateTwins.step(name, k, a, n, golden.number("lr", 0),
                    golden.number("weight_decay", 0), t);
            for (int i = 0; i < n; i++) {
                Bits.assertClose(name + ", step " + t + ", element " + i,
                        trajectory[(t - 1) * n + i], p[i],
                        5e-6 * largest);
            }
        }
    }

    /** One step from a state in its midst, with weight decay, by PyTorch's formulas in double. */
    @Property(tries = 100)
    void stepsAgainstDouble(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int t) {
        TestData data = new TestData(seed, TestData.Kind.ORDINARY);
        double lr = 0.01;
        double decay = 0.1;
        for (String name : UpdateTwins.OPTIMISERS) {
            Area[] before = {data.row(9), data.row(9), data.row(9), data.row(9)};
            for (int i = 0; i < 9; i++) {
                int at = before[2].off() + i;
                before[2].x()[at] = Math.abs(before[2].x()[at]) + 0.01f;
            }
            Area[] a = {before[0].copy(), before[1].copy(), before[2].copy(), before[3]};
            UpdateTwins.step(name, scalar, a, 9, lr, decay, t);
            for (int i = 0; i < 9; i++) {
                double p = expected(name, before[0].get(0, i), before[1].get(0, i),
                        before[2].get(0, i),
                        before[3].get(0, i), lr, decay, t);
                Bits.assertClose(name, p, a[0].get(0, i), 3e-7 * (Math.abs(p) + 1));
            }
        }
    }

    private static double expected(
            String name, double p, double m, double v, double g, double lr, double decay, int t) {
        double d = g + decay * p;
        double c1 = 1 - Math.pow(0.9, t);
        double c2 = 1 - Math.pow(0.999, t);
        return switch (name) {
            case "sgd" -> p - lr * d;
            case "sgd_momentum" -> p - lr * (0.9 * v + d);
            case "sgd_nesterov" -> p - lr * (d + 0.9 * (0.9 * v + d));
            case "rmsprop" -> p - lr * d / (Math.sqrt(0.99 * v + 0.01 * d * d) + 1e-8);
            case "adam" -> p - lr * ((0.9 * m + 0.1 * d) / c1)
                    / (Math.sqrt((0.999 * v + 0.001 * d * d) / c2) + 1e-8);
            default -> p * (1 - lr * decay) - lr * ((0.9 * m + 0.1 * g) / c1)
                    / (Math.sqrt((0.999 * v + 0.001 * g * g) / c2) + 1e-8);
        };
    }

    @Example
    void clampAtTheEdges() {
        float inf = Float.POSITIVE_INFINITY;
        float[] x = {3f, -3f, 2f, -0f, Float.NaN, inf, -inf};
        scalar.clamp(x, 0, 7, 2f);
        Bits.assertSame("clamp", new float[] {2f, -2f, 2f, -0f, Float.NaN, 2f, -2f}, x, 0);
        float[] y = {3f, -inf, Float.NaN};
        scalar.clamp(y, 0, 3, inf);
        Bits.assertSame("no limit", new float[] {3f, -inf, Float.NaN}, y, 0);
        scalar.scale(y, 0, 1, -0.5f);
        Bits.assertSame("scale", -1.5f, y[0]);
    }
}
