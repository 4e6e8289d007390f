package ebbtide.checks;

import static ebbtide.kernels.Panels.WIDTH;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Cells;
import ebbtide.kernels.Kernels;
import java.util.Arrays;
import java.util.List;

/** The twins of {@link Cells}. */
final class CellTwins {
    static final List<TwinCase> CASES = List.of(
            new TwinCase("lstm", CellTwins::lstm),
            new TwinCase("gru", CellTwins::gru),
            new TwinCase("leaky", CellTwins::leaky));

    private static final float[] LIMITS = {Float.POSITIVE_INFINITY, 1f, 0f};

    private CellTwins() {}

    private static void twins(
            Kernels scalar, Kernels vector, TestData data, int outputs, Twins.Call<Cells> call,
            Area... areas) {
        Twins.check(scalar.cells(), vector.cells(), data.seed, outputs, call, areas);
    }

    /** Scratch that holds not one float more than was asked for, and nothing useful. */
    private static float[] work(int rows) {
        float[] work = new float[rows * Cells.WORK];
        Arrays.fill(work, Float.NaN);
        return work;
    }

    /**
     * Four segments a row, as a matrix of segments with a guard band after each: either a row's
     * segments follow each other, or a gate's rows do.
     */
    private record Gates(Area area, int stride, int segment) {
        static Gates of(TestData data, int rows) {
            Area area = data.area(4 * rows, WIDTH);
            return data.below(2) == 0
                    ? new Gates(area, 4 * area.stride(), area.stride())
                    : new Gates(area, area.stride(), rows * area.stride());
        }
    }

    /** Two states in one array; the area is the second, so that the first counts as guard band. */
    private static Area second(TestData data, int rows, int columns) {
        Area both = data.area(2 * rows, columns);
        int off = both.off() + rows * both.stride();
        return new Area(both.x(), off, both.stride(), rows, columns);
    }

    /** Where the state before is: in front of the area, or in its place. */
    private static int before(TestData data, Area second) {
        int distance = second.rows() * second.stride();
        return second.off() - (data.below(3) == 0 ? 0 : distance);
    }

    private static void lstm(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(12);
        Gates gates = Gates.of(data, rows);
        Area sums = data.area(rows, 4 * WIDTH);
        Area c = second(data, rows, WIDTH);
        Area h = data.area(rows, WIDTH);
        int old = before(data, c);
        twins(scalar, vector, data, 3,
                (k, a) -> k.lstmForward(a[3].x(), a[3].off(), a[3].stride(), a[0].x(), a[0].off(),
                        gates.stride, gates.segment, a[1].x(), old, a[1].off(), a[1].stride(),
                        a[2].x(), a[2].off(), a[2].stride(), rows, work(rows)),
                gates.area, c, h, sums);

        int first = c.off() - rows * c.stride();
        Area back = data.area(rows, WIDTH);
        Area dc = data.area(rows, WIDTH);
        for (float limit : LIMITS) {
            twins(scalar, vector, data, 2,
                    (k, a) -> k.lstmBackward(a[2].x(), a[2].off(), a[2].stride(), limit, a[0].x(),
                            a[0].off(), gates.stride, gates.segment, a[3].x(), first, a[3].off(),
                            a[3].stride(), a[4].x(), a[4].off(), a[4].stride(), a[1].x(),
                            a[1].off(), a[1].stride(), rows, work(rows)),
                    gates.area, dc, back, c, h);
        }
    }

    private static void gru(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(12);
        Gates gates = Gates.of(data, rows);
        Area sums = data.area(rows, 3 * WIDTH);
        Area bias = data.row(WIDTH);
        Area h = second(data, rows, WIDTH);
        int old = before(data, h);
        twins(scalar, vector, data, 2,
                (k, a) -> k.gruForward(a[2].x(), a[2].off(), a[2].stride(), a[0].x(), a[0].off(),
                        gates.stride, gates.segment, a[3].x(), a[3].off(), a[1].x(), old,
                        a[1].off(), a[1].stride(), rows, work(rows)),
                gates.area, h, sums, bias);

        Area back = data.area(rows, WIDTH);
        Area dh = second(data, rows, WIDTH);
        int above = dh.off() - rows * dh.stride();
        for (float limit : LIMITS) {
            twins(scalar, vector, data, 2,
                    (k, a) -> k.gruBackward(a[2].x(), a[2].off(), a[2].stride(), limit, a[0].x(),
                            a[0].off(), gates.stride, gates.segment, a[3].x(), a[3].off(),
                            a[3].stride(), a[1].x(), above, a[1].off(), a[1].stride(), rows),
                    gates.area, dh, back, h);
        }
    }

    private static void leaky(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(10);
        int n = (1 + data.below(5)) * WIDTH;
        Area y = data.area(rows, n);
        Area sums = data.area(rows, n);
        Area alpha = data.row(n);
        Area h = second(data, rows, n);
        int old = before(data, h);
        Area dh = second(data, rows, n);
        int above = dh.off() - rows * dh.stride();
        Area rates = data.area(rows, n);
        float limit = LIMITS[data.below(LIMITS.length)];
        for (Activation f : Activation.values()) {
            twins(scalar, vector, data, 2,
                    (k, a) -> k.leakyForward(f, a[2].x(), a[2].off(), a[2].stride(), a[0].x(),
                            a[0].off(), a[0].stride(), a[3].x(), a[3].off(), a[1].x(), old,
                            a[1].off(), a[1].stride(), rows, n),
                    y, h, sums, alpha);
            twins(scalar, vector, data, 2,
                    (k, a) -> k.leakyBackward(f, limit, a[2].x(), a[2].off(), a[2].stride(),
                            a[0].x(), a[0].off(), a[0].stride(), a[3].x(), a[3].off(), null, 0, 0,
                            a[4].x(), a[4].off(), a[4].stride(), a[1].x(), above, a[1].off(),
                            a[1].stride(), rows, n),
                    y, dh, sums, alpha, h);
            twins(scalar, vector, data, 3,
                    (k, a) -> k.leakyBackward(f, limit, a[3].x(), a[3].off(), a[3].stride(),
                            a[0].x(), a[0].off(), a[0].stride(), a[4].x(), a[4].off(), a[2].x(),
                            a[2].off(), a[2].stride(), a[5].x(), a[5].off(), a[5].stride(),
                            a[1].x(), above, a[1].off(), a[1].stride(), rows, n),
                    y, dh, rates, sums, alpha, h);
        }
    }
}
