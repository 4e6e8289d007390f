package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.MatrixProducts;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Passes whose products a library computes, beside those of our kernels. */
class LibraryProductsTest {
    /** The definition, in double; it counts its calls. */
    private static final class Plain implements MatrixProducts {
        final AtomicInteger calls = new AtomicInteger();

        @Override
        public String name() {
            return "plain";
        }

        @Override
        public void sgemm(
                boolean transposeA, boolean transposeB, int m, int n, int k, float alpha, float[] a,
                int aOff, int aStride, float[] b, int bOff, int bStride, float beta, float[] c,
                int cOff, int cStride) {
            calls.incrementAndGet();
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int p = 0; p < k; p++) {
                        sum += (double) a[aOff + (transposeA ? p * aStride + i : i * aStride + p)]
                                * b[bOff + (transposeB ? j * bStride + p : p * bStride + j)];
                    }
                    int at = cOff + i * cStride + j;
                    c[at] = (float) (alpha * sum + (beta == 0 ? 0 : beta * (double) c[at]));
                }
            }
        }
    }

    /** Counts its calls and computes nothing: nobody is faster. */
    private static final class Idle implements MatrixProducts {
        final AtomicInteger calls = new AtomicInteger();

        @Override
        public String name() {
            return "idle";
        }

        @Override
        public void sgemm(
                boolean transposeA, boolean transposeB, int m, int n, int k, float alpha, float[] a,
                int aOff, int aStride, float[] b, int bOff, int bStride, float beta, float[] c,
                int cOff, int cStride) {
            calls.incrementAndGet();
        }
    }

    private final Plain library = new Plain();
    private final Kernels ours = KernelSelection.selected().kernels();
    private final Kernels theirs = ours.with(library);

    @Test
    void theSetSaysWhatItIs() {
        assertTrue(ours.exact());
        assertFalse(theirs.exact());
        assertEquals(ours.name() + "+plain", theirs.name());
        assertFalse(ours.withWhereFaster(library).exact());
        assertEquals(ours.name() + "/plain", ours.withWhereFaster(library).name());
    }

    /** A slow library on trial computes nothing, and the bits stay ours. */
    @ParameterizedTest
    @EnumSource(value = Networks.class, names = {"LSTM", "GRU"})
    void slowLibraryOnTrial(Networks kind) {
        RnnBuilder builder = kind.of(40, 48).layers(2);
        Rnn exact = builder.kernels(ours).build(3);
        Rnn onTrial = builder.kernels(ours.withWhereFaster(library)).build(3);
        Pass.Given given = Pass.Given.random(exact, 9, 13, 4);
        try (Workers workers = Workers.of(2)) {
            Plan plan = onTrial.planner(9, 13).workers(workers).build();
            int before = library.calls.get();
            assertTrue(before > 0, "it was tried");
            Pass pass = Pass.run(plan, onTrial, given, onTrial.gradients());
            assertEquals(before, library.calls.get());
            Pass truth = run(exact, given, workers, false);
            assertArrayEquals(truth.y().data(), pass.y().data());
            assertArrayEquals(truth.dx().data(), pass.dx().data());
        }
    }

    /** One that takes no time gets what it can get, also between checkpoints. */
    @Test
    void fastLibraryOnTrial() {
        Idle idle = new Idle();
        Rnn rnn = Networks.LSTM.of(200, 16).layers(2).kernels(ours.withWhereFaster(idle)).build(1);
        Tensor x = Tensor.zeros(40, 16, 200);
        Gradients gradients = rnn.gradients();
        Plan plan = rnn.plan(40, 16);
        int before = idle.calls.get();
        plan.forward(x, null, null, null);
        plan.backward(null, null, Tensor.zeros(40, 16, 200), null, gradients);
        assertTrue(idle.calls.get() - before >= 4, idle.calls.get() + " after " + before);
        CheckpointedPlan checkpointed = rnn.planner(40, 16).buildCheckpointed();
        before = idle.calls.get();
        checkpointed.forward(x, null, null, null, null, null);
        checkpointed.backward(null, null, null, null, null, null, gradients);
        assertTrue(idle.calls.get() - before >= 4, idle.calls.get() + " after " + before);
    }

    /** Segments with and without padding, two layers, every direction, any number of threads. */
    @ParameterizedTest
    @EnumSource(Networks.class)
    void passesAgree(Networks kind) {
        for (Directions directions : Directions.values()) {
            for (int threads : new int[] {1, 3}) {
                // 32 units leave no padding between gates, which are then multiplied at once.
                int hidden = threads == 1 ? 32 : 35;
                RnnBuilder builder = kind.of(7, hidden).layers(2).directions(directions);
                String what = directions + " " + hidden + " " + threads;
                int before = library.calls.get();
                assertAgree(builder, 9, 13, threads, false, what);
                // Each worker's share of W·x and dz·W; dW and dU of those who have units; 9 steps.
                int least = 2 * 2 * directions.count() * (2 * threads + 2 + 2 * 9);
                assertTrue(library.calls.get() - before >= least, what);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Networks.class)
    void tokensAndSharedColumns(Networks kind) {
        assertAgree(kind.of(11, 32).tokens(true), 8, 6, 2, false, "tokens");
        assertAgree(kind.of(7, 40).layers(2), 5, 1, 2, false, "columns shared");
    }

    /** Sequences of different lengths leave a library the products of single steps. */
    @Test
    void lengths() {
        RnnBuilder builder = Networks.LSTM.of(7, 20).layers(2);
        assertAgree(builder, 9, 4, 2, true, "lengths");
    }

    /** Unmeasured, single steps go to a library only where our kernels are scalar. */
    @Test
    void unmeasured() {
        Kernels scalar = KernelSelection.reference().with(library);
        assertTrue(ProductKind.unmeasured(scalar).contains(ProductKind.STEP));
        if (theirs.lanes() > 1) {
            assertFalse(ProductKind.unmeasured(theirs).contains(ProductKind.STEP));
        }
    }

    @Test
    void stepsAllocateNothing() {
        Rnn rnn = Networks.GRU.of(5, 16).layers(2).kernels(theirs).build(1);
        Plan plan = rnn.plan(3, 2);
        giveAll(plan);
        Tensor x = Tensor.zeros(3, 2, 5);
        Tensor dy = Tensor.zeros(3, 2, 16);
        Gradients gradients = rnn.gradients();
        assertEquals(0, Allocation.bytes(() -> {
            plan.forward(x, null, null, null);
            plan.backward(dy, null, null, null, gradients);
        }));
    }

    private void assertAgree(
            RnnBuilder builder, int steps, int batch, int threads, boolean lengths, String what) {
        Rnn expected = builder.kernels(ours).build(3);
        Pass.Given given = Pass.Given.random(expected, steps, batch, 4);
        try (Workers workers = Workers.of(threads)) {
            Pass truth = run(expected, given, workers, lengths);
            Pass pass = run(builder.kernels(theirs).build(3), given, workers, lengths);
            assertClose(truth.y().data(), pass.y().data(), what + ": y");
            assertClose(truth.hn().data(), pass.hn().data(), what + ": hn");
            assertClose(truth.dh0().data(), pass.dh0().data(), what + ": dh0");
            if (truth.dx() != null) {
                assertClose(truth.dx().data(), pass.dx().data(), what + ": dx");
            }
            truth.gradients().forEach((name, values) -> assertClose(
                    values, pass.gradients().get(name), what + ": " + name));
        }
    }

    private static Pass run(Rnn rnn, Pass.Given given, Workers workers, boolean lengths) {
        int batch = given.dy().rows();
        Planner planner = rnn.planner(given.dy().steps(), batch).workers(workers);
        Plan plan = (lengths ? planner.variableLengths() : planner).build();
        if (!rnn.kernels().exact()) {
            giveAll(plan);
        }
        if (lengths) {
            plan.lengths(new int[] {3, 9, 5, 9});
        }
        // The second pass finds in the workspace what the first one left there.
        Pass.run(plan, rnn, given, rnn.gradients());
        return Pass.run(plan, rnn, given, rnn.gradients());
    }

    /** The library gets all that it can, whether it pays or not. */
    private static void giveAll(Plan plan) {
        for (LayerState run : plan.workspace().runs) {
            run.byLibrary.addAll(EnumSet.allOf(ProductKind.class));
        }
    }

    private static void assertClose(float[] expected, float[] actual, String what) {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs((double) expected[i] - actual[i]);
            assertTrue(error <= 2e-5 * largest,
                    "%s[%d]: expected %s, got %s".formatted(what, i, expected[i], actual[i]));
        }
    }
}
