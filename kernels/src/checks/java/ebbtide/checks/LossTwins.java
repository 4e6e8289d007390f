package ebbtide.checks;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Losses;
import ebbtide.kernels.Panels;
import java.util.List;

/** The twins of losses, and the calls that the tests of losses make as well. */
public final class LossTwins {
    static final List<TwinCase> CASES = List.of(
            new TwinCase("softmaxCrossEntropy", LossTwins::softmax),
            new TwinCase("squaredError", LossTwins::squared),
            new TwinCase("binaryCrossEntropy", LossTwins::binary));

    private LossTwins() {}

    /** The areas of a call: gradient, losses, outputs, weights (some of them 0), float targets. */
    public static Area[] areas(TestData data, int rows, int columns) {
        int padded = Panels.padded(columns);
        Area weight = data.row(rows);
        for (int r = 0; r < rows; r++) {
            if (data.below(4) == 0) {
                weight.x()[weight.off() + r] = data.below(2) == 0 ? 0f : -0f;
            }
        }
        return new Area[] {data.area(rows, padded), data.row(rows), data.area(rows, padded), weight,
            data.area(rows, columns)};
    }

    private static void twins(
            Kernels scalar, Kernels vector, TestData data, Twins.Call<Losses> call, Area... areas) {
        Twins.check(scalar.losses(), vector.losses(), data.seed, 2, call, areas);
    }

    private static void softmax(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(6);
        int columns = 1 + data.below(150);
        int[] target = data.indices(rows + 1, columns);
        Area[] areas = areas(data, rows, columns);
        twins(scalar, vector, data,
                (k, a) -> softmax(k, a[2], target, 1, a[3], a[0], a[1], columns), areas);
        twins(scalar, vector, data,
                (k, a) -> softmax(k, a[0], target, 1, a[3], a[0], a[1], columns), areas[2],
                areas[1], areas[2], areas[3]);
    }

    private static void squared(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(6);
        int columns = 1 + data.below(150);
        Area[] areas = areas(data, rows, columns);
        twins(scalar, vector, data,
                (k, a) -> squared(k, a[2], a[4], a[3], a[0], a[1], columns), areas);
        twins(scalar, vector, data,
                (k, a) -> squared(k, a[0], a[4], a[3], a[0], a[1], columns), areas[2], areas[1],
                areas[2], areas[3], areas[4]);
    }

    private static void binary(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(6);
        int columns = 1 + data.below(150);
        twins(scalar, vector, data,
                (k, a) -> binary(k, a[2], a[4], a[3], a[0], a[1], columns),
                areas(data, rows, columns));
    }

    /** Calls softmax cross-entropy. */
    public static void softmax(
            Losses k, Area z, int[] target, int targetOff, Area w, Area dz, Area loss,
            int columns) {
        k.softmaxCrossEntropy(z.x(), z.off(), z.stride(), target, targetOff, w.x(), w.off(), dz.x(),
                dz.off(), dz.stride(), loss.x(), loss.off(), z.rows(), columns);
    }

    /** Calls squared error. */
    public static void squared(
            Losses k, Area y, Area t, Area w, Area dy, Area loss, int columns) {
        k.squaredError(y.x(), y.off(), y.stride(), t.x(), t.off(), t.stride(), w.x(), w.off(),
                dy.x(), dy.off(), dy.stride(), loss.x(), loss.off(), y.rows(), columns);
    }

    /** Calls binary cross-entropy. */
    public static void binary(
            Losses k, Area z, Area t, Area w, Area dz, Area loss, int columns) {
        k.binaryCrossEntropy(z.x(), z.off(), z.stride(), t.x(), t.off(), t.stride(), w.x(), w.off(),
                dz.x(), dz.off(), dz.stride(), loss.x(), loss.off(), z.rows(), columns);
    }
}
