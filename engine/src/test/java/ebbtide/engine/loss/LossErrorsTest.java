package ebbtide.engine.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Tensor;
import ebbtide.engine.Tokens;
import ebbtide.engine.Workers;
import ebbtide.engine.loss.LossCases.Inputs;
import ebbtide.engine.random.Generator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LossErrorsTest {
    private final Inputs in = Inputs.random(3, 2, 5, Generator.of(1)).unweighted();

    /** Computes with a gradient of sevens, expects a refusal of one line, and the sevens. */
    private static String refused(LossCases loss, Loss computed, Inputs in) {
        Tensor gradient = Tensor.zeros(3, 2, 5);
        Arrays.fill(gradient.data(), 7);
        String message =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> LossCases.compute(computed, in, gradient),
                        loss.name())
                        .getMessage();
        float[] sevens = new float[30];
        Arrays.fill(sevens, 7);
        assertArrayEquals(sevens, gradient.data());
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("expected"), message);
        return message;
    }

    private Inputs weights(Tensor mask, float... sequences) {
        return new Inputs(
                in.output(),
                in.target(),
                in.tokens(),
                mask,
                sequences.length == 0 ? null : sequences);
    }

    @ParameterizedTest
    @EnumSource
    void weightsThatSumToNothing(LossCases loss) {
        Loss computed = loss.create(in);
        refused(loss, computed, weights(Tensor.zeros(3, 2, 1)));
        refused(loss, computed, weights(null, 0, 0));
        Tensor first = Tensor.zeros(3, 2, 1);
        for (int t = 0; t < 3; t++) {
            first.data()[2 * t] = 1;
        }
        String message = refused(loss, computed, weights(first, 0, 1));
        assertTrue(message.contains("sum"), message);
    }

    @ParameterizedTest
    @EnumSource
    void weightsThatAreNone(LossCases loss) {
        Loss computed = loss.create(in);
        refused(loss, computed, weights(null, 1, -1));
        refused(loss, computed, weights(null, 1, Float.NaN));
        refused(loss, computed, weights(null, Float.POSITIVE_INFINITY, 1));
        refused(loss, computed, weights(null, 1));
        refused(loss, computed, weights(null, 1, 1, 1));
        Tensor mask = Tensor.zeros(3, 2, 1);
        mask.data()[3] = Float.NaN;
        refused(loss, computed, weights(mask));
        refused(loss, computed, weights(Tensor.zeros(3, 2, 2)));
        refused(loss, computed, weights(Tensor.zeros(2, 3, 1)));
    }

    @ParameterizedTest
    @EnumSource
    void shapesOfAnotherLoss(LossCases loss) {
        Inputs other = Inputs.random(3, 2, 6, Generator.of(1)).unweighted();
        String message = refused(loss, loss.create(other), in);
        assertTrue(message.contains("[3, 2, 6], got [3, 2, 5]"), message);
        Loss computed = loss.create(in);
        Tensor wrong = Tensor.zeros(3, 3, 5);
        assertThrows(
                IllegalArgumentException.class, () -> LossCases.compute(computed, in, wrong));
        assertThrows(
                IllegalArgumentException.class,
                () -> LossCases.compute(
                        computed,
                        new Inputs(
                                in.output(),
                                Tensor.zeros(3, 2, 4),
                                Tokens.of(new int[4], 2, 2),
                                null,
                                null),
                        null));
    }

    @ParameterizedTest
    @EnumSource
    void gradientsThatOverlap(LossCases loss) {
        float[] array = new float[100];
        Arrays.fill(array, 0.5f);
        Loss computed = loss.create(in);
        Tensor output = new Tensor(array, 0, 3, 2, 5, 10, 5);
        Inputs views = in.with(output);
        for (Tensor gradient : new Tensor[] {
            new Tensor(array, 1, 3, 2, 5, 10, 5),
            new Tensor(array, 0, 3, 2, 5, 12, 5),
            new Tensor(array, 29, 3, 2, 5, 10, 5)
        }) {
            String message =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> LossCases.compute(computed, views, gradient))
                            .getMessage();
            assertTrue(message.contains("outputs"), message);
        }
        assertEquals(0.5f, array[30]);
        LossCases.compute(computed, views, new Tensor(array, 30, 3, 2, 5, 10, 5));

        Tensor mask = new Tensor(array, 0, 3, 2, 1, 2, 1);
        Tensor gradient = new Tensor(array, 3, 3, 2, 5, 10, 5);
        Inputs masked = new Inputs(in.output(), in.target(), in.tokens(), mask, null);
        assertThrows(
                IllegalArgumentException.class,
                () -> LossCases.compute(computed, masked, gradient));
        if (loss != LossCases.SOFTMAX) {
            Inputs shared = new Inputs(in.output(), output, null, null, null);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> LossCases.compute(computed, shared, output));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void tokensThatNameNoClass(int token) {
        in.tokens().data()[3] = token;
        String message = refused(LossCases.SOFTMAX, LossCases.SOFTMAX.create(in), in);
        assertTrue(message.contains("step 1, sequence 1"), message);
        assertTrue(message.contains("0 to 4, got " + token), message);
    }

    @ParameterizedTest
    @ValueSource(floats = {-0.01f, 1.01f, Float.NaN, Float.NEGATIVE_INFINITY})
    void probabilitiesThatAreNone(float target) {
        in.target().data()[17] = target;
        String message = refused(LossCases.BINARY, LossCases.BINARY.create(in), in);
        assertTrue(message.contains("step 1, sequence 1, feature 2"), message);
    }

    @ParameterizedTest
    @EnumSource
    void sizesBelowOne(LossCases loss) {
        try (Workers workers = Workers.single()) {
            for (int[] size : new int[][] {{0, 1, 1}, {1, -1, 1}, {1, 1, 0},
                {1 << 16, 1 << 16, 1}}) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> loss.create(workers, size[0], size[1], size[2]));
            }
        }
    }

    @Test
    void missingTargets() {
        MeanSquaredError loss = new MeanSquaredError(LossCases.KERNELS, 3, 2, 5);
        assertThrows(
                NullPointerException.class, () -> loss.compute(in.output(), null, null));
    }
}
