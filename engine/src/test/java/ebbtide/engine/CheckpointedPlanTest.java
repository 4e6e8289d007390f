package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Computing states twice instead of keeping them gives the same bits, for every kind of cell. */
class CheckpointedPlanTest {
    /** Seven segments of 8 steps after one of a single step, shorter than the longest delay. */
    private static final int STEPS = 57;

    private static final int BATCH = 60;
    private static final int INPUTS = 3;
    private static final int HIDDEN = 18;

    @ParameterizedTest
    @EnumSource(Networks.class)
    void equalsAPlan(Networks kind) {
        for (Directions directions : Directions.values()) {
            Rnn rnn =
                    StructureTest.regularized(kind, INPUTS, HIDDEN).directions(directions).build(1);
            check(kind + " " + directions, rnn, null);
            check(kind + " " + directions + " lengths", rnn, lengths());
        }
    }

    /** Weights that fill the cache are not read anew for every block of steps. */
    @Test
    void equalsAPlanOfWideLayers() {
        check("wide", Rnn.lstm(INPUTS, 258).build(1), null);
    }

    private static void check(String what, Rnn rnn, int[] lengths) {
        Pass.Given given = Pass.Given.random(rnn, STEPS, BATCH, 2);
        Planner planner = rnn.planner(STEPS, BATCH);
        if (lengths != null) {
            planner.variableLengths();
        }
        Plan plan = planner.build();
        CheckpointedPlan checkpointed = planner.buildCheckpointed();
        if (lengths != null) {
            plan.lengths(lengths);
            checkpointed.lengths(lengths);
        }
        plan.drawMasks(9);
        checkpointed.drawMasks(9);
        Pass expected = Pass.run(plan, rnn, given, rnn.gradients());
        run(checkpointed, rnn, given).assertSameBits(expected, what);
    }

    /** Short passes, again and again: what two workers do to each other shows now and then. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void soItDoesOnAnyNumberOfThreads(int threads) {
        Rnn rnn = Rnn.tanh(INPUTS, 9).build(1);
        Pass.Given given = Pass.Given.random(rnn, 9, 52, 2);
        Pass expected = Pass.run(rnn.plan(9, 52), rnn, given, rnn.gradients());
        try (Workers workers = Workers.of(threads)) {
            CheckpointedPlan plan = rnn.planner(9, 52).workers(workers).buildCheckpointed();
            for (int round = 0; round < 500; round++) {
                run(plan, rnn, given).assertSameBits(expected, "round " + round);
            }
        }
    }

    private static int[] lengths() {
        int[] lengths = new int[BATCH];
        for (int row = 0; row < BATCH; row++) {
            lengths[row] = 1 + row * 37 % STEPS;
        }
        return lengths;
    }

    private static Pass run(CheckpointedPlan plan, Rnn rnn, Pass.Given given) {
        Gradients gradients = rnn.gradients();
        int steps = given.x().steps();
        int batch = given.x().rows();
        int runs = rnn.layers() * rnn.directions().count();
        Tensor y = Tensor.zeros(steps, batch, rnn.outputs());
        Tensor hn = Tensor.zeros(runs, batch, rnn.features());
        Tensor dx = Tensor.zeros(steps, batch, INPUTS);
        Tensor dh0 = Tensor.zeros(runs, batch, rnn.features());
        boolean cells = rnn.hasCellState();
        Tensor cn = cells ? Tensor.zeros(runs, batch, rnn.hidden()) : null;
        Tensor dc0 = cells ? Tensor.zeros(runs, batch, rnn.hidden()) : null;
        plan.forward(given.x(), given.h0(), given.c0(), y, hn, cn);
        plan.backward(given.dy(), given.dhn(), given.dcn(), dx, dh0, dc0, gradients);
        Map<String, float[]> named = new TreeMap<>();
        for (Layout.Slot slot : gradients.layout().slots()) {
            named.put(slot.name(), gradients.read(slot.name()));
        }
        return new Pass(y, hn, cn, dx, dh0, dc0, named);
    }

    @Test
    void aThousandStepsNeedLittleMemory() {
        Rnn rnn = Rnn.lstm(64, 256).build(1);
        long full = rnn.planner(1000, 64).workspaceBytes();
        long kept = rnn.planner(1000, 64).buildCheckpointed().workspaceBytes();
        assertTrue(kept < 0.1 * full, kept + " of " + full);
        Rnn both = Rnn.lstm(64, 256).directions(Directions.CONCATENATED).build(1);
        full = both.planner(1000, 64).workspaceBytes();
        kept = both.planner(1000, 64).buildCheckpointed().workspaceBytes();
        assertTrue(kept < 0.2 * full, kept + " of " + full);
    }

    @Test
    void refusesWhatItCannot() {
        CheckpointedPlan plan = Rnn.tanh(2, 3).build(1).planner(4, 2).buildCheckpointed();
        assertThrows(
                IllegalStateException.class,
                () -> plan.backward(null, null, null, null, null, null, null));
        assertThrows(IllegalStateException.class, () -> plan.lengths(1, 2));
        plan.forward(Tensor.zeros(4, 2, 2), null, null, null, null, null);
        plan.backward(null, null, null, null, null, null, null);
        assertThrows(
                IllegalStateException.class,
                () -> plan.backward(null, null, null, null, null, null, null));
        assertArrayEquals(
                new int[] {8, 12, 4, 256},
                new int[] {
                    CheckpointedRun.segment(61, 64), CheckpointedRun.segment(100, 64),
                    CheckpointedRun.segment(16, 64), CheckpointedRun.segment(1000, 1)
                });
    }
}
