package ebbtide.kernels;

import ebbtide.kernels.scalar.ScalarUpdates;
import ebbtide.kernels.vector.VectorUpdates;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.BeforeContainer;

@AddLifecycleHook(TestWidth.class)
class UpdatesTest {
    private static final String[] OPTIMISERS =
            {"sgd", "sgd_momentum", "sgd_nesterov", "rmsprop", "adam",
                "adamw"};

    private final Updates scalar = new ScalarUpdates();
    private final Updates vector = new VectorUpdates();

    @BeforeContainer
    static void width() {
        TestWidth.assertExpected();
    }

    /** One step of one optimiser; the areas are p, g, and two of state. */
    private static void step(
            String name, Updates k, Area[] a, int n, double lr, double decay, int t) {
        float[] p = a[0].x();
        int pOff = a[0].off();
        float[] m = a[1].x();
        int mOff = a[1].off();
        float[] v = a[2].x();
        int vOff = a[2].off();
        float[] g = a[3].x();
        int gOff = a[3].off();
        double c1 = 1 - Math.pow(0.9, t);
        double root = Math.sqrt(1 - Math.pow(0.999, t));
        switch (name) {
            case "sgd" -> k.sgd(p, pOff, g, gOff, n, lr, decay);
            case "sgd_momentum" -> k.momentum(p, pOff, g, gOff, v, vOff, n, lr, decay, 0.9, false);
            case "sgd_nesterov" -> k.momentum(p, pOff, g, gOff, v, vOff, n, lr, decay, 0.9, true);
            case "rmsprop" -> k.rmsprop(p, pOff, g, gOff, v, vOff, n, lr, decay, 0.99, 1e-8);
            case "adam" ->
                k.adam(p, pOff, g, gOff, m, mOff, v, vOff, n, lr, decay, 0.9, 0.999, 1e-8, c1,
                        root);
            case "adamw" ->
                k.adamw(p, pOff, g, gOff, m, mOff, v, vOff, n, lr, decay, 0.9, 0.999, 1e-8,
                        c1, root);
            default -> throw new AssertionError(name);
        }
    }

    @Property(tries = 400)
    void optimisers(
            @ForAll long seed,
            @ForAll TestData.Kind kind,
            @ForAll @IntRange(max = 200) int n,
            @ForAll @DoubleRange(max = 2) double lr,
            @ForAll @DoubleRange(max = 0.5) double decay,
            @ForAll @IntRange(min = 1, max = 50) int t) {
        TestData data = new TestData(seed, kind);
        Area[] areas = {data.row(n), data.row(n), data.row(n), data.row(n)};
        for (String name : OPTIMISERS) {
            Twins.check(scalar, vector, seed, 3, (k, a) -> step(name, k, a, n, lr, decay, t),
                    areas);
            Twins.check(scalar, vector, seed, 3, (k, a) -> step(name, k, a, n, lr, 0, t), areas);
        }
    }

    @Property(tries = 400)
    void scaleAndClamp(
            @ForAll long seed, @ForAll TestData.Kind kind, @ForAll @IntRange(max = 200) int n) {
        TestData data = new TestData(seed, kind);
        Area x = data.row(n);
        float factor = data.next();
        float limit = Math.abs(data.next());
        Twins.check(scalar, vector, seed, 1, (k, a) -> k.scale(a[0].x(), a[0].off(), n, factor), x);
        Twins.check(scalar, vector, seed, 1, (k, a) -> k.clamp(a[0].x(), a[0].off(), n, limit), x);
    }

    /** Twenty steps of PyTorch in float64, under the gradient p + cos p. */
    @Example
    void goldenTrajectories() {
        for (String name : OPTIMISERS) {
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
            step(name, k, a, n, golden.number("lr", 0), golden.number("weight_decay", 0), t);
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
        for (String name : OPTIMISERS) {
            Area[] before = {data.row(9), data.row(9), data.row(9), data.row(9)};
            for (int i = 0; i < 9; i++) {
                int at = before[2].off() + i;
                before[2].x()[at] = Math.abs(before[2].x()[at]) + 0.01f;
            }
            Area[] a = {before[0].copy(), before[1].copy(), before[2].copy(), before[3]};
            step(name, scalar, a, 9, lr, decay, t);
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
