package ebbtide.engine.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Allocation;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.loss.LossCases.Inputs;
import ebbtide.engine.random.Generator;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LossTest {
    /**
     * Every loss over sizes with all kinds of padding, and one that takes several blocks of rows.
     */
    static Stream<Arguments> sizes() {
        int[][] sizes = {{1, 1, 1}, {3, 2, 5}, {4, 3, 16}, {2, 5, 17}, {3, 1, 32}, {2, 40, 65}};
        return Stream.of(LossCases.values())
                .flatMap(loss -> Stream.of(sizes).map(s -> Arguments.of(loss, s[0], s[1], s[2])));
    }

    private static Inputs inputs(LossCases loss, int steps, int batch, int features) {
        return Inputs.random(steps, batch, features, Generator.of(loss.ordinal(), features));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void valueAndGradientAreThoseOfTheFormula(LossCases loss, int steps, int batch, int features) {
        Inputs weighted = inputs(loss, steps, batch, features);
        for (Inputs in : new Inputs[] {weighted, weighted.unweighted()}) {
            Tensor gradient = Tensor.zeros(steps, batch, features);
            float value = LossCases.compute(loss.create(in), in, gradient);
            double[] z = LossCases.doubles(in.output());
            double expected = loss.formula(in, z);
            assertEquals(expected, value, 2e-6 * Math.max(1, Math.abs(expected)));
            assertGradient(loss, in, z, gradient);
        }
    }

    /** Against central differences of the formula in double. */
    private static void assertGradient(LossCases loss, Inputs in, double[] z, Tensor gradient) {
        double[] found = LossCases.doubles(gradient);
        double[] expected = new double[z.length];
        double largest = 0;
        for (int i = 0; i < z.length; i++) {
            double[] moved = z.clone();
            moved[i] = z[i] + 1e-5;
            double above = loss.formula(in, moved);
            moved[i] = z[i] - 1e-5;
            expected[i] = (above - loss.formula(in, moved)) / 2e-5;
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        for (int i = 0; i < z.length; i++) {
            double error = Math.abs(found[i] - expected[i]);
            if (!(error <= 2e-6 * largest + 1e-9)) {
                throw new AssertionError(
                        "element %d: expected %s, got %s".formatted(i, expected[i], found[i]));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void viewsOfAnyStrideGiveTheSameBits(LossCases loss, int steps, int batch, int features) {
        Inputs in = inputs(loss, steps, batch, features);
        Tensor plain = Tensor.zeros(steps, batch, features);
        float value = LossCases.compute(loss.create(in), in, plain);
        for (int gap : new int[] {0, 3, 16}) {
            int row = features + gap;
            int step = batch * row + gap;
            float[] array = new float[5 + steps * step];
            float[] target = array.clone();
            Arrays.fill(array, 42);
            Arrays.fill(target, 42);
            Tensor view = new Tensor(array, 5, steps, batch, features, step, row);
            Tensor gradient = new Tensor(target, 5, steps, batch, features, step, row);
            LossCases.copy(in.output(), view);
            Loss other = loss.create(in);

            assertEquals(value, LossCases.compute(other, in.with(view), gradient));
            assertSame(plain, gradient);
            assertOutsideUntouched(gradient);
            assertEquals(value, LossCases.compute(other, in.with(view), view), "in place");
            assertSame(plain, view);
            assertOutsideUntouched(view);
        }
    }

    private static void assertSame(Tensor expected, Tensor found) {
        assertArrayEquals(LossCases.doubles(expected), LossCases.doubles(found));
    }

    private static void assertOutsideUntouched(Tensor view) {
        boolean[] inside = new boolean[view.data().length];
        for (int t = 0; t < view.steps(); t++) {
            for (int b = 0; b < view.rows(); b++) {
                int from = view.index(t, b);
                Arrays.fill(inside, from, from + view.features(), true);
            }
        }
        for (int i = 0; i < inside.length; i++) {
            assertTrue(inside[i] || view.data()[i] == 42f, "element " + i + " is not the view's");
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void theNumberDoesNotDependOnThreads(LossCases loss, int steps, int batch, int features) {
        Inputs in = inputs(loss, steps, batch, features);
        Tensor one = Tensor.zeros(steps, batch, features);
        float value = LossCases.compute(loss.create(in), in, one);
        for (int threads = 2; threads <= 4; threads++) {
            try (Workers workers = Workers.of(threads)) {
                Tensor many = Tensor.zeros(steps, batch, features);
                Loss split = loss.create(workers, steps, batch, features);
                assertEquals(value, LossCases.compute(split, in, many));
                assertSame(one, many);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfWeightZeroTakeNoPartWhateverTheyHold(LossCases loss) {
        Inputs in = inputs(loss, 4, 3, 7);
        in.sequences()[1] = 0;
        Tensor clean = Tensor.zeros(4, 3, 7);
        Loss computed = loss.create(in);
        float value = LossCases.compute(computed, in, clean);
        for (int t = 0; t < 4; t++) {
            for (int b = 0; b < 3; b++) {
                if (in.weight(t, b) == 0) {
                    int from = in.output().index(t, b);
                    Arrays.fill(in.output().data(), from, from + 7, Float.NaN);
                    Arrays.fill(in.target().data(), from, from + 7, -3);
                    in.tokens().data()[t * 3 + b] = -100;
                }
            }
        }
        Tensor gradient = Tensor.zeros(4, 3, 7);
        assertEquals(value, LossCases.compute(computed, in, gradient));
        assertSame(clean, gradient);
        assertArrayEquals(new float[7], Arrays.copyOfRange(gradient.data(), 7, 14));
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatCountsAndHoldsNaNShows(LossCases loss) {
        Inputs in = inputs(loss, 2, 2, 5).unweighted();
        in.output().data()[7] = Float.NaN;
        Tensor gradient = Tensor.zeros(2, 2, 5);
        assertTrue(Float.isNaN(LossCases.compute(loss.create(in), in, gradient)));
        assertTrue(Float.isNaN(gradient.at(0, 1, 2)));
        assertEquals(0, Arrays.stream(LossCases.doubles(gradient), 10, 20)
                .filter(Double::isNaN).count());
    }

    @ParameterizedTest
    @EnumSource
    void weightsAreRelative(LossCases loss) {
        Inputs in = inputs(loss, 3, 4, 6);
        Inputs plain = in.unweighted();
        Loss computed = loss.create(in);
        float expected = LossCases.compute(computed, plain, null);
        Tensor fours = Tensor.zeros(3, 4, 1);
        Arrays.fill(fours.data(), 4);
        float[] halves = {0.5f, 0.5f, 0.5f, 0.5f};
        Inputs scaled = new Inputs(in.output(), in.target(), in.tokens(), fours, halves);
        assertEquals(expected, LossCases.compute(computed, scaled, null));
        // And back: nothing of the weights stays behind.
        LossCases.compute(computed, in, null);
        assertEquals(expected, LossCases.compute(computed, plain, null));
    }

    @ParameterizedTest
    @EnumSource
    void computingAllocatesNothing(LossCases loss) {
        Inputs in = inputs(loss, 3, 4, 21);
        Tensor gradient = Tensor.zeros(3, 4, 21);
        Loss computed = loss.create(in);
        assertEquals(0, Allocation.bytes(() -> LossCases.compute(computed, in, gradient)));
        Inputs plain = in.unweighted();
        assertEquals(0, Allocation.bytes(() -> LossCases.compute(computed, plain, null)));
    }
}
