package ebbtide.checks;

import static ebbtide.kernels.Panels.WIDTH;

import ebbtide.kernels.GatedVariants;
import ebbtide.kernels.Kernels;
import java.util.List;

/** The twins of {@link GatedVariants}. */
final class VariantTwins {
    static final List<TwinCase> CASES = List.of(
            new TwinCase("peepholeForward", VariantTwins::peepholeForward),
            new TwinCase("peepholeBackward", VariantTwins::peepholeBackward),
            new TwinCase("resetForward", VariantTwins::resetForward),
            new TwinCase("candidateForward", VariantTwins::candidateForward),
            new TwinCase("candidateBackward", VariantTwins::candidateBackward),
            new TwinCase("resetBackward", VariantTwins::resetBackward));

    private VariantTwins() {}

    private static float[] work(int rows) {
        return new float[rows * GatedVariants.WORK];
    }

    private static void peepholeForward(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(10);
        Twins.check(scalar.gatedVariants(), vector.gatedVariants(), data.seed, 3,
                (k, a) -> k.peepholeForward(a[3].x(), a[3].off(), a[3].stride(), a[0].x(),
                        a[0].off(), a[0].stride(), WIDTH, a[4].x(), a[4].off(), a[1].x(),
                        a[1].off(), a[1].off() + WIDTH, a[1].stride(), a[2].x(), a[2].off(),
                        a[2].stride(), rows, work(rows)),
                data.area(rows, 4 * WIDTH), data.area(rows, 2 * WIDTH), data.area(rows, WIDTH),
                data.area(rows, 4 * WIDTH), data.row(3 * WIDTH));
    }

    private static void peepholeBackward(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(10);
        float limit = data.below(2) == 0 ? 0.5f : Float.POSITIVE_INFINITY;
        Twins.check(scalar.gatedVariants(), vector.gatedVariants(), data.seed, 2,
                (k, a) -> k.peepholeBackward(a[3].x(), a[3].off(), a[3].stride(), limit,
                        a[0].x(), a[0].off(), a[0].stride(), WIDTH, a[4].x(), a[4].off(),
                        a[2].x(), a[2].off(), a[2].off() + WIDTH, a[2].stride(), a[5].x(),
                        a[5].off(), a[5].stride(), a[1].x(), a[1].off(), a[1].stride(), rows,
                        work(rows)),
                data.area(rows, 4 * WIDTH), data.area(rows, WIDTH), data.area(rows, 2 * WIDTH),
                data.area(rows, WIDTH), data.row(3 * WIDTH), data.area(rows, WIDTH));
    }

    private static void resetForward(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(10);
        Twins.check(scalar.gatedVariants(), vector.gatedVariants(), data.seed, 1,
                (k, a) -> k.resetForward(a[1].x(), a[1].off(), a[1].stride(), a[0].x(),
                        a[0].off(), a[0].stride(), WIDTH, a[2].x(), a[2].off(), a[2].stride(),
                        rows, work(rows)),
                data.area(rows, 4 * WIDTH), data.area(rows, 2 * WIDTH), data.area(rows, WIDTH));
    }

    private static void candidateForward(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(10);
        Twins.check(scalar.gatedVariants(), vector.gatedVariants(), data.seed, 2,
                (k, a) -> k.candidateForward(a[2].x(), a[2].off(), a[2].stride(), a[0].x(),
                        a[0].off(), a[0].stride(), WIDTH, a[1].x(), a[1].off(),
                        a[1].off() + WIDTH, a[1].stride(), rows, work(rows)),
                data.area(rows, 4 * WIDTH), data.area(rows, 2 * WIDTH), data.area(rows, WIDTH));
    }

    private static void candidateBackward(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(10);
        float limit = data.below(2) == 0 ? 0.5f : Float.POSITIVE_INFINITY;
        Twins.check(scalar.gatedVariants(), vector.gatedVariants(), data.seed, 1,
                (k, a) -> k.candidateBackward(a[1].x(), a[1].off(), a[1].stride(), limit,
                        a[0].x(), a[0].off(), a[0].stride(), WIDTH, a[2].x(), a[2].off(),
                        a[2].stride(), a[3].x(), a[3].off(), a[3].stride(), rows),
                data.area(rows, 5 * WIDTH), data.area(rows, WIDTH), data.area(rows, WIDTH),
                data.area(rows, WIDTH));
    }

    private static void resetBackward(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(10);
        Twins.check(scalar.gatedVariants(), vector.gatedVariants(), data.seed, 2,
                (k, a) -> k.resetBackward(a[2].x(), a[2].off(), a[2].stride(), a[0].x(),
                        a[0].off(), a[0].stride(), WIDTH, a[3].x(), a[3].off(), a[3].stride(),
                        a[1].x(), a[1].off(), a[1].stride(), rows),
                data.area(rows, 5 * WIDTH), data.area(rows, WIDTH), data.area(rows, WIDTH),
                data.area(rows, WIDTH));
    }
}
