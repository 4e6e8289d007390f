package ebbtide.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Allocation;
import ebbtide.engine.Golden;
import ebbtide.engine.Gradients;
import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import ebbtide.engine.io.Safetensors;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerTest {
    private static final Kernels KERNELS = KernelSelection.selected().kernels();

    private static Layout layout() {
        return new Layout.Builder().vector("b", 5).matrix("W", 7, 19).build();
    }

    /** Every element within 1e-6 of the largest magnitude of its step, over 20 steps. */
    @ParameterizedTest
    @CsvSource({
        "sgd,          sgd",
        "sgd_momentum, momentum",
        "sgd_nesterov, nesterov",
        "rmsprop,      rmsprop",
        "adam,         adam",
        "adamw,        adamw",
    })
    void followsPyTorch(String file, String name) throws IOException {
        Safetensors.Contents golden = Golden.read(file);
        double rate = Double.parseDouble(golden.metadata().get("lr"));
        double[] trajectory = golden.tensors().get("trajectory").doubles();
        Layout layout = new Layout.Builder().vector("p", 37).build();
        Parameters parameters = new Parameters(layout);
        float[] p = floats(golden.tensors().get("p0").doubles());
        parameters.write("p", p);
        Gradients gradients = new Gradients(layout);
        Optimizer optimizer =
                name.equals("adamw")
                        ? Adam.adamw(
                                KERNELS,
                                layout,
                                0.9,
                                0.999,
                                1e-8,
                                Double.parseDouble(golden.metadata().get("weight_decay")))
                        : Optimizer.named(name, KERNELS, layout);
        assertEquals(name, optimizer.name());
        for (int t = 0; t < 20; t++) {
            float[] g = new float[37];
            for (int i = 0; i < 37; i++) {
                g[i] = (float) (p[i] + Math.cos(p[i]));
            }
            layout.write(gradients.array(), "p", g);
            optimizer.step(parameters, gradients, rate);
            p = parameters.read("p");
            assertArrayEquals(g, gradients.read("p"), "the gradient is only read");
            assertClose(trajectory, t * 37, p, t);
        }
        assertEquals(20, optimizer.updates());
    }

    private static void assertClose(double[] expected, int offset, float[] actual, int step) {
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(expected[offset + i]));
        }
        for (int i = 0; i < actual.length; i++) {
            double error = Math.abs(expected[offset + i] - actual[i]);
            if (!(error <= 1e-6 * largest)) {
                throw new AssertionError(
                        "step %d, element %d: expected %s, got %s"
                                .formatted(step, i, expected[offset + i], actual[i]));
            }
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void weightDecayIsAddedToTheGradientExceptByAdamW() {
        Layout layout = new Layout.Builder().vector("p", 1).build();
        double p = 2;
        double g = 0.5;
        // After one update from a state of zero: Adam's ratio is the sign of what it is given.
        assertEquals(p - 0.1 * (g + 0.3 * p), once(new Sgd(KERNELS, layout, 0.3)), 1e-6);
        assertEquals(
                p - 0.1 * (g + 0.3 * p),
                once(new Momentum(KERNELS, layout, 0.9, false, 0.3)),
                1e-6);
        assertEquals(
                p - 0.1 * 1.9 * (g + 0.3 * p),
                once(new Momentum(KERNELS, layout, 0.9, true, 0.3)),
                1e-6);
        double total = g + 0.3 * p;
        assertEquals(
                p - 0.1 * total / (Math.sqrt(0.01) * total + 0.5),
                once(new RmsProp(KERNELS, layout, 0.99, 0.5, 0.3)),
                1e-6);
        assertEquals(
                p - 0.1 * total / (total + 0.5),
                once(Adam.adam(KERNELS, layout, 0.9, 0.999, 0.5, 0.3)),
                1e-6);
        assertEquals(
                p * (1 - 0.1 * 0.3) - 0.1 * g / (g + 0.5),
                once(Adam.adamw(KERNELS, layout, 0.9, 0.999, 0.5, 0.3)),
                1e-6);
    }

    private static float once(Optimizer optimizer) {
        Parameters parameters = new Parameters(optimizer.layout());
        parameters.write("p", new float[] {2});
        Gradients gradients = new Gradients(optimizer.layout());
        optimizer.layout().write(gradients.array(), "p", new float[] {0.5f});
        optimizer.step(parameters, gradients, 0.1);
        return parameters.read("p")[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"})
    void resumedIsNotToBeToldFromNeverStopped(String name) {
        Layout layout = layout();
        Run straight = new Run(layout, Optimizer.named(name, KERNELS, layout));
        straight.steps(30);

        Run first = new Run(layout, Optimizer.named(name, KERNELS, layout));
        first.steps(13);
        List<Optimizer.State> saved = new ArrayList<>();
        for (Optimizer.State state : first.optimizer.state()) {
            saved.addFirst(new Optimizer.State(state.name(), state.values().clone()));
        }
        Run second = new Run(layout, Optimizer.named(name, KERNELS, layout));
        second.optimizer.restore(first.optimizer.updates(), saved);
        second.copy(first);
        first.steps(1); // What was saved is apart from the one that goes on.
        second.steps(17);

        assertEquals(30, second.optimizer.updates());
        assertArrayEquals(straight.parameters.read("W"), second.parameters.read("W"));
        assertArrayEquals(straight.parameters.read("b"), second.parameters.read("b"));
    }

    /** A training whose gradients depend on the parameters and on a generator. */
    private static final class Run {
        final Parameters parameters;
        final Gradients gradients;
        final Optimizer optimizer;
        final Generator random = Generator.of(99);

        Run(Layout layout, Optimizer optimizer) {
            parameters = new Parameters(layout);
            gradients = new Gradients(layout);
            this.optimizer = optimizer;
        }

        void copy(Run other) {
            for (String name : List.of("b", "W")) {
                parameters.write(name, other.parameters.read(name));
            }
            random.restore(other.random.state());
        }

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                for (String name : List.of("b", "W")) {
                    float[] g = parameters.read(name);
                    for (int k = 0; k < g.length; k++) {
                        g[k] = 0.3f * g[k] + random.uniform(-1, 1);
                    }
                    parameters.layout().write(gradients.array(), name, g);
                }
                optimizer.step(parameters, gradients, 0.01);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"})
    void stepAllocatesNothingAndLeavesPaddingZero(String name) {
        Layout layout = layout();
        Optimizer optimizer = Optimizer.named(name, KERNELS, layout);
        Parameters parameters = new Parameters(layout);
        parameters.write("b", new float[] {1, 2, 3, 4, 5});
        Gradients gradients = new Gradients(layout);
        layout.write(gradients.array(), "b", new float[] {1, -1, 1, -1, 1});
        assertEquals(0, Allocation.bytes(() -> optimizer.step(parameters, gradients, 1e-3)));
        float[][] flat = new float[1][];
        parameters.edit(values -> flat[0] = values.clone());
        for (int i = 5; i < flat[0].length; i++) {
            assertEquals(0f, flat[0][i], "padding and W had no gradient");
        }
    }

    @Test
    void whatDoesNotFitIsRefusedAndNothingChanges() {
        Layout layout = layout();
        Layout other = new Layout.Builder().vector("b", 5).matrix("W", 7, 18).build();
        Optimizer adam = Optimizer.named("adam", KERNELS, layout);
        Parameters parameters = new Parameters(layout);
        Gradients gradients = new Gradients(layout);
        layout.write(gradients.array(), "b", new float[] {1, 1, 1, 1, 1});
        refused(() -> adam.step(new Parameters(other), new Gradients(other), 0.1));
        refused(() -> adam.step(parameters, new Gradients(other), 0.1));
        for (double rate : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY, 1e39}) {
            refused(() -> adam.step(parameters, gradients, rate));
        }
        assertEquals(0, adam.updates());
        assertArrayEquals(new float[5], parameters.read("b"));
        adam.step(parameters, new Gradients(layout()), 0.1); // Another, but equal layout.

        float[] right = new float[layout.size()];
        refused(() -> adam.restore(-1, adam.state()));
        refused(() -> adam.restore(1, List.of()));
        refused(() -> adam.restore(1, List.of(new Optimizer.State("mean", right))));
        float[] ones = right.clone();
        ones[0] = 1;
        refused(
                () -> adam.restore(
                        1,
                        List.of(
                                new Optimizer.State("mean", ones),
                                new Optimizer.State("square", new float[3]))));
        assertEquals(0f, adam.state().getFirst().values()[0]);
        assertEquals(1, adam.updates());
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        Layout layout = layout();
        refused(() -> Optimizer.named("lion", KERNELS, layout));
        refused(() -> new Sgd(KERNELS, layout, -1));
        refused(() -> new Momentum(KERNELS, layout, 1.1, false, 0));
        refused(() -> new Momentum(KERNELS, layout, Double.NaN, false, 0));
        refused(() -> new RmsProp(KERNELS, layout, 0.9, 0, 0));
        refused(() -> new RmsProp(KERNELS, layout, 0.9, 1e-60, 0));
        refused(() -> Adam.adam(KERNELS, layout, 1, 0.999, 1e-8, 0));
        refused(() -> Adam.adam(KERNELS, layout, 0.9, -0.1, 1e-8, 0));
        refused(() -> Adam.adamw(KERNELS, layout, 0.9, 0.999, 1e-8, -1));
    }

    private static void refused(Runnable action) {
        String message =
                assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("expected") || message.contains("choose"), message);
    }
}
