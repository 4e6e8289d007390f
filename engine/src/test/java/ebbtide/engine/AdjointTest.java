package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The adjoints kept on the way back, and their norms: ∂L/∂h_t is what a run that starts at step t gives as dh0. */
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

    /** Rows, and for a batch of 1 columns, are shared among the threads. */
    @ParameterizedTest
    @CsvSource({"1, 3, 19", "3, 13, 19", "2, 1, 160", "3, 1, 160"})
    void normsAreThoseOfTheAdjoints(int threads, int batch, int hidden) {
        for (Networks kind : new Networks[] {Networks.TANH, Networks.LSTM, Networks.GRU}) {
            Rnn rnn = kind.of(INPUTS, hidden).build(3);
            Pass.Given given = Pass.Given.random(rnn, STEPS, batch, 4);
            Plan whole = rnn.planner(STEPS, batch).keepAdjoints().build();
            Pass.run(whole, rnn, given, rnn.gradients());
            try (Workers workers = Workers.of(threads)) {
                Plan plan = rnn.planner(STEPS, batch).workers(workers).keepAdjointNorms().build();
                Pass pass = Pass.run(plan, rnn, given, rnn.gradients());
                pass.assertSameBits(Pass.run(rnn.planner(STEPS, batch), rnn, given), "measuring");
                assertNorms(whole.adjoint(0), plan, batch);
            }
        }
    }

    @Test
    void normsComeInTheCallersOrder() {
        Rnn rnn = Rnn.tanh(INPUTS, HIDDEN).build(3);
        Pass.Given given = Pass.Given.random(rnn, STEPS, BATCH, 4);
        Plan plan =
                rnn.planner(STEPS, BATCH).variableLengths().keepAdjoints().keepAdjointNorms()
                        .build();
        Pass.run(plan, rnn, given, rnn.gradients());
        plan.lengths(2, 6, 4);
        Pass.run(plan, rnn, given, rnn.gradients());
        double[][] norms = new double[STEPS][BATCH];
        plan.adjointNorms(0, norms);
        int[] order = {2, 0, 1};
        for (int t = 0; t < STEPS; t++) {
            assertEquals(t < 2, norms[t][0] > 0);
            assertEquals(t < 4, norms[t][2] > 0);
            for (int b = 0; b < BATCH; b++) {
                double expected = norm(plan.adjoint(0), t, order[b]);
                assertEquals(norms[t][b] > 0 ? expected : 0, norms[t][b], 1e-6 * expected);
            }
        }
    }

    @Test
    void aNormDoesNotUnderflow() {
        Rnn rnn = Rnn.identity(1, 2).build(3);
        Plan plan = rnn.planner(1, 1).keepAdjointNorms().build();
        plan.forward(Tensor.zeros(1, 1, 1), null, null, null);
        plan.backward(
                Tensor.of(new float[] {3e-40f, 4e-40f}, 1, 1, 2), null, null, null,
                rnn.gradients());
        double[][] norms = new double[1][1];
        plan.adjointNorms(0, norms);
        assertEquals(5e-40, norms[0][0], 1e-44);
    }

    private static void assertNorms(Tensor adjoint, Plan plan, int batch) {
        double[][] norms = new double[STEPS][batch];
        plan.adjointNorms(0, norms);
        for (int t = 0; t < STEPS; t++) {
            for (int b = 0; b < batch; b++) {
                double expected = norm(adjoint, t, b);
                assertEquals(expected, norms[t][b], 1e-6 * expected, "step " + t + " row " + b);
            }
        }
    }

    private static double norm(Tensor adjoint, int t, int row) {
        double squares = 0;
        for (int i = 0; i < adjoint.features(); i++) {
            squares += (double) adjoint.at(t, row, i) * adjoint.at(t, row, i);
        }
        return Math.sqrt(squares);
    }

    @Test
    void asksForWhatIsKept() {
        Rnn rnn = Rnn.tanh(INPUTS, HIDDEN).build(5);
        Plan plan = rnn.plan(2, 2);
        assertThrows(IllegalStateException.class, () -> plan.adjoint(0));
        assertThrows(IllegalArgumentException.class, () -> plan.adjoint(1));
        assertThrows(IllegalStateException.class, () -> plan.adjointNorms(0, new double[2][2]));
        Plan norms = rnn.planner(2, 2).keepAdjointNorms().build();
        assertThrows(IllegalStateException.class, () -> norms.adjoint(0));
        assertThrows(
                IllegalArgumentException.class, () -> norms.adjointNorms(0, new double[2][3]));
        assertThrows(
                IllegalArgumentException.class, () -> norms.adjointNorms(0, new double[3][2]));
    }

    private static Tensor from(Tensor x, int t) {
        return new Tensor(
                x.data(), x.index(t, 0), x.steps() - t, x.rows(), x.features(), x.stepStride(),
                x.rowStride());
    }
}
