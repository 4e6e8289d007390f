package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.random.Generator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients of every kind against central differences of a forward pass written in double. */
class CentralDifferencesTest {
    private static final int STEPS = 7;
    private static final int BATCH = 3;
    private static final int INPUTS = 4;
    private static final int HIDDEN = 6;
    private static final int LAYERS = 2;

    @ParameterizedTest
    @EnumSource(Networks.class)
    void everyGradientMatches(Networks kind) {
        Rnn rnn = kind.of(INPUTS, HIDDEN).layers(LAYERS).build(3);
        rnn.parameters().edit(CentralDifferencesTest::leaveZero);
        Pass.Given given = Pass.Given.random(rnn, STEPS, BATCH, 21);
        Pass pass = Pass.run(rnn.planner(STEPS, BATCH), rnn, given);

        Map<String, double[]> at = new TreeMap<>();
        for (Layout.Slot slot : rnn.parameters().layout().slots()) {
            at.put(slot.name(), widen(rnn.parameters().read(slot.name())));
        }
        at.put("x", widen(given.x().data()));
        at.put("h0", widen(given.h0().data()));
        if (rnn.hasCellState()) {
            at.put("c0", widen(given.c0().data()));
        }
        Map<String, float[]> gradients = new TreeMap<>(pass.gradients());
        gradients.put("x", pass.dx().data());
        gradients.put("h0", pass.dh0().data());
        if (rnn.hasCellState()) {
            gradients.put("c0", pass.dc0().data());
        }
        DoubleNetwork network = new DoubleNetwork(kind, STEPS, BATCH, INPUTS, HIDDEN, LAYERS);

        // Normalising divides by the deviation of six units, and multiplies rounding with it: where the
        // parameters of the double network move by half a unit in the last place of a float, its own
        // slopes move by up to 6e-6 of the largest, those of an LSTM by 12e-6.
        double limit = switch (kind) {
            case NORMALIZED_LSTM -> 20e-6;
            case NORMALIZED, NORMALIZED_LEAKY, NORMALIZED_GRU -> 6e-6;
            default -> 2e-6;
        };
        for (String name : at.keySet()) {
            double[] values = at.get(name);
            double largest = 0;
            double worst = 0;
            for (int i = 0; i < values.length; i++) {
                double expected = slope(network, at, given, values, i);
                largest = Math.max(largest, Math.abs(expected));
                worst = Math.max(worst, Math.abs(expected - gradients.get(name)[i]));
            }
            assertTrue(
                    worst <= limit * Math.max(largest, 1e-3),
                    "%s %s: error %g of %g".formatted(kind, name, worst, largest));
        }
    }

    /** Peepholes start at 0, where their product rule would not be seen. */
    private static void leaveZero(float[] flat) {
        for (int i = 0; i < flat.length; i++) {
            flat[i] += flat[i] == 0 ? 0.1f + i % 7 / 20f : 0;
        }
    }

    private static double slope(
            DoubleNetwork network, Map<String, double[]> at, Pass.Given given, double[] values,
            int i) {
        double h = 1e-6;
        double before = values[i];
        values[i] = before + h;
        double up = network.loss(at, given);
        values[i] = before - h;
        double down = network.loss(at, given);
        values[i] = before;
        return (up - down) / (2 * h);
    }

    private static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    @Test
    void readoutMatches() {
        Model model = Model.build(Rnn.tanh(INPUTS, HIDDEN), 5, 4);
        Generator random = Generator.of(22);
        Tensor y = TestTensors.random(random, STEPS, BATCH, HIDDEN);
        Tensor dout = TestTensors.random(random, STEPS, BATCH, 5);
        float[] v = model.parameters().read("readout.weight");
        float[] c = model.parameters().read("readout.bias");
        LinearPlan plan = model.readout().plan(STEPS, BATCH, Workers.single());
        Tensor dy = Tensor.zeros(STEPS, BATCH, HIDDEN);
        Gradients gradients = model.gradients();
        plan.forward(y);
        double[] dv = new double[v.length];
        double[] dc = new double[c.length];
        for (int t = 0; t < STEPS; t++) {
            for (int b = 0; b < BATCH; b++) {
                for (int o = 0; o < 5; o++) {
                    double sum = c[o];
                    for (int i = 0; i < HIDDEN; i++) {
                        sum += (double) v[o * HIDDEN + i] * y.at(t, b, i);
                        dv[o * HIDDEN + i] += (double) dout.at(t, b, o) * y.at(t, b, i);
                    }
                    dc[o] += dout.at(t, b, o);
                    assertTrue(Math.abs(plan.output().at(t, b, o) - sum) < 1e-6);
                    plan.output().data()[plan.output().index(t, b) + o] = dout.at(t, b, o);
                }
            }
        }
        plan.backward(dy, gradients);
        for (int i = 0; i < v.length; i++) {
            assertTrue(Math.abs(gradients.read("readout.weight")[i] - dv[i]) < 1e-5);
        }
        for (int o = 0; o < 5; o++) {
            assertTrue(Math.abs(gradients.read("readout.bias")[o] - dc[o]) < 1e-5);
        }
        for (int b = 0; b < BATCH; b++) {
            for (int i = 0; i < HIDDEN; i++) {
                double sum = 0;
                for (int o = 0; o < 5; o++) {
                    sum += (double) v[o * HIDDEN + i] * dout.at(1, b, o);
                }
                assertTrue(Math.abs(dy.at(1, b, i) - sum) < 1e-6);
            }
        }
    }
}
