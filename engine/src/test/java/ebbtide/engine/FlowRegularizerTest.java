package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Ω and its immediate gradient against their definition in double precision. */
class FlowRegularizerTest {
    private static final int STEPS = 7;
    private static final int BATCH = 3;
    private static final int HIDDEN = 19;

    @Test
    void equalsItsDefinition() {
        Rnn rnn = Rnn.tanh(4, HIDDEN).build(3);
        Plan plan = rnn.planner(STEPS, BATCH).keepAdjoints().build();
        FlowRegularizer regularizer = new FlowRegularizer(rnn, plan);
        Pass.Given given = Pass.Given.random(rnn, STEPS, BATCH, 4);
        Pass.run(plan, rnn, given, rnn.gradients());
        float[] weights = rnn.parameters().read("weight_hh_l0");
        double[] u = new double[weights.length];
        for (int i = 0; i < u.length; i++) {
            u[i] = weights[i];
        }
        Gradients gradients = rnn.gradients();
        double omega = regularizer.add(0.5, gradients);
        assertEquals(omega(plan, u), omega, 1e-5 * omega);
        float[] gradient = gradients.read("weight_hh_l0");
        for (int i = 0; i < u.length; i++) {
            double before = u[i];
            u[i] = before + 1e-6;
            double up = omega(plan, u);
            u[i] = before - 1e-6;
            double down = omega(plan, u);
            u[i] = before;
            assertEquals(0.5 * (up - down) / 2e-6, gradient[i], 2e-5, "element " + i);
        }
        for (float w : gradients.read("weight_ih_l0")) {
            assertEquals(0f, w, "U alone");
        }
    }

    /** Ω as a function of U, with states and δ as given. */
    private static double omega(Plan plan, double[] u) {
        double omega = 0;
        for (int t = 1; t < STEPS; t++) {
            for (int b = 0; b < BATCH; b++) {
                double delta = 0;
                double norm = 0;
                for (int j = 0; j < HIDDEN; j++) {
                    double v = 0;
                    for (int i = 0; i < HIDDEN; i++) {
                        double h = plan.output().at(t, b, i);
                        v += plan.adjoint(0).at(t, b, i) * (1 - h * h) * u[i * HIDDEN + j];
                    }
                    norm += v * v;
                    delta += Math.pow(plan.adjoint(0).at(t, b, j), 2);
                }
                omega += Math.pow(Math.sqrt(norm / delta) - 1, 2);
            }
        }
        return omega / BATCH;
    }

    @Test
    void refusesWhatItIsNotFor() {
        Rnn lstm = Rnn.lstm(2, 3).build(1);
        Plan plan = lstm.planner(2, 1).keepAdjoints().build();
        assertThrows(IllegalArgumentException.class, () -> new FlowRegularizer(lstm, plan));
        Rnn tanh = Rnn.tanh(2, 3).build(1);
        assertThrows(
                IllegalArgumentException.class, () -> new FlowRegularizer(tanh, tanh.plan(2, 1)));
        Plan kept = tanh.planner(2, 1).keepAdjoints().build();
        FlowRegularizer regularizer = new FlowRegularizer(tanh, kept);
        assertThrows(
                IllegalStateException.class, () -> regularizer.add(1, tanh.gradients()));
    }
}
