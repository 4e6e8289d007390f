package ebbtide.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Allocation;
import ebbtide.engine.Gradients;
import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.init.Orthogonal;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrthogonalStepTest {
    private static final Kernels KERNELS = KernelSelection.selected().kernels();

    /** One recurrent matrix of {@code gates} blocks beside a vector, and what steps them. */
    private static final class Training {
        final int n;
        final int gates;
        final Layout layout;
        final Parameters parameters;
        final Gradients gradients;
        final OrthogonalStep step;

        Training(int n, int gates) {
            this.n = n;
            this.gates = gates;
            layout = new Layout.Builder().vector("b", 3).matrix("U", gates * n, n).build();
            parameters = new Parameters(layout);
            gradients = new Gradients(layout);
            step = new OrthogonalStep(Adam.adamw(KERNELS, layout, 0.9, 0.999, 1e-8, 0.01),
                    List.of("U"));
            float[] u = new float[gates * n * n];
            Generator random = Generator.of(n);
            for (int gate = 0; gate < gates; gate++) {
                float[] block = new float[n * n];
                new Orthogonal().fill(block, n, n, random);
                System.arraycopy(block, 0, u, gate * n * n, n * n);
            }
            parameters.write("U", u);
        }

        float[] u() {
            return parameters.read("U");
        }

        void gradient(float[] g) {
            layout.write(gradients.array(), "U", g);
        }
    }

    private static float[] random(int count, long seed) {
        Generator random = Generator.of(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.uniform(-1, 1);
        }
        return numbers;
    }

    /** max |UᵀU − 1| over the blocks of H rows. */
    private static double deviation(float[] u, int n) {
        double largest = 0;
        for (int block = 0; block < u.length; block += n * n) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = i == j ? -1 : 0;
                    for (int k = 0; k < n; k++) {
                        sum += (double) u[block + k * n + i] * u[block + k * n + j];
                    }
                    largest = Math.max(largest, Math.abs(sum));
                }
            }
        }
        return largest;
    }

    /** With G = [[0, g], [0, 0]] and U = 1 the step is the rotation by −2·atan(λ·g/2). */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-3, 0.7, 30})
    void twoByTwoIsARotation(double lambda) {
        Training training = new Training(2, 1);
        training.parameters.write("U", new float[] {1, 0, 0, 1});
        training.gradient(new float[] {0, 1.5f, 0, 0});
        training.step.step(training.parameters, training.gradients, 0, lambda);
        double angle = 2 * Math.atan(lambda * 1.5 / 2);
        float cos = (float) Math.cos(angle);
        float sin = (float) Math.sin(angle);
        assertArrayEquals(new float[] {cos, -sin, sin, cos}, training.u(), 1e-7f);
    }

    /** (1 + λ/2·A)·U⁺ = (1 − λ/2·A)·U, multiplied out with the matrices of before and after. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 37})
    void everyBlockIsACayleyTransform(int n) {
        Training training = new Training(n, 3);
        float[] before = training.u();
        float[] g = random(before.length, 5);
        training.gradient(g);
        double lambda = 0.3;
        training.step.step(training.parameters, training.gradients, 0.1, lambda);
        float[] after = training.u();
        for (int at = 0; at < g.length; at += n * n) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double left = after[at + i * n + j];
                    double right = before[at + i * n + j];
                    for (int k = 0; k < n; k++) {
                        double a = 0;
                        for (int m = 0; m < n; m++) {
                            a += (double) g[at + i * n + m] * before[at + k * n + m]
                                    - (double) before[at + i * n + m] * g[at + k * n + m];
                        }
                        left += lambda / 2 * a * after[at + k * n + j];
                        right -= lambda / 2 * a * before[at + k * n + j];
                    }
                    assertEquals(right, left, 2e-6);
                }
            }
        }
        assertArrayEquals(g, training.gradients.read("U"), "the gradient is only read");
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 32, 65})
    void staysOrthogonalOverAThousandUpdates(int n) {
        Training training = new Training(n, 2);
        for (int update = 0; update < 1000; update++) {
            training.gradient(random(2 * n * n, update));
            training.step.step(training.parameters, training.gradients, 0.1, 0.1);
        }
        double deviation = deviation(training.u(), n);
        assertTrue(deviation <= 1e-6, "max |U'U - 1| = " + deviation);
    }

    /** L = ‖U − R‖²/2 for a rotation R: from one orthogonal matrix to another. */
    @Test
    void descendsToAnOrthogonalTarget() {
        int n = 12;
        Training training = new Training(n, 1);
        // R = U with two of its rows turned by one radian, so that it lies on the same component.
        float[] target = training.u();
        for (int j = 0; j < n; j++) {
            float a = target[j];
            float b = target[n + j];
            target[j] = (float) (Math.cos(1) * a - Math.sin(1) * b);
            target[n + j] = (float) (Math.sin(1) * a + Math.cos(1) * b);
        }
        double last = Double.POSITIVE_INFINITY;
        for (int update = 0; update < 60; update++) {
            float[] u = training.u();
            float[] g = new float[n * n];
            double loss = 0;
            for (int i = 0; i < g.length; i++) {
                g[i] = u[i] - target[i];
                loss += g[i] * (double) g[i] / 2;
            }
            assertTrue(loss < last || loss < 1e-10, "update " + update + ": " + loss);
            last = loss;
            training.gradient(g);
            training.step.step(training.parameters, training.gradients, 0.1, 0.2);
        }
        assertTrue(last < 1e-10, "loss " + last);
    }

    /** dL/dλ at λ = 0 is −‖A‖²/2 (Wen and Yin, lemma 2), here by central differences of a network. */
    @Test
    void slopeOfANetworksLoss() {
        Rnn rnn = Rnn.tanh(3, 9).build(4);
        float[] u = new float[81];
        new Orthogonal().fill(u, 9, 9, Generator.of(8));
        Plan plan = rnn.plan(5, 4);
        Tensor x = Tensor.zeros(5, 4, 3);
        System.arraycopy(random(60, 3), 0, x.data(), 0, 60);
        Gradients gradients = rnn.gradients();
        rnn.parameters().write("weight_hh_l0", u);
        loss(rnn, plan, x, gradients);
        float[] g = gradients.read("weight_hh_l0");
        double square = 0;
        for (int i = 0; i < 9; i++) {
            for (int k = 0; k < 9; k++) {
                double a = 0;
                for (int m = 0; m < 9; m++) {
                    a += (double) g[i * 9 + m] * u[k * 9 + m]
                            - (double) u[i * 9 + m] * g[k * 9 + m];
                }
                square += a * a;
            }
        }
        OrthogonalStep step = new OrthogonalStep(
                Optimizer.named("sgd", KERNELS, rnn.parameters().layout()),
                List.of("weight_hh_l0"));
        double lambda = 1e-3;
        step.step(rnn.parameters(), gradients, 0, lambda);
        double forward = loss(rnn, plan, x, rnn.gradients());
        rnn.parameters().write("weight_hh_l0", u);
        Gradients opposite = rnn.gradients();
        for (int i = 0; i < opposite.array().length; i++) {
            opposite.array()[i] = -gradients.array()[i];
        }
        step.step(rnn.parameters(), opposite, 0, lambda);
        double backward = loss(rnn, plan, x, rnn.gradients());
        double slope = (forward - backward) / (2 * lambda);
        assertEquals(-square / 2, slope, 2e-3 * square);
    }

    /** L = Σ y²/2, and its gradients. */
    private static double loss(Rnn rnn, Plan plan, Tensor x, Gradients gradients) {
        plan.forward(x, null, null, null);
        Tensor dy = Tensor.zeros(plan.steps(), plan.batch(), rnn.hidden());
        double loss = 0;
        for (int t = 0; t < plan.steps(); t++) {
            for (int b = 0; b < plan.batch(); b++) {
                for (int h = 0; h < rnn.hidden(); h++) {
                    float y = plan.output().at(t, b, h);
                    dy.data()[dy.index(t, b) + h] = y;
                    loss += (double) y * y / 2;
                }
            }
        }
        plan.backward(dy, null, null, null, gradients);
        return loss;
    }

    @Test
    void otherParametersAreTheOptimizers() {
        Training training = new Training(6, 1);
        Parameters alone = new Parameters(training.layout);
        alone.write("U", training.u());
        Optimizer optimizer = Adam.adamw(KERNELS, training.layout, 0.9, 0.999, 1e-8, 0.01);
        for (int update = 0; update < 5; update++) {
            Arrays.fill(training.gradients.array(), 0.25f * update - 0.4f);
            training.step.step(training.parameters, training.gradients, 0.1, 0.1);
            optimizer.step(alone, training.gradients, 0.1);
        }
        assertArrayEquals(alone.read("b"), training.parameters.read("b"));
        assertTrue(deviation(training.u(), 6) < 1e-6, "weight decay does not reach it");
    }

    @Test
    void refusalsChangeNothing() {
        Training training = new Training(4, 1);
        float[] before = training.u();
        training.gradient(random(16, 1));
        training.gradients.array()[training.layout.slot("U").offset() + 2] = Float.NaN;
        assertThrows(NonFiniteGradientException.class,
                () -> training.step.step(training.parameters, training.gradients, 0.1, 0.1));
        training.gradients.zero();
        assertThrows(IllegalArgumentException.class,
                () -> training.step.step(training.parameters, training.gradients, 0.1, -1));
        assertThrows(IllegalArgumentException.class,
                () -> training.step.step(training.parameters, training.gradients, -1, 0.1));
        assertArrayEquals(before, training.u());
        training.parameters.write("U", new float[16]);
        String message = assertThrows(IllegalStateException.class,
                () -> training.step.step(training.parameters, training.gradients, 0.1, 0.1))
                .getMessage();
        assertEquals(
                "U: expected an orthogonal matrix, got one with max |U'U - 1| = 1.0; initialise"
                        + " it orthogonal, and clip the gradients if they are huge",
                message);
        assertThrows(IllegalArgumentException.class, () -> new OrthogonalStep(
                Optimizer.named("sgd", KERNELS, training.layout), List.of("b")));
    }

    @Test
    void allocatesNothing() {
        Training training = new Training(9, 2);
        training.gradient(random(162, 6));
        assertEquals(0, Allocation.bytes(
                () -> training.step.step(training.parameters, training.gradients, 0.1, 0.1)));
    }
}
