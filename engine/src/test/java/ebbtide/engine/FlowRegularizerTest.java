package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ω and its immediate gradient against their definition in double precision. */
class FlowRegularizerTest {
    private static final int STEPS = 7;
    private static final int BATCH = 3;
    private static final int HIDDEN = 19;

    /** φ′ as a function of φ, and what of δ passes U by. */
    private record Slope(Networks kind, DoubleUnaryOperator ofPhi, double past) {
        /** ∂h_t/∂z of a unit, from the states of two steps. */
        double at(double h, double before) {
            double phi = kind == Networks.TANH ? h : (h - past * before) / scale();
            return scale() * ofPhi.applyAsDouble(phi);
        }

        private double scale() {
            return kind == Networks.TANH || kind == Networks.RESIDUAL ? 1 : 1 - past;
        }
    }

    private static Slope slope(Networks kind) {
        return switch (kind) {
            case TANH -> new Slope(kind, phi -> 1 - phi * phi, 0);
            case RESIDUAL -> new Slope(kind, phi -> 1 - phi * phi, 1);
            case LEAKY -> new Slope(kind, phi -> 1 - phi * phi, 1 - 0.3f);
            case LEARNED_LEAK -> new Slope(kind, phi -> phi * (1 - phi), 1 - 0.3f);
            default -> throw new IllegalArgumentException(kind.name());
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"TANH", "LEAKY", "LEARNED_LEAK", "RESIDUAL"})
    void equalsItsDefinition(Networks kind) {
        check(kind, kind.of(4, HIDDEN).build(3), null);
    }

    @ParameterizedTest
    @EnumSource(names = {"TANH", "LEAKY"})
    void soItDoesInBothDirectionsAndForAnyLength(Networks kind) {
        Rnn both = kind.of(4, HIDDEN).directions(Directions.CONCATENATED).build(3);
        check(kind, both, null);
        check(kind, both, new int[] {7, 1, 4});
        check(kind, kind.of(4, HIDDEN).build(3), new int[] {7, 1, 4});
    }

    private static void check(Networks kind, Rnn rnn, int[] lengths) {
        Planner planner = rnn.planner(STEPS, BATCH).keepAdjoints();
        Plan plan = lengths == null ? planner.build() : planner.variableLengths().build();
        FlowRegularizer regularizer = new FlowRegularizer(rnn, plan);
        Pass.Given given = Pass.Given.random(rnn, STEPS, BATCH, 4);
        if (lengths != null) {
            Pass.run(plan, rnn, given, rnn.gradients());
            regularizer.add(0.5, rnn.gradients());
            plan.lengths(lengths);
        }
        Pass.run(plan, rnn, given, rnn.gradients());
        Gradients gradients = rnn.gradients();
        double omega = regularizer.add(0.5, gradients);
        double expected = 0;
        for (int run = 0; run < rnn.directions().count(); run++) {
            String name = "weight_hh" + Rnn.suffix(run, rnn.directions());
            float[] weights = rnn.parameters().read(name);
            double[] u = new double[weights.length];
            for (int i = 0; i < u.length; i++) {
                u[i] = weights[i];
            }
            expected += omega(plan, run, slope(kind), u);
            float[] gradient = gradients.read(name);
            for (int i = 0; i < u.length; i++) {
                double before = u[i];
                u[i] = before + 1e-6;
                double up = omega(plan, run, slope(kind), u);
                u[i] = before - 1e-6;
                double down = omega(plan, run, slope(kind), u);
                u[i] = before;
                assertEquals(0.5 * (up - down) / 2e-6, gradient[i], 2e-5, name + " " + i);
            }
        }
        assertEquals(expected, omega, 1e-5 * expected);
        for (float w : gradients.read("weight_ih_l0")) {
            assertEquals(0f, w, "U alone");
        }
    }

    /** Ω of a direction as a function of U, with states and δ as given. */
    private static double omega(Plan plan, int run, Slope slope, double[] u) {
        LayerState state = plan.workspace().runs[run];
        double omega = 0;
        for (int t = 0; t < STEPS; t++) {
            int previous = run == 0 ? t - 1 : t + 1;
            for (int b = 0; b < BATCH; b++) {
                boolean there = previous >= 0 && previous < STEPS;
                if (!there || plan.workspace().active.length(b) <= Math.max(t, previous)) {
                    continue;
                }
                double delta = 0;
                double norm = 0;
                for (int j = 0; j < HIDDEN; j++) {
                    double v = slope.past * state.kept.values[state.kept.index(t, b) + j];
                    for (int i = 0; i < HIDDEN; i++) {
                        double h = state.h[state.after(t, b) + i];
                        double before = state.h[state.after(previous, b) + i];
                        v += state.kept.values[state.kept.index(t, b) + i] * slope.at(h, before)
                                * u[i * HIDDEN + j];
                    }
                    norm += v * v;
                    delta += Math.pow(state.kept.values[state.kept.index(t, b) + j], 2);
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
        for (RnnBuilder other : List.of(
                Rnn.gru(2, 3), Rnn.tanh(2, 3).skip(2), Rnn.tanh(2, 3).layerNorm(true),
                Rnn.tanh(2, 3).zoneout(0.1f), Rnn.tanh(2, 3).recurrentDropout(0.1f))) {
            Rnn rnn = other.build(1);
            Plan own = rnn.planner(2, 1).keepAdjoints().build();
            assertThrows(IllegalArgumentException.class, () -> new FlowRegularizer(rnn, own));
        }
        Rnn tanh = Rnn.tanh(2, 3).build(1);
        assertThrows(
                IllegalArgumentException.class, () -> new FlowRegularizer(tanh, tanh.plan(2, 1)));
        Plan kept = tanh.planner(2, 1).keepAdjoints().build();
        FlowRegularizer regularizer = new FlowRegularizer(tanh, kept);
        assertThrows(
                IllegalStateException.class, () -> regularizer.add(1, tanh.gradients()));
    }
}
