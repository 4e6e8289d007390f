package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.random.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What plans refuse, and what they promise besides numbers. */
class PlanTest {
    private final Rnn rnn = Rnn.sigmoid(3, 5).build(1);
    private final Plan plan = rnn.plan(4, 2);
    private final Tensor x = Tensor.zeros(4, 2, 3);

    private static void refused(String words, Executable call) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
        assertTrue(e.getMessage().contains(words), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), "one line");
    }

    @Test
    void shapesAreCheckedBeforeAnythingIsWritten() {
        Tensor y = Tensor.zeros(4, 2, 5);
        y.data()[0] = 7;
        refused("x: expected [4, 2, 3], got [4, 2, 4]",
                () -> plan.forward(Tensor.zeros(4, 2, 4), null, y, null));
        refused("h0: expected [1, 2, 5]",
                () -> plan.forward(x, Tensor.zeros(1, 3, 5), y, null));
        refused("y: expected [4, 2, 5]",
                () -> plan.forward(x, null, Tensor.zeros(3, 2, 5), null));
        refused("hn: expected", () -> plan.forward(x, null, y, Tensor.zeros(2, 2, 5)));
        assertEquals(7, y.data()[0]);
        plan.forward(x, null, y, null);
        refused("dy: expected",
                () -> plan.backward(Tensor.zeros(1, 2, 5), null, null, null, null));
        refused("dhn: expected",
                () -> plan.backward(y, Tensor.zeros(1, 1, 5), null, null, null));
        refused("dx: expected",
                () -> plan.backward(y, null, Tensor.zeros(4, 2, 2), null, null));
        refused("dh0: expected",
                () -> plan.backward(y, null, null, Tensor.zeros(1, 2, 4), null));
        refused("another network",
                () -> plan.backward(y, null, null, null, Rnn.sigmoid(3, 5).build(1).gradients()));
    }

    @Test
    void overlapIsRefused() {
        float[] shared = new float[100];
        Tensor in = new Tensor(shared, 0, 4, 2, 3, 6, 3);
        Tensor out = new Tensor(shared, 20, 4, 2, 5, 10, 5);
        refused("y overlaps x", () -> plan.forward(in, null, out, null));
        plan.forward(in, null, null, null);
        refused("dx overlaps x",
                () -> plan.backward(null, null, new Tensor(shared, 1, 4, 2, 3, 6, 3), null, null));
        refused("dx overlaps dy",
                () -> plan.backward(
                        new Tensor(shared, 40, 4, 2, 5, 10, 5), null,
                        new Tensor(shared, 60, 4, 2, 3, 6, 3), null, null));
    }

    @Test
    void viewsStayInTheirArrays() {
        refused("reaches elements", () -> new Tensor(new float[10], 0, 2, 2, 3, 6, 3));
        refused("reaches elements", () -> new Tensor(new float[12], 1, 2, 2, 3, 6, 3));
        refused("reaches elements", () -> new Tensor(new float[12], -1, 2, 2, 3, 6, 3));
        refused("strides overlap", () -> new Tensor(new float[99], 0, 2, 2, 3, 6, 2));
        refused("strides overlap", () -> new Tensor(new float[99], 0, 2, 2, 3, 5, 3));
        refused("expected 12 floats", () -> Tensor.of(new float[13], 2, 2, 3));
        refused("do not fit", () -> new Tokens(new int[5], 0, 2, 3, 3));
        refused("reaches elements",
                () -> new Tensor(new float[8], 0, 2, 1, 1, Integer.MAX_VALUE, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void sizesBelowOneAreRefused(int size) {
        refused("inputs: expected at least 1", () -> Rnn.sigmoid(size, 5));
        refused("hidden: expected at least 1", () -> Rnn.sigmoid(3, size));
        refused("layers: expected at least 1", () -> Rnn.sigmoid(3, 5).layers(size));
        refused("steps: expected at least 1", () -> rnn.plan(size, 2));
        refused("batch: expected at least 1", () -> rnn.plan(2, size));
        refused("threads: expected 1 to 1024", () -> Workers.of(size));
    }

    @Test
    void moreThanAnArrayHoldsIsRefused() {
        refused("more than one array holds", () -> rnn.plan(1 << 20, 1 << 10));
        refused("more than one array holds", () -> rnn.plan(Integer.MAX_VALUE - 1, 64));
        refused("more than one array holds", () -> Rnn.sigmoid(1, 1 << 16).build(0));
        refused("more than one array holds", () -> Tensor.zeros(1 << 16, 1 << 16, 2));
    }

    @Test
    void tokensMustNameAClass() {
        Rnn words = Rnn.tanh(10, 4).tokens(true).build(2);
        Plan p = words.plan(2, 2);
        refused("expected tokens from 0 to 9, got 10 at step 1, row 0",
                () -> p.forward(Tokens.of(new int[] {0, 9, 10, 1}, 2, 2), null, null, null));
        refused("got -1",
                () -> p.forward(Tokens.of(new int[] {-1, 9, 1, 1}, 2, 2), null, null, null));
        refused("expected tokens, got floats",
                () -> p.forward(Tensor.zeros(2, 2, 10), null, null, null));
        refused("expected floats, got tokens",
                () -> plan.forward(Tokens.of(new int[8], 4, 2), null, null, null));
        p.forward(Tokens.of(new int[4], 2, 2), null, null, null);
        refused("tokens have no gradient",
                () -> p.backward(null, null, Tensor.zeros(2, 2, 10), null, null));
    }

    @Test
    void backwardNeedsAForwardPassWithTheSameParameters() {
        IllegalStateException before =
                assertThrows(
                        IllegalStateException.class,
                        () -> plan.backward(null, null, null, null, null));
        assertTrue(before.getMessage().contains("call forward first"));
        plan.forward(x, null, null, null);
        rnn.parameters().write("bias_ih_l0", new float[5]);
        IllegalStateException stale =
                assertThrows(
                        IllegalStateException.class,
                        () -> plan.backward(null, null, null, null, null));
        assertTrue(stale.getMessage().contains("call forward again"));
    }

    @Test
    void editedParametersArePackedAnew() {
        Tensor before = Tensor.zeros(4, 2, 5);
        Tensor after = Tensor.zeros(4, 2, 5);
        plan.forward(x, null, before, null);
        rnn.parameters().write("bias_ih_l0", new float[] {9, 9, 9, 9, 9});
        plan.forward(x, null, after, null);
        assertTrue(after.at(0, 0, 0) > 0.99f && before.at(0, 0, 0) < 0.9f);
    }

    @Test
    void cancellingStopsAndLeavesTheParametersWhole() {
        for (int threads : new int[] {1, 3}) {
            Rnn big = Rnn.tanh(8, 96).build(3);
            float[] before = big.parameters().read("weight_hh_l0");
            Cancellation cancellation = new Cancellation();
            try (Workers workers = Workers.of(threads)) {
                Plan p = big.planner(6, 2).workers(workers).cancellation(cancellation).build();
                Tensor in = TestTensors.random(Generator.of(1), 6, 2, 8);
                cancellation.cancel();
                assertThrows(CancellationException.class, () -> p.forward(in, null, null, null));
                assertThrows(
                        IllegalStateException.class,
                        () -> p.backward(null, null, null, null, null));
                cancellation.reset();
                p.forward(in, null, null, null);
                assertArrayEquals(before, big.parameters().read("weight_hh_l0"));
            }
        }
    }

    @Test
    void aPlanServesOneThreadAtATime() throws Exception {
        Plan shared = Rnn.sigmoid(8, 64).build(4).plan(2000, 8);
        Tensor in = Tensor.zeros(2000, 8, 8);
        assertServesOneThread(() -> shared.forward(in, null, null, null));
    }

    @Test
    void soDoesThePlanOfAReadout() throws Exception {
        Model model = Model.build(Rnn.sigmoid(8, 64), 64, 4);
        LinearPlan shared = model.readout().plan(2000, 8, Workers.single());
        Tensor in = Tensor.zeros(2000, 8, 64);
        assertServesOneThread(() -> shared.forward(in));
    }

    private static void assertServesOneThread(Runnable pass) throws Exception {
        List<Throwable> failures = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread =
                    new Thread(
                            () -> {
                                try {
                                    start.await();
                                    pass.run();
                                } catch (Throwable e) {
                                    synchronized (failures) {
                                        failures.add(e);
                                    }
                                }
                            });
            threads.add(thread);
            thread.start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(!failures.isEmpty(), "four passes at once met nobody");
        for (Throwable e : failures) {
            assertEquals(IllegalStateException.class, e.getClass());
            assertTrue(e.getMessage().startsWith("plan in use by thread"), e.getMessage());
        }
        pass.run();
    }

    @Test
    void parametersCannotBeEditedUnderARunningPlan() {
        rnn.parameters().acquire();
        assertThrows(
                IllegalStateException.class,
                () -> rnn.parameters().write("bias_ih_l0", new float[5]));
        rnn.parameters().release();
        rnn.parameters().write("bias_ih_l0", new float[5]);
    }

    @ParameterizedTest
    @CsvSource({"64, 32, 256, 256", "200, 8, 65, 100", "512, 64, 16, 128", "64, 128, 512, 512"})
    void theWorkspaceIsSmall(int steps, int batch, int inputs, int hidden) {
        Rnn network = Rnn.sigmoid(inputs, hidden).build(5);
        Planner planner = network.planner(steps, batch);
        long states = 4L * steps * batch * ((hidden + 15) / 16 * 16);
        long packBuffers = 4L * 256 * (hidden + 16 + Math.max(inputs, hidden) + 16);
        long constant = 64 * 1024;
        assertTrue(
                planner.workspaceBytes() <= 2.2 * states + packBuffers + constant,
                planner.workspaceBytes() + " bytes for states of " + states);
        assertEquals(planner.workspaceBytes(), planner.build().workspaceBytes());
    }

    @Test
    void theAdjointIsLimitedAtEveryStep() {
        Rnn linear = Rnn.identity(1, 1).build(6);
        linear.parameters().write("weight_hh_l0", new float[] {2});
        Plan limited = linear.planner(5, 1).clipAdjoint(3).build();
        Tensor dh0 = Tensor.zeros(1, 1, 1);
        Tensor dx = Tensor.zeros(5, 1, 1);
        linear.parameters().write("weight_ih_l0", new float[] {1});
        limited.forward(Tensor.zeros(5, 1, 1), null, null, null);
        limited.backward(null, Tensor.of(new float[] {1}, 1, 1, 1), dx, dh0, null);
        assertArrayEquals(new float[] {3, 3, 3, 2, 1}, dx.data());
        assertEquals(6, dh0.at(0, 0, 0));
        refused("limit of the adjoint", () -> linear.planner(1, 1).clipAdjoint(0));
        refused("limit of the adjoint", () -> linear.planner(1, 1).clipAdjoint(Float.NaN));
    }
}
