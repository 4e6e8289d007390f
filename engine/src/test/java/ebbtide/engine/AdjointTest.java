package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The adjoints kept on the way back: ∂L/∂h_t is what a run that starts at step t gives as dh0. */
class AdjointTest {
    private static final int STEPS = 6;
    private static final int BATCH = 3;
    private static final int INPUTS = 4;
    private static final int HIDDEN = 19;

    @ParameterizedTest
    @EnumSource(
            value = Networks.class,
            names = {"SIGMOID", "TANH", "RELU", "IDENTITY", "LEAKY", "GRU"})
    void equalTheInitialGradientOfTheRest(Networks kind) {
        Rnn rnn = kind.of(INPUTS, HIDDEN).build(3);
        Pass.Given given = Pass.Given.random(rnn, STEPS, BATCH, 4);
        Plan plan = rnn.planner(STEPS, BATCH).keepAdjoints().build();
        Pass pass = Pass.run(plan, rnn, given, rnn.gradients());
        pass.assertSameBits(Pass.run(rnn.planner(STEPS, BATCH), rnn, given), "keeping");
        Tensor state = Tensor.zeros(1, BATCH, HIDDEN);
        Tensor dh0 = Tensor.zeros(1, BATCH, HIDDEN);
        for (int t = 0; t < STEPS - 1; t++) {
            plan.state(t + 1, state);
            Plan rest = rnn.plan(STEPS - 1 - t, BATCH);
            rest.forward(from(given.x(), t + 1), state, null, null);
            rest.backward(from(given.dy(), t + 1), given.dhn(), null, dh0, null);
            for (int b = 0; b < BATCH; b++) {
                for (int i = 0; i < HIDDEN; i++) {
                    float expected = dh0.at(0, b, i) + given.dy().at(t, b, i);
                    assertEquals(expected, plan.adjoint(0).at(t, b, i), 1e-6f, "step " + t);
                }
            }
        }
    }

    @Test
    void clippingComesAfter() {
        Rnn rnn = Rnn.tanh(INPUTS, HIDDEN).build(5);
        Pass.Given given = Pass.Given.random(rnn, 1, BATCH, 6);
        Plan plan = rnn.planner(1, BATCH).clipAdjoint(1e-3f).keepAdjoints().build();
        Pass.run(plan, rnn, given, rnn.gradients());
        float[] expected = new float[HIDDEN];
        float[] actual = new float[HIDDEN];
        for (int i = 0; i < HIDDEN; i++) {
            expected[i] = given.dy().at(0, 1, i) + given.dhn().at(0, 1, i);
            actual[i] = plan.adjoint(0).at(0, 1, i);
        }
        assertArrayEquals(expected, actual);
    }

    @Test
    void asksForWhatIsKept() {
        Plan plan = Rnn.tanh(INPUTS, HIDDEN).build(5).plan(2, 2);
        assertThrows(IllegalStateException.class, () -> plan.adjoint(0));
        assertThrows(IllegalArgumentException.class, () -> plan.adjoint(1));
    }

    private static Tensor from(Tensor x, int t) {
        return new Tensor(
                x.data(), x.index(t, 0), x.steps() - t, x.rows(), x.features(), x.stepStride(),
                x.rowStride());
    }
}
