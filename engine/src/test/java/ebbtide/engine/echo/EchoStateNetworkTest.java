package ebbtide.engine.echo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.init.SpectralRadius;
import ebbtide.engine.random.Generator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoStateNetworkTest {
    /** x[29] of the network of seed 9 after 50 steps, as the first machine found it. */
    private static final long BITS = 4595087974801183525L;

    private static EchoStateNetwork.Builder builder() {
        return EchoStateNetwork.builder(2, 30, 3)
                .connections(4)
                .spectralRadius(0.8)
                .leakyIntegrator(0.5, 0.7)
                .inputScaling(0.4)
                .biasScaling(0.3)
                .feedbackScaling(0.2);
    }

    private static double[] random(int count, long seed) {
        Generator random = Generator.of(seed);
        double[] numbers = new double[count];
        Arrays.setAll(numbers, i -> random.nextGaussian());
        return numbers;
    }

    /** The equation from the dense matrices, summed over all columns. */
    private static double[] naive(
            EchoStateNetwork network, double[] x, double[] u, int n, double[] y) {
        double[] next = new double[30];
        for (int i = 0; i < 30; i++) {
            double sum = network.bias()[i];
            for (int j = 0; j < 30; j++) {
                sum += network.reservoirWeights()[i * 30 + j] * x[j];
            }
            for (int k = 0; k < 2; k++) {
                sum += network.inputWeights()[i * 2 + k] * u[n * 2 + k];
            }
            for (int o = 0; o < 3; o++) {
                sum += network.feedbackWeights()[i * 3 + o] * y[o];
            }
            next[i] = (1 - 0.5 * 0.7) * x[i] + 0.5 * Math.tanh(sum);
        }
        return next;
    }

    @Test
    void forcedStepsFollowTheEquation() {
        EchoStateNetwork network = builder().build(3);
        double[] u = random(2 * 20, 1);
        double[] targets = random(3 * 20, 2);
        double[] x = new double[30];
        double[] y = new double[3];
        EchoStates states = EchoStates.of(network);
        for (int n = 0; n < 20; n++) {
            x = naive(network, x, u, n, y);
            y = Arrays.copyOfRange(targets, 3 * n, 3 * n + 3);
            states.force(Arrays.copyOfRange(u, 2 * n, 2 * n + 2), y);
            assertArrayEquals(x, states.state(), 1e-13, "step " + n);
        }
    }

    @Test
    void freeRunFeedsItsOutputBack() {
        EchoStateNetwork network = builder().build(3);
        double[] u = random(2 * 6, 1);
        double[][] weights = new double[3][];
        Arrays.setAll(weights, o -> random(network.features(), 10 + o));
        double[] found = EchoStates.of(network).run(weights, u, 6);
        double[] x = new double[30];
        double[] y = new double[3];
        for (int n = 0; n < 6; n++) {
            x = naive(network, x, u, n, y);
            for (int o = 0; o < 3; o++) {
                y[o] = weights[o][0] + weights[o][1] * u[2 * n] + weights[o][2] * u[2 * n + 1];
                for (int i = 0; i < 30; i++) {
                    y[o] += weights[o][3 + i] * x[i];
                }
                assertEquals(y[o], found[3 * n + o], 1e-11, "step " + n);
            }
        }
    }

    /** Going on from a restored state, or in pieces, is going on as if nothing had been. */
    @Test
    void runsContinue() {
        EchoStateNetwork network = builder().build(3);
        double[] u = random(2 * 6, 1);
        double[][] weights = new double[3][];
        Arrays.setAll(weights, o -> random(network.features(), 10 + o));
        double[] whole = EchoStates.of(network).run(weights, u, 6);
        EchoStates pieces = EchoStates.of(network);
        double[] first = pieces.run(weights, Arrays.copyOf(u, 4), 2);
        EchoStates restored = EchoStates.of(network);
        restored.restore(pieces.state(), Arrays.copyOfRange(first, 3, 6));
        double[] rest = restored.run(weights, Arrays.copyOfRange(u, 4, 12), 4);
        assertArrayEquals(Arrays.copyOf(whole, 6), first);
        assertArrayEquals(Arrays.copyOfRange(whole, 6, 18), rest);
    }

    @Test
    void statesForgetWhereTheyStarted() {
        double near = distance(0.8, 0.1);
        assertTrue(near < 1e-9, "expected states to meet, got a distance of " + near);
        double far = distance(8, 0);
        // Left to itself, zero stays zero; any other start runs away from it.
        assertTrue(far > 1e-3, "a radius of 8 should not have the property, got " + far);
    }

    private static double distance(double radius, double scaling) {
        EchoStateNetwork network = builder()
                .spectralRadius(radius)
                .feedbackScaling(0)
                .inputScaling(scaling)
                .biasScaling(scaling)
                .build(5);
        double[] u = random(2 * 400, 1);
        double[] targets = new double[3 * 400];
        EchoStates zero = EchoStates.of(network);
        EchoStates other = EchoStates.of(network);
        other.restore(random(30, 7), new double[3]);
        zero.force(u, targets);
        other.force(u, targets);
        double most = 0;
        for (int i = 0; i < 30; i++) {
            most = Math.max(most, Math.abs(zero.state()[i] - other.state()[i]));
        }
        return most;
    }

    @ParameterizedTest
    @CsvSource({"100, 5, 0.79", "64, 64, 1.2", "50, 2, 0.5", "1, 1, 0.9", "80, 10, 0.001"})
    void reservoirHasTheRadiusAndTheConnections(int units, int connections, double radius) {
        double[] w = EchoStateNetwork.builder(0, units, 1)
                .connections(connections)
                .spectralRadius(radius)
                .build(11)
                .reservoirWeights();
        float[] rounded = new float[w.length];
        for (int i = 0; i < w.length; i++) {
            rounded[i] = (float) w[i];
        }
        assertEquals(radius, SpectralRadius.of(rounded, units), 2e-6 * radius);
        for (int i = 0; i < units; i++) {
            long set = Arrays.stream(w, i * units, (i + 1) * units).filter(x -> x != 0).count();
            assertEquals(connections, set, "row " + i);
        }
    }

    @Test
    void seedsDecideEverything() {
        EchoStateNetwork one = builder().build(9);
        EchoStateNetwork same = builder().build(9);
        EchoStateNetwork other = builder().build(10);
        assertArrayEquals(one.reservoirWeights(), same.reservoirWeights());
        assertArrayEquals(one.inputWeights(), same.inputWeights());
        assertArrayEquals(one.feedbackWeights(), same.feedbackWeights());
        assertArrayEquals(one.bias(), same.bias());
        assertFalse(Arrays.equals(one.reservoirWeights(), other.reservoirWeights()));
        assertFalse(Arrays.equals(one.bias(), other.bias()));
        // The bits themselves, so that another machine or JDK is compared with this one.
        EchoStates states = EchoStates.of(one);
        states.force(random(2 * 50, 1), random(3 * 50, 2));
        assertEquals(BITS, Double.doubleToLongBits(states.state()[29]));
    }

    @Test
    void noiseIsBoundedSeededAndOffByDefault() {
        EchoStateNetwork network = builder().noise(1e-3).build(4);
        double[] u = new double[2];
        double[] y = new double[3];
        EchoStates quiet = EchoStates.of(network);
        EchoStates noisy = EchoStates.noisy(network, 1);
        EchoStates again = EchoStates.noisy(network, 1);
        EchoStates other = EchoStates.noisy(network, 2);
        for (EchoStates states : new EchoStates[] {quiet, noisy, again, other}) {
            states.force(u, y);
        }
        assertArrayEquals(noisy.state(), again.state());
        assertFalse(Arrays.equals(noisy.state(), other.state()));
        assertFalse(Arrays.equals(noisy.state(), quiet.state()));
        assertArrayEquals(quiet.state(), noisy.state(), 0.5 * 1e-3);
    }

    @Test
    void badInputIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> EchoStateNetwork.builder(1, 0, 1));
        assertThrows(
                IllegalArgumentException.class, () -> EchoStateNetwork.builder(1, 50_000, 1));
        assertThrows(IllegalArgumentException.class, () -> builder().connections(31));
        assertThrows(IllegalArgumentException.class, () -> builder().density(0));
        assertThrows(IllegalArgumentException.class, () -> builder().leakRate(0));
        assertThrows(IllegalArgumentException.class, () -> builder().spectralRadius(Double.NaN));
        EchoStates states = EchoStates.of(builder().build(1));
        double[] before = states.state();
        assertThrows(
                IllegalArgumentException.class, () -> states.force(new double[3], new double[3]));
        assertThrows(
                IllegalArgumentException.class,
                () -> states.force(new double[] {0, Double.NaN}, new double[3]));
        assertThrows(
                IllegalArgumentException.class,
                () -> states.run(new double[3][5], new double[2], 1));
        assertArrayEquals(before, states.state());
    }
}
