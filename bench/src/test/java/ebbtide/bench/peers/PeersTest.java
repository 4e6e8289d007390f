package ebbtide.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import ebbtide.bench.speed.Contestant;
import ebbtide.bench.speed.EngineStep;
import ebbtide.bench.speed.Noise;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepCell;
import ebbtide.bench.speed.StepContestant;
import ebbtide.bench.speed.StepContestant.Output;
import ebbtide.bench.speed.StepData;
import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The peers do the work that ours does: from the same numbers come the same, gradients included. */
class PeersTest {
    private static final Shape SHAPE = new Shape(6, 3, 7, 21);

    static List<Arguments> steps() {
        List<Arguments> all = new ArrayList<>();
        for (StepCell cell : StepCell.values()) {
            for (String peer : Peers.NAMES) {
                boolean has = peer.equals(Peers.ONEDNN) ? OneDnnRnn.has(cell) : cell.elman();
                for (int threads = 1; has && threads <= 2; threads++) {
                    if (threads == 1 || !peer.equals(Peers.VECTORBLAS)) {
                        all.add(Arguments.of(peer, cell, threads));
                    }
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("steps")
    void stepsAgree(String name, StepCell cell, int threads) {
        StepData data = StepData.of(SHAPE, cell);
        StepContestant ours =
                new EngineStep(KernelSelection.reference(), Workers.single(), data);
        try (StepContestant peer = step(name, data, threads)) {
            peer.begin();
            // Twice, with an update between: gradients add up on both sides, packing changes nothing.
            for (StepContestant contestant : List.of(ours, peer)) {
                contestant.forward();
                contestant.backward();
                contestant.update();
                contestant.forward();
                contestant.backward();
            }
            for (Output output : Output.values()) {
                agree(ours.read(output), peer.read(output), output);
            }
        }
    }

    private static StepContestant step(String name, StepData data, int threads) {
        try {
            return Peers.step(name, data, threads);
        } catch (AbsentPeerException e) {
            return abort(e.getMessage());
        }
    }

    /** Sums of some hundred terms of about 1; a wrong or missing term is off by a percent at least. */
    private static void agree(float[] expected, float[] actual, Object what) {
        assertEquals(expected.length, actual.length, what.toString());
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0, "nothing in " + what);
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(expected[i] - actual[i]);
            assertTrue(
                    error <= 2e-5 * largest,
                    "%s[%d]: expected %s, got %s".formatted(what, i, expected[i], actual[i]));
        }
    }

    /** Adam's first step is the learning rate, whatever the gradient: the parameters show it. */
    @Test
    void trainingUpdatesWhatTheStepReads() {
        StepData data = StepData.of(SHAPE, StepCell.GRU);
        try (OneDnnTraining training = (OneDnnTraining) Peers.training(Peers.ONEDNN, data, 1)) {
            float before = training.parameter("u", 5);
            training.begin();
            training.forward();
            double moved = Math.abs(training.parameter("u", 5) - before);
            assertTrue(moved > 5e-8 && moved < 2e-7, "moved by " + moved);
        } catch (AbsentPeerException e) {
            abort(e.getMessage());
        }
    }

    @Test
    void whoIsAbsentSaysWhy() {
        StepData lstm = StepData.of(SHAPE, StepCell.LSTM);
        AbsentPeerException e = assertThrows(
                AbsentPeerException.class, () -> Peers.step(Peers.VECTORBLAS, lstm, 1));
        assertTrue(e.getMessage().contains("Elman"), e.getMessage());
        assertEquals(Peers.NAMES, List.copyOf(Peers.descriptions().keySet()));
        assertThrows(
                AbsentPeerException.class,
                () -> NativeJar.load("nowhere", "libnothing.so", List.of()));
        assertThrows(
                AbsentPeerException.class, () -> Peers.product(Peers.VECTORBLAS, 2, 3, 4, 2));
    }

    @ParameterizedTest
    @MethodSource("products")
    void productsAgree(String name) {
        int m = 3;
        int n = 5;
        int k = 7;
        Generator random = Generator.of(1);
        float[] a = Noise.uniform(m * k, random);
        float[] b = Noise.uniform(k * n, random);
        float[] c = new float[m * n];
        for (int i = 0; i < c.length; i++) {
            for (int l = 0; l < k; l++) {
                c[i] += a[i / n * k + l] * b[l * n + i % n];
            }
        }
        try (Contestant product = Peers.product(name, m, n, k, 1)) {
            product.begin();
            product.forward();
            agree(c, ((BlasProduct) product).product(), name);
        } catch (AbsentPeerException e) {
            abort(e.getMessage());
        }
    }

    static List<String> products() {
        return List.of(Peers.OPENBLAS, Peers.VECTORBLAS);
    }
}
