package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Pointwise;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where states and adjoints vanish: halved at every step, they are known exactly. */
class UnderflowTest {
    private static final int HIDDEN = 3;

    private final float[] h = new float[1];
    private final float[] dh = new float[1];

    /** The state after {@code steps} halvings, and the gradient that reaches the first one. */
    private void run(Kernels kernels, int steps) {
        Rnn rnn = Rnn.elman(Activation.IDENTITY, 1, HIDDEN).kernels(kernels).build(1);
        rnn.parameters().edit(values -> Arrays.fill(values, 0f));
        float[] half = new float[HIDDEN * HIDDEN];
        for (int i = 0; i < HIDDEN; i++) {
            half[i * HIDDEN + i] = 0.5f;
        }
        rnn.parameters().write("weight_hh_l0", half);
        Plan plan = rnn.plan(steps, 1);
        Tensor ones = Tensor.of(new float[] {1, 1, 1}, 1, 1, HIDDEN);
        Tensor hn = Tensor.zeros(1, 1, HIDDEN);
        Tensor dh0 = Tensor.zeros(1, 1, HIDDEN);
        plan.forward(Tensor.zeros(steps, 1, 1), ones, null, hn);
        plan.backward(null, ones, null, dh0, null);
        h[0] = hn.data()[1];
        dh[0] = dh0.data()[1];
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 99, 100, 101, 126, 130, 149, 160})
    void vanishAtTheThreshold(int steps) {
        float exact = Math.scalb(1f, -steps);
        for (Kernels kernels : new Kernels[] {
            KernelSelection.reference(), KernelSelection.selected().kernels()}) {
            run(kernels, steps);
            assertEquals(exact < Pointwise.VANISHED ? 0f : exact, h[0], "h, " + kernels.name());
            // The adjoint of the first step, 2^(1 − steps), is what counts; dh0 is half of it.
            assertEquals(2 * exact < Pointwise.VANISHED ? 0f : exact, dh[0],
                    "dh0, " + kernels.name());

            run(kernels.withGradualUnderflow(), steps);
            assertEquals(exact, h[0], "gradual h, " + kernels.name());
            assertEquals(exact, dh[0], "gradual dh0, " + kernels.name());
        }
    }
}
