package ebbtide.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Gradients;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine with OpenBLAS for its merged products, beside itself without. */
class EngineTest {
    private static final int STEPS = 20;
    private static final int BATCH = 16;
    private static final int INPUTS = 33;

    private static Tensor random(int features, long seed) {
        Tensor tensor = Tensor.zeros(STEPS, BATCH, features);
        Random random = new Random(seed);
        for (int i = 0; i < tensor.data().length; i++) {
            tensor.data()[i] = random.nextFloat() - 0.5f;
        }
        return tensor;
    }

    /** y, dx and all gradients of one pass. */
    private static float[][] pass(Kernels kernels, int hidden, int threads) {
        Rnn rnn = Rnn.lstm(INPUTS, hidden).layers(2).kernels(kernels).build(1);
        Gradients gradients = rnn.gradients();
        Tensor y = Tensor.zeros(STEPS, BATCH, hidden);
        Tensor dx = Tensor.zeros(STEPS, BATCH, INPUTS);
        try (Workers workers = Workers.of(threads)) {
            Plan plan = rnn.planner(STEPS, BATCH).workers(workers).build();
            plan.forward(random(INPUTS, 2), null, y, null);
            plan.backward(random(hidden, 3), null, dx, null, gradients);
        }
        return new float[][] {y.data(), dx.data(), gradients.array()};
    }

    /** On the heap, and through native memory. */
    @ParameterizedTest
    @CsvSource({"48, 1, 1e99", "64, 3, 1e99", "50, 2, 0"})
    void passesAgree(int hidden, int threads, double inPlaceFlops) throws Exception {
        Kernels ours = KernelSelection.selected().kernels();
        float[][] expected = pass(ours, hidden, threads);
        try (OpenBlas blas = TestLibraries.jar().open(inPlaceFlops)) {
            assertClose(expected, pass(ours.with(blas), hidden, threads));
            assertClose(expected, pass(ours.withWhereFaster(blas), hidden, threads));
        }
    }

    private static void assertClose(float[][] expected, float[][] actual) {
        for (int i = 0; i < expected.length; i++) {
            double largest = 0;
            for (float value : expected[i]) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int j = 0; j < expected[i].length; j++) {
                double error = Math.abs((double) expected[i][j] - actual[i][j]);
                assertTrue(error <= 5e-6 * largest,
                        "%d[%d]: expected %s, got %s"
                                .formatted(i, j, expected[i][j], actual[i][j]));
            }
        }
    }

    @Test
    void aClosedLibrarySaysSoInsideThePass() throws Exception {
        OpenBlas blas = TestLibraries.jar().open();
        Kernels kernels = KernelSelection.selected().kernels().with(blas);
        assertEquals(KernelSelection.selected().kernels().name() + "+openblas", kernels.name());
        blas.close();
        var e = assertThrows(IllegalStateException.class, () -> pass(kernels, 32, 2));
        assertTrue(String.valueOf(e.getMessage()).contains("this OpenBlas is closed")
                || String.valueOf(e.getCause()).contains("this OpenBlas is closed"), e.toString());
    }
}
