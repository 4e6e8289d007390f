package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients of every kind against central differences of a forward pass written in double. */
class CentralDifferencesTest {
    private static final int STEPS = 5;
    private static final int BATCH = 3;
    private static final int INPUTS = 4;
    private static final int HIDDEN = 6;
    private static final int LAYERS = 2;

    @ParameterizedTest
    @EnumSource(Activation.class)
    void everyGradientMatches(Activation activation) {
        Rnn rnn = Rnn.elman(activation, INPUTS, HIDDEN).layers(LAYERS).build(3);
        Pass.Given given = Pass.Given.random(rnn, STEPS, BATCH, 21);
        Pass pass = Pass.run(rnn.planner(STEPS, BATCH), rnn, given);

        Map<String, double[]> at = new TreeMap<>();
        for (Layout.Slot slot : rnn.parameters().layout().slots()) {
            at.put(slot.name(), widen(rnn.parameters().read(slot.name())));
        }
        at.put("x", widen(given.x().data()));
        at.put("h0", widen(given.h0().data()));
        Map<String, float[]> gradients = new TreeMap<>(pass.gradients());
        gradients.put("x", pass.dx().data());
        gradients.put("h0", pass.dh0().data());

        for (String name : at.keySet()) {
            double[] values = at.get(name);
            double largest = 0;
            double worst = 0;
            for (int i = 0; i < values.length; i++) {
                double expected = slope(activation, at, given, values, i);
                largest = Math.max(largest, Math.abs(expected));
                worst = Math.max(worst, Math.abs(expected - gradients.get(name)[i]));
            }
            assertTrue(
                    worst <= 2e-6 * Math.max(largest, 1e-3),
                    "%s %s: error %g of %g".formatted(activation, name, worst, largest));
        }
    }

    private static double slope(
            Activation f, Map<String, double[]> at, Pass.Given given, double[] values, int i) {
        double h = 1e-6;
        double before = values[i];
        values[i] = before + h;
        double up = loss(f, at, given);
        values[i] = before - h;
        double down = loss(f, at, given);
        values[i] = before;
        return (up - down) / (2 * h);
    }

    /** Σ y·dy + Σ hn·dhn of the network, element by element as the equations stand. */
    private static double loss(Activation f, Map<String, double[]> p, Pass.Given given) {
        double loss = 0;
        double[] x = p.get("x");
        int width = INPUTS;
        for (int layer = 0; layer < LAYERS; layer++) {
            double[] y = new double[STEPS * BATCH * HIDDEN];
            for (int b = 0; b < BATCH; b++) {
                double[] h = new double[HIDDEN];
                System.arraycopy(p.get("h0"), (layer * BATCH + b) * HIDDEN, h, 0, HIDDEN);
                for (int t = 0; t < STEPS; t++) {
                    h = step(f, p, layer, x, (t * BATCH + b) * width, width, h);
                    System.arraycopy(h, 0, y, (t * BATCH + b) * HIDDEN, HIDDEN);
                }
                for (int i = 0; i < HIDDEN; i++) {
                    loss += h[i] * given.dhn().at(layer, b, i);
                }
            }
            x = y;
            width = HIDDEN;
        }
        for (int i = 0; i < x.length; i++) {
            loss += x[i] * given.dy().data()[i];
        }
        return loss;
    }

    private static double[] step(
            Activation f,
            Map<String, double[]> p,
            int layer,
            double[] x,
            int at,
            int width,
            double[] h) {
        double[] next = new double[HIDDEN];
        for (int i = 0; i < HIDDEN; i++) {
            double z = p.get("bias_ih_l" + layer)[i] + p.get("bias_hh_l" + layer)[i];
            for (int j = 0; j < width; j++) {
                z += p.get("weight_ih_l" + layer)[i * width + j] * x[at + j];
            }
            for (int j = 0; j < HIDDEN; j++) {
                z += p.get("weight_hh_l" + layer)[i * HIDDEN + j] * h[j];
            }
            next[i] =
                    switch (f) {
                        case SIGMOID -> 1 / (1 + Math.exp(-z));
                        case TANH -> Math.tanh(z);
                        case RELU -> Math.max(z, 0);
                        case IDENTITY -> z;
                    };
        }
        return next;
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
