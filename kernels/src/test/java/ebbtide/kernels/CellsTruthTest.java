package ebbtide.kernels;

import static ebbtide.kernels.Panels.WIDTH;

import ebbtide.checks.Area;
import ebbtide.checks.Bits;
import ebbtide.checks.TestData;
import ebbtide.kernels.scalar.ScalarCells;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The reference of {@link Cells} against the cells' equations in double: forward against their values,
 * backward against their slopes, taken by central differences.
 */
class CellsTruthTest {
    private static final int ROWS = 3;
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float LIMIT = 0.75f;
    /** Of a forward value, which is of the order of 1 and some ten roundings old. */
    private static final double VALUE = 2e-6;
    /** Of a gradient, relative to the adjoint times the largest factor that meets it. */
    private static final double SLOPE = 4e-6;

    private final Cells cells = new ScalarCells();

    /** A number that one unit of a cell computes from its variables. */
    private interface Equation extends ToDoubleFunction<double[]> {}

    private static double slope(Equation f, double[] at, int variable) {
        double step = 1e-5;
        double[] x = at.clone();
        x[variable] = at[variable] + step;
        double above = f.applyAsDouble(x);
        x[variable] = at[variable] - step;
        return (above - f.applyAsDouble(x)) / (2 * step);
    }

    private static void assertSlope(String what, Equation f, double[] at, int variable, float dz,
            double scale) {
        Bits.assertClose(what, slope(f, at, variable), dz, SLOPE * (1 + scale));
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    private static double clip(double x, double limit) {
        return Math.clamp(x, -limit, limit);
    }

    /** The state of an LSTM unit, x = i, f, g, o before their functions, c_{t−1}. */
    private static double lstmState(double[] x) {
        return sigmoid(x[1]) * x[4] + sigmoid(x[0]) * Math.tanh(x[2]);
    }

    private static double lstmOutput(double[] x) {
        return sigmoid(x[3]) * Math.tanh(lstmState(x));
    }

    @Property(tries = 200)
    void lstm(@ForAll long seed, @ForAll boolean clipped) {
        TestData data = new TestData(seed, TestData.Kind.ORDINARY);
        int segment = WIDTH + 5;
        Area sums = data.area(ROWS, 4 * WIDTH);
        Area gates = data.area(ROWS, 4 * segment);
        Area old = data.area(ROWS, WIDTH);
        Area h = data.area(ROWS, WIDTH);
        int next = old.x().length;
        float[] c = Arrays.copyOf(old.x(), 2 * next);
        Area z = gates.copy();
        cells.lstmForward(sums.x(), sums.off(), sums.stride(), z.x(), z.off(), z.stride(), segment,
                c, old.off(), next + old.off(), old.stride(), h.x(), h.off(), h.stride(), ROWS,
                new float[ROWS * Cells.WORK]);
        Area state = new Area(c, next + old.off(), old.stride(), ROWS, WIDTH);

        float limit = clipped ? LIMIT : INF;
        Area back = data.area(ROWS, WIDTH);
        Area dh = data.area(ROWS, WIDTH);
        Area above = data.area(ROWS, WIDTH);
        Area dc = above.copy();
        Area dz = z.copy();
        cells.lstmBackward(back.x(), back.off(), back.stride(), limit, dz.x(), dz.off(),
                dz.stride(), segment, c, old.off(), next + old.off(), old.stride(), dh.x(),
                dh.off(), dh.stride(), dc.x(), dc.off(), dc.stride(), ROWS,
                new float[ROWS * Cells.WORK]);

        for (int r = 0; r < ROWS; r++) {
            for (int u = 0; u < WIDTH; u++) {
                double[] x = new double[5];
                for (int k = 0; k < 4; k++) {
                    x[k] = (double) gates.get(r, k * segment + u) + sums.get(r, k * WIDTH + u);
                    double gate = k == 2 ? Math.tanh(x[k]) : sigmoid(x[k]);
                    Bits.assertClose("gate " + k, gate, z.get(r, k * segment + u), VALUE);
                }
                x[4] = old.get(r, u);
                Bits.assertClose("c", lstmState(x), state.get(r, u), VALUE * (1 + Math.abs(x[4])));
                Bits.assertClose("h", lstmOutput(x), h.get(r, u), VALUE * (1 + Math.abs(x[4])));

                double d = clip((double) dh.get(r, u) + back.get(r, u), limit);
                double carried = above.get(r, u);
                Equation loss = v -> d * lstmOutput(v) + carried * lstmState(v);
                double scale = (Math.abs(d) + Math.abs(carried)) * (1 + Math.abs(x[4]));
                for (int k = 0; k < 4; k++) {
                    assertSlope("dz " + k, loss, x, k, dz.get(r, k * segment + u), scale);
                }
                assertSlope("dc", loss, x, 4, dc.get(r, u), scale);
            }
        }
    }

    /** The output of a GRU unit, x = r, z, n (W·x + b), q, h_{t−1}. */
    private static double gruOutput(double[] x) {
        double n = Math.tanh(x[2] + sigmoid(x[0]) * x[3]);
        return (1 - sigmoid(x[1])) * n + sigmoid(x[1]) * x[4];
    }

    @Property(tries = 200)
    void gru(@ForAll long seed, @ForAll boolean clipped) {
        TestData data = new TestData(seed, TestData.Kind.ORDINARY);
        int segment = WIDTH + 5;
        Area sums = data.area(ROWS, 3 * WIDTH);
        Area bias = data.row(WIDTH);
        Area gates = data.area(ROWS, 4 * segment);
        Area old = data.area(ROWS, WIDTH);
        int next = old.x().length;
        float[] h = Arrays.copyOf(old.x(), 2 * next);
        Area y = gates.copy();
        cells.gruForward(sums.x(), sums.off(), sums.stride(), y.x(), y.off(), y.stride(), segment,
                bias.x(), bias.off(), h, old.off(), next + old.off(), old.stride(), ROWS,
                new float[ROWS * Cells.WORK]);

        float limit = clipped ? LIMIT : INF;
        Area back = data.area(ROWS, WIDTH);
        Area above = data.area(2 * ROWS, WIDTH);
        Area dh = above.copy();
        Area dz = y.copy();
        int dhBefore = dh.off() + ROWS * dh.stride();
        cells.gruBackward(back.x(), back.off(), back.stride(), limit, dz.x(), dz.off(), dz.stride(),
                segment, h, old.off(), old.stride(), dh.x(), dh.off(), dhBefore, dh.stride(), ROWS);

        for (int r = 0; r < ROWS; r++) {
            for (int u = 0; u < WIDTH; u++) {
                double q = (double) sums.get(r, 2 * WIDTH + u) + bias.get(0, u);
                double[] x = {(double) gates.get(r, u) + sums.get(r, u),
                    (double) gates.get(r, segment + u) + sums.get(r, WIDTH + u),
                    gates.get(r, 2 * segment + u), q, old.get(r, u)};
                double size = 1 + Math.abs(q) + Math.abs(x[4]);
                double n = Math.tanh(x[2] + sigmoid(x[0]) * q);
                Bits.assertClose("r", sigmoid(x[0]), y.get(r, u), VALUE);
                Bits.assertClose("z", sigmoid(x[1]), y.get(r, segment + u), VALUE);
                Bits.assertClose("n", n, y.get(r, 2 * segment + u), VALUE * size);
                Bits.assertClose("q", q, y.get(r, 3 * segment + u), VALUE * size);
                float output = h[next + old.off() + r * old.stride() + u];
                Bits.assertClose("h", gruOutput(x), output, VALUE * size);

                double d = clip((double) above.get(r, u) + back.get(r, u), limit);
                double direct = above.get(ROWS + r, u);
                Equation loss = v -> d * gruOutput(v) + direct * v[4];
                double scale = (Math.abs(d) + Math.abs(direct)) * size;
                for (int k = 0; k < 4; k++) {
                    assertSlope("dz " + k, loss, x, k, dz.get(r, k * segment + u), scale);
                }
                assertSlope("dh", loss, x, 4, dh.get(ROWS + r, u), scale);
                Bits.assertSame("dh from above", above.get(r, u), dh.get(r, u));
            }
        }
    }

    private static double phi(Activation f, double z) {
        return switch (f) {
            case SIGMOID -> sigmoid(z);
            case TANH -> Math.tanh(z);
            case RELU -> Math.max(z, 0);
            case IDENTITY -> z;
        };
    }

    /** The output of a leaky unit, x = z, h_{t−1}, α. */
    private static double leakyOutput(Activation f, double[] x) {
        return (1 - x[2]) * x[1] + x[2] * phi(f, x[0]);
    }

    @Property(tries = 300)
    void leaky(@ForAll long seed, @ForAll Activation f, @ForAll boolean clipped) {
        TestData data = new TestData(seed, TestData.Kind.ORDINARY);
        int columns = 2 * WIDTH;
        Area sums = data.area(ROWS, columns);
        Area input = data.area(ROWS, columns);
        Area alpha = data.row(columns);
        Area h = data.area(2 * ROWS, columns);
        int next = h.off() + ROWS * h.stride();
        Area y = input.copy();
        cells.leakyForward(f, sums.x(), sums.off(), sums.stride(), y.x(), y.off(), y.stride(),
                alpha.x(), alpha.off(), h.x(), h.off(), next, h.stride(), ROWS, columns);

        float limit = clipped ? LIMIT : INF;
        Area back = data.area(ROWS, columns);
        Area above = data.area(2 * ROWS, columns);
        Area dh = above.copy();
        Area collected = data.area(ROWS, columns);
        Area rates = collected.copy();
        Area dz = y.copy();
        cells.leakyBackward(f, limit, back.x(), back.off(), back.stride(), dz.x(), dz.off(),
                dz.stride(), alpha.x(), alpha.off(), rates.x(), rates.off(), rates.stride(), h.x(),
                h.off(), h.stride(), dh.x(), dh.off(), dh.off() + ROWS * dh.stride(), dh.stride(),
                ROWS, columns);

        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < columns; c++) {
                double z = (double) input.get(r, c) + sums.get(r, c);
                double[] x = {z, h.get(r, c), alpha.get(0, c)};
                double size = (1 + Math.abs(z) + Math.abs(x[1])) * (1 + Math.abs(x[2]));
                Bits.assertClose("a", phi(f, z), y.get(r, c), VALUE * size);
                Bits.assertClose("h", leakyOutput(f, x), h.get(ROWS + r, c), VALUE * size);

                double d = clip((double) above.get(r, c) + back.get(r, c), limit);
                double direct = above.get(ROWS + r, c);
                double sum = collected.get(r, c);
                Equation loss = v -> d * leakyOutput(f, v) + direct * v[1] + sum * v[2];
                double scale = (Math.abs(d) + Math.abs(direct) + Math.abs(sum)) * size;
                boolean kink = f == Activation.RELU && Math.abs(z) < 1e-4;
                if (!kink) {
                    assertSlope("dz", loss, x, 0, dz.get(r, c), scale);
                }
                assertSlope("dh", loss, x, 1, dh.get(ROWS + r, c), scale);
                assertSlope("dα", loss, x, 2, rates.get(r, c), scale);
            }
        }
    }

    /** What the interface says of α = 0 and α = 1. */
    @Example
    void leakyAtItsEnds() {
        TestData data = new TestData(3, TestData.Kind.ORDINARY);
        float[] input = data.floats(WIDTH);
        float[] old = data.floats(WIDTH);
        float[] alpha = new float[WIDTH];
        Arrays.fill(alpha, 8, WIDTH, 1f);
        float[] a = input.clone();
        float[] h = Arrays.copyOf(old, 2 * WIDTH);
        cells.leakyForward(Activation.TANH, new float[WIDTH], 0, WIDTH, a, 0, WIDTH, alpha, 0, h, 0,
                WIDTH, WIDTH, 1, WIDTH);
        for (int c = 0; c < 8; c++) {
            Bits.assertSame("α = 0", old[c], h[WIDTH + c]);
        }
        for (int c = 8; c < WIDTH; c++) {
            double bound = 0x1p-24 * Math.abs(a[c] - old[c]) + 0x1p-24 * Math.abs(a[c]);
            Bits.assertClose("α = 1", a[c], h[WIDTH + c], 1.001 * bound);
        }
    }

    /** NaN passes the clip and infinity does not; a gate at its end stops what it should. */
    @Example
    void gruAtTheEdges() {
        float[] gates = new float[4 * WIDTH];
        Arrays.fill(gates, WIDTH, 2 * WIDTH, 1f);
        float[] dh = new float[2 * WIDTH];
        dh[0] = INF;
        dh[1] = -INF;
        dh[2] = Float.NaN;
        dh[3] = 1f;
        cells.gruBackward(new float[WIDTH], 0, WIDTH, LIMIT, gates, 0, 4 * WIDTH, WIDTH,
                new float[WIDTH], 0, WIDTH, dh, 0, WIDTH, WIDTH, 1);
        float[] expected = {LIMIT, -LIMIT, Float.NaN, LIMIT, 0f};
        for (int u = 0; u < expected.length; u++) {
            Bits.assertSame("z = 1 hands all on", expected[u], dh[WIDTH + u]);
        }
        Bits.assertSame("nothing reaches n", 0f, gates[2 * WIDTH]);
        Bits.assertSame("but NaN", Float.NaN, gates[2 * WIDTH + 2]);
    }
}
