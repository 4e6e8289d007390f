package ebbtide.checks;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.List;

/** The twins of gathers and column sums. */
final class RowTwins {
    static final List<TwinCase> CASES = List.of(
            new TwinCase("gather", RowTwins::gather),
            new TwinCase("scatterAdd", RowTwins::scatterAdd),
            new TwinCase("addRows", RowTwins::addRows),
            new TwinCase("addProducts", RowTwins::addProducts));

    private RowTwins() {}

    private static void gather(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(10);
        int n = (1 + data.below(5)) * Panels.WIDTH;
        int[] index = data.indices(rows + 3, 7);
        Twins.check(scalar.rows(), vector.rows(), data.seed, 1,
                (k, a) -> k.gather(a[1].x(), a[1].off(), a[1].stride(), index, 3, a[2].x(),
                        a[2].off(), a[0].x(), a[0].off(), a[0].stride(), rows, n),
                data.area(rows, n), data.area(7, n), data.row(n));
    }

    private static void scatterAdd(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(10);
        int n = (1 + data.below(5)) * Panels.WIDTH;
        int[] index = data.indices(rows + 2, 4);
        Twins.check(scalar.rows(), vector.rows(), data.seed, 1,
                (k, a) -> k.scatterAdd(a[1].x(), a[1].off(), a[1].stride(), index, 2, a[0].x(),
                        a[0].off(), a[0].stride(), rows, n),
                data.area(4, n), data.area(rows, n));
    }

    private static void addRows(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(41);
        int n = (1 + data.below(5)) * Panels.WIDTH;
        Twins.check(scalar.rows(), vector.rows(), data.seed, 1,
                (k, a) -> k.addRows(a[1].x(), a[1].off(), a[1].stride(), rows, n, a[0].x(),
                        a[0].off()),
                data.row(n), data.area(rows, n));
    }

    private static void addProducts(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(41);
        int n = (1 + data.below(5)) * Panels.WIDTH;
        Twins.check(scalar.rows(), vector.rows(), data.seed, 1,
                (k, a) -> k.addProducts(a[1].x(), a[1].off(), a[1].stride(), a[2].x(), a[2].off(),
                        a[2].stride(), rows, n, a[0].x(), a[0].off()),
                data.row(n), data.area(rows, n), data.area(rows, n));
    }
}
