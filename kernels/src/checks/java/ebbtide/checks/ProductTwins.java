package ebbtide.checks;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.List;

/** The twins of products and packing. */
final class ProductTwins {
    static final List<TwinCase> CASES = List.of(
            new TwinCase("multiply", ProductTwins::multiply),
            new TwinCase("multiplyGroups", ProductTwins::multiplyGroups),
            new TwinCase("packTransposed", ProductTwins::packTransposed),
            new TwinCase("packRows", ProductTwins::packRows),
            new TwinCase("packColumns", ProductTwins::packColumns),
            new TwinCase("packGroups", ProductTwins::packGroups));

    private ProductTwins() {}

    private static void multiply(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(12);
        int panels = 1 + data.below(9);
        boolean accumulate = data.below(2) == 0;
        int depth = depth(data);
        int panelStride = Panels.stride(depth) + data.below(3) * Panels.WIDTH;
        Area packed = data.row(panels * panelStride);
        Twins.check(scalar.products(), vector.products(), data.seed, 1,
                (k, a) -> k.multiply(a[1].x(), a[1].off(), a[1].stride(), rows, depth, packed.x(),
                        packed.off(), panelStride, panels, a[0].x(), a[0].off(), a[0].stride(),
                        accumulate),
                data.area(rows, panels * Panels.WIDTH), data.area(rows, depth));
    }

    private static void multiplyGroups(Kernels scalar, Kernels vector, TestData data) {
        int rows = Panels.HALF_GROUP * data.below(12);
        int panels = 1 + data.below(6);
        boolean accumulate = data.below(2) == 0;
        int depth = depth(data);
        int panelStride = Panels.stride(depth) + data.below(3) * Panels.WIDTH;
        int groupStride = (depth + data.below(3)) * Panels.GROUP;
        Area packed = data.row(panels * panelStride);
        Twins.check(scalar.products(), vector.products(), data.seed, 1,
                (k, a) -> k.multiplyGroups(a[1].x(), a[1].off(), groupStride, rows, depth,
                        packed.x(), packed.off(), panelStride, panels, a[0].x(), a[0].off(),
                        a[0].stride(), accumulate),
                data.area(rows, panels * Panels.WIDTH),
                data.row(Panels.groups(rows) * groupStride));
    }

    /** Around the size of a block, and everything small. */
    static int depth(TestData data) {
        return switch (data.below(16)) {
            case 0, 1 -> Panels.BLOCK - 1 + data.below(3);
            case 2 -> 2 * Panels.BLOCK + data.below(40);
            default -> 1 + data.below(70);
        };
    }

    private static void packTransposed(Kernels scalar, Kernels vector, TestData data) {
        int columns = 1 + data.below(70);
        int depth = 1 + data.below(40);
        Twins.check(scalar.packing(), vector.packing(), data.seed, 1,
                (k, a) -> k.packTransposed(a[1].x(), a[1].off(), a[1].stride(), columns, depth,
                        a[0].x(), a[0].off()),
                data.row(Panels.size(depth, columns)), data.area(columns, depth));
    }

    private static void packRows(Kernels scalar, Kernels vector, TestData data) {
        int columns = 1 + data.below(70);
        int rows = data.below(10);
        int k0 = data.below(6);
        int panelStride = Panels.stride(k0 + rows + data.below(3));
        Twins.check(scalar.packing(), vector.packing(), data.seed, 1,
                (k, a) -> k.packRows(a[1].x(), a[1].off(), a[1].stride(), rows, columns, a[0].x(),
                        a[0].off(), panelStride, k0),
                data.row(Panels.count(columns) * panelStride), data.area(rows, columns));
    }

    private static void packColumns(Kernels scalar, Kernels vector, TestData data) {
        int columns = 1 + data.below(70);
        int rows = data.below(10);
        int k0 = data.below(6);
        int groupStride = (k0 + rows + data.below(3)) * Panels.GROUP;
        Twins.check(scalar.packing(), vector.packing(), data.seed, 1,
                (k, a) -> k.packColumns(a[1].x(), a[1].off(), a[1].stride(), rows, columns,
                        a[0].x(), a[0].off(), groupStride, k0),
                data.row(Panels.groups(columns) * groupStride), data.area(rows, columns));
    }

    private static void packGroups(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(40);
        int depth = 1 + data.below(70);
        int groupStride = (depth + data.below(3)) * Panels.GROUP;
        Twins.check(scalar.packing(), vector.packing(), data.seed, 1,
                (k, a) -> k.packGroups(a[1].x(), a[1].off(), a[1].stride(), rows, depth,
                        a[0].x(), a[0].off(), groupStride),
                data.row(Panels.groups(rows) * groupStride), data.area(rows, depth));
    }
}
