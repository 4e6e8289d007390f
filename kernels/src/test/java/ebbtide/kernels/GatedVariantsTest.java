package ebbtide.kernels;

import static ebbtide.kernels.Panels.WIDTH;

import ebbtide.kernels.scalar.ScalarGatedVariants;
import ebbtide.kernels.vector.VectorGatedVariants;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The twins of {@link GatedVariants}, bit for bit; the engine's central differences judge the values. */
@AddLifecycleHook(TestWidth.class)
class GatedVariantsTest {
    private final GatedVariants scalar = new ScalarGatedVariants();
    private final GatedVariants vector = new VectorGatedVariants();

    @BeforeContainer
    static void width() {
        TestWidth.assertExpected();
    }

    private static float[] work(int rows) {
        return new float[rows * GatedVariants.WORK];
    }

    private static float limit(boolean clipped) {
        return clipped ? 0.5f : Float.POSITIVE_INFINITY;
    }

    @Property(tries = 300)
    void peepholeForward(
            @ForAll long seed,
            @ForAll TestData.Kind kind,
            @ForAll @IntRange(max = 9) int rows) {
        TestData data = new TestData(seed, kind);
        Twins.check(scalar, vector, seed, 3,
                (k, a) -> k.peepholeForward(a[3].x(), a[3].off(), a[3].stride(), a[0].x(),
                        a[0].off(), a[0].stride(), WIDTH, a[4].x(), a[4].off(), a[1].x(),
                        a[1].off(), a[1].off() + WIDTH, a[1].stride(), a[2].x(), a[2].off(),
                        a[2].stride(), rows, work(rows)),
                data.area(rows, 4 * WIDTH), data.area(rows, 2 * WIDTH), data.area(rows, WIDTH),
                data.area(rows, 4 * WIDTH), data.row(3 * WIDTH));
    }

    @Property(tries = 300)
    void peepholeBackward(
            @ForAll long seed,
            @ForAll TestData.Kind kind,
            @ForAll @IntRange(max = 9) int rows,
            @ForAll boolean clipped) {
        TestData data = new TestData(seed, kind);
        Twins.check(scalar, vector, seed, 2,
                (k, a) -> k.peepholeBackward(a[3].x(), a[3].off(), a[3].stride(), limit(clipped),
                        a[0].x(), a[0].off(), a[0].stride(), WIDTH, a[4].x(), a[4].off(),
                        a[2].x(), a[2].off(), a[2].off() + WIDTH, a[2].stride(), a[5].x(),
                        a[5].off(), a[5].stride(), a[1].x(), a[1].off(), a[1].stride(), rows,
                        work(rows)),
                data.area(rows, 4 * WIDTH), data.area(rows, WIDTH), data.area(rows, 2 * WIDTH),
                data.area(rows, WIDTH), data.row(3 * WIDTH), data.area(rows, WIDTH));
    }

    @Property(tries = 300)
    void resetForward(
            @ForAll long seed,
            @ForAll TestData.Kind kind,
            @ForAll @IntRange(max = 9) int rows) {
        TestData data = new TestData(seed, kind);
        Twins.check(scalar, vector, seed, 1,
                (k, a) -> k.resetForward(a[1].x(), a[1].off(), a[1].stride(), a[0].x(),
                        a[0].off(), a[0].stride(), WIDTH, a[2].x(), a[2].off(), a[2].stride(),
                        rows, work(rows)),
                data.area(rows, 4 * WIDTH), data.area(rows, 2 * WIDTH), data.area(rows, WIDTH));
    }

    @Property(tries = 300)
    void candidateForward(
            @ForAll long seed,
            @ForAll TestData.Kind kind,
            @ForAll @IntRange(max = 9) int rows) {
        TestData data = new TestData(seed, kind);
        Twins.check(scalar, vector, seed, 2,
                (k, a) -> k.candidateForward(a[2].x(), a[2].off(), a[2].stride(), a[0].x(),
                        a[0].off(), a[0].stride(), WIDTH, a[1].x(), a[1].off(),
                        a[1].off() + WIDTH, a[1].stride(), rows, work(rows)),
                data.area(rows, 4 * WIDTH), data.area(rows, 2 * WIDTH), data.area(rows, WIDTH));
    }

    @Property(tries = 300)
    void candidateBackward(
            @ForAll long seed,
            @ForAll TestData.Kind kind,
            @ForAll @IntRange(max = 9) int rows,
            @ForAll boolean clipped) {
        TestData data = new TestData(seed, kind);
        Twins.check(scalar, vector, seed, 1,
                (k, a) -> k.candidateBackward(a[1].x(), a[1].off(), a[1].stride(), limit(clipped),
                        a[0].x(), a[0].off(), a[0].stride(), WIDTH, a[2].x(), a[2].off(),
                        a[2].stride(), a[3].x(), a[3].off(), a[3].stride(), rows),
                data.area(rows, 5 * WIDTH), data.area(rows, WIDTH), data.area(rows, WIDTH),
                data.area(rows, WIDTH));
    }

    @Property(tries = 300)
    void resetBackward(
            @ForAll long seed,
            @ForAll TestData.Kind kind,
            @ForAll @IntRange(max = 9) int rows) {
        TestData data = new TestData(seed, kind);
        Twins.check(scalar, vector, seed, 2,
                (k, a) -> k.resetBackward(a[2].x(), a[2].off(), a[2].stride(), a[0].x(),
                        a[0].off(), a[0].stride(), WIDTH, a[3].x(), a[3].off(), a[3].stride(),
                        a[1].x(), a[1].off(), a[1].stride(), rows),
                data.area(rows, 5 * WIDTH), data.area(rows, WIDTH), data.area(rows, WIDTH),
                data.area(rows, WIDTH));
    }
}
