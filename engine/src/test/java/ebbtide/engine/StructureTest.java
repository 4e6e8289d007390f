package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Directions, lengths and what stands between layers, for every kind of cell. */
class StructureTest {
    private static final int STEPS = 9;
    private static final int BATCH = 6;
    private static final int INPUTS = 7;
    private static final int HIDDEN = 35;
    private static final int[] LENGTHS = {3, 9, 1, 9, 5, 3};

    private static RnnBuilder both(Networks kind, Directions directions) {
        return kind.of(INPUTS, HIDDEN).layers(2).directions(directions);
    }

    /** Every sequence of a batch of different lengths equals itself, run alone over its own steps. */
    @ParameterizedTest
    @EnumSource(Networks.class)
    void aSequenceOfAnyLengthEqualsItselfAlone(Networks kind) {
        for (Directions directions : Directions.values()) {
            Rnn rnn = both(kind, directions).build(1);
            Pass.Given given = Pass.Given.random(rnn, STEPS, BATCH, 2);
            Plan plan = rnn.planner(STEPS, BATCH).variableLengths().build();
            plan.lengths(LENGTHS);
            Pass all = Pass.run(plan, rnn, given, rnn.gradients());
            for (int row = 0; row < BATCH; row++) {
                int length = LENGTHS[row];
                Pass.Given single =
                        new Pass.Given(
                                row(given.x(), row, length),
                                null,
                                row(given.h0(), row), row(given.c0(), row),
                                row(given.dy(), row, length), row(given.dhn(), row),
                                row(given.dcn(), row));
                Pass alone = Pass.run(rnn.plan(length, 1), rnn, single, rnn.gradients());
                String what = kind + " " + directions + " row " + row;
                assertArrayEquals(alone.y().data(), dense(row(all.y(), row, length)), what);
                assertArrayEquals(alone.hn().data(), dense(row(all.hn(), row)), what + " hn");
                assertArrayEquals(alone.dx().data(), dense(row(all.dx(), row, length)), what);
                assertArrayEquals(alone.dh0().data(), dense(row(all.dh0(), row)), what + " dh0");
                for (int t = length; t < STEPS; t++) {
                    assertEquals(0f, all.y().at(t, row, 1), what);
                    assertEquals(0f, all.dx().at(t, row, 1), what);
                }
            }
        }
    }

    /** The gradients of parameters are the sum over the sequences run alone. */
    @ParameterizedTest
    @EnumSource(Networks.class)
    void gradientsAreTheSumOverSequences(Networks kind) {
        Rnn rnn = both(kind, Directions.SUMMED).build(3);
        Pass.Given given = Pass.Given.random(rnn, STEPS, BATCH, 4);
        Plan plan = rnn.planner(STEPS, BATCH).variableLengths().build();
        plan.lengths(LENGTHS);
        Pass all = Pass.run(plan, rnn, given, rnn.gradients());
        Gradients sum = rnn.gradients();
        Pass last = null;
        for (int row = 0; row < BATCH; row++) {
            Pass.Given single =
                    new Pass.Given(
                            row(given.x(), row, LENGTHS[row]),
                            null,
                            row(given.h0(), row), row(given.c0(), row),
                            row(given.dy(), row, LENGTHS[row]), row(given.dhn(), row),
                            row(given.dcn(), row));
            last = Pass.run(rnn.plan(LENGTHS[row], 1), rnn, single, sum);
        }
        for (String name : all.gradients().keySet()) {
            float[] expected = last.gradients().get(name);
            float largest = 0;
            for (float v : expected) {
                largest = Math.max(largest, Math.abs(v));
            }
            assertArrayEquals(expected, all.gradients().get(name), 1e-6f * largest + 1e-6f, name);
        }
    }

    @ParameterizedTest
    @EnumSource(Networks.class)
    void scalarAndThreadsGiveTheSameBits(Networks kind) {
        for (Directions directions : Directions.values()) {
            for (boolean lengths : new boolean[] {false, true}) {
                Rnn fast = regularized(kind, directions).build(5);
                Rnn reference =
                        regularized(kind, directions)
                                .kernels(KernelSelection.reference())
                                .build(5);
                Pass.Given given = Pass.Given.random(fast, STEPS, BATCH, 6);
                Pass one = run(fast, Workers.single(), given, lengths);
                run(reference, Workers.single(), given, lengths).assertSameBits(one, "scalar");
                for (int threads : new int[] {2, 7}) {
                    try (Workers workers = Workers.of(threads)) {
                        run(fast, workers, given, lengths)
                                .assertSameBits(one, kind + " " + threads + " threads");
                    }
                }
            }
        }
    }

    /** Rows that are few for their units: two threads split the columns, of batches that shrink too. */
    @ParameterizedTest
    @EnumSource(Networks.class)
    void wideLayersGiveTheSameBitsOnTwoThreads(Networks kind) {
        int hidden = 258;
        assertEquals(0, new Partition(2, BATCH, hidden).row(1, BATCH), "split by columns");
        Rnn rnn = regularized(kind, INPUTS, hidden).build(5);
        Pass.Given given = Pass.Given.random(rnn, STEPS, BATCH, 6);
        try (Workers workers = Workers.of(2)) {
            run(rnn, workers, given, true)
                    .assertSameBits(run(rnn, Workers.single(), given, true), "two threads");
        }
    }

    private static RnnBuilder regularized(Networks kind, Directions directions) {
        return regularized(kind, INPUTS, HIDDEN).directions(directions);
    }

    /** Three layers with everything that stands around a cell. */
    static RnnBuilder regularized(Networks kind, int inputs, int hidden) {
        RnnBuilder builder =
                kind.of(inputs, hidden)
                        .layers(3)
                        .residual(true)
                        .dropout(0.3f)
                        .recurrentDropout(0.2f)
                        .zoneout(0.1f);
        return switch (kind) {
            case LSTM, PROJECTED, NORMALIZED_LSTM -> builder.cellZoneout(0.3f);
            default -> builder;
        };
    }

    private static Pass run(Rnn rnn, Workers workers, Pass.Given given, boolean lengths) {
        Planner planner = rnn.planner(STEPS, BATCH).workers(workers);
        Plan plan = lengths ? planner.variableLengths().build() : planner.build();
        if (lengths) {
            plan.lengths(LENGTHS);
        }
        plan.drawMasks(77);
        return Pass.run(plan, rnn, given, rnn.gradients());
    }

    /** With masks fixed the loss is a function like any other: gradients equal its differences. */
    @ParameterizedTest
    @EnumSource(Networks.class)
    void regularizedGradientsMatchDifferences(Networks kind) {
        Rnn rnn = regularized(kind, 3, 5).build(8);
        int steps = 4;
        Pass.Given given = Pass.Given.random(rnn, steps, 2, 9);
        Plan plan = rnn.plan(steps, 2);
        plan.drawMasks(5);
        Pass pass = Pass.run(plan, rnn, given, rnn.gradients());
        float[] x = given.x().data();
        for (int i = 0; i < x.length; i++) {
            float before = x[i];
            float step = 4e-3f;
            x[i] = before + step;
            double up = loss(plan, rnn, given);
            x[i] = before - step;
            double down = loss(plan, rnn, given);
            x[i] = before;
            assertEquals((up - down) / (2 * step), pass.dx().data()[i], 2e-3, kind + " dx " + i);
        }
    }

    private static double loss(Plan plan, Rnn rnn, Pass.Given given) {
        Tensor y = Tensor.zeros(plan.steps(), plan.batch(), rnn.outputs());
        Tensor hn = Tensor.zeros(rnn.layers(), plan.batch(), rnn.features());
        Tensor cn =
                rnn.hasCellState()
                        ? Tensor.zeros(rnn.layers(), plan.batch(), rnn.hidden())
                        : null;
        plan.forward(given.x(), given.h0(), given.c0(), y, hn, cn);
        double loss = dot(y, given.dy()) + dot(hn, given.dhn());
        return cn == null ? loss : loss + dot(cn, given.dcn());
    }

    private static double dot(Tensor a, Tensor b) {
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += (double) a.data()[i] * b.data()[i];
        }
        return sum;
    }

    /** Chosen units keep c, and h comes from the c that they would have had. */
    @Test
    void zonedCellStatesAreKept() {
        float rate = 0.4f;
        Rnn zoned = Rnn.lstm(3, 500).cellZoneout(rate).build(4);
        Rnn plain = Rnn.lstm(3, 500).build(4);
        Pass.Given given = Pass.Given.random(plain, 1, 2, 10);
        Pass free = Pass.run(plain.planner(1, 2), plain, given);
        Plan plan = zoned.plan(1, 2);
        plan.drawMasks(6);
        Pass pass = Pass.run(plan, zoned, given, zoned.gradients());
        assertArrayEquals(free.hn().data(), pass.hn().data());
        int kept = 0;
        for (int i = 0; i < 1000; i++) {
            float c = pass.cn().data()[i];
            if (c == given.c0().data()[i]) {
                kept++;
                assertNotEquals(free.cn().data()[i], c);
            } else {
                assertEquals(free.cn().data()[i], c);
            }
        }
        assertEquals(rate, kept / 1000.0, 0.05);
        plan.clearMasks();
        Tensor mean = Tensor.zeros(1, 2, 500);
        plan.forward(given.x(), given.h0(), given.c0(), null, null, mean);
        for (int i = 0; i < 1000; i++) {
            float c0 = given.c0().data()[i];
            assertEquals(rate * c0 + (1 - rate) * free.cn().data()[i], mean.data()[i], 1e-6);
        }
        assertThrows(IllegalStateException.class, () -> Rnn.gru(3, 4).cellZoneout(rate).build(1));
        assertThrows(
                IllegalStateException.class,
                () -> Rnn.lstm(3, 4).peepholes().cellZoneout(rate).build(1));
    }

    /** Without masks nothing is dropped, and a mask has the rate asked for. */
    @Test
    void masksAreDrawnAtTheirRate() {
        Rnn rnn = Rnn.identity(2, 2000).layers(2).dropout(0.25f).build(1);
        rnn.parameters().edit(flat -> Arrays.fill(flat, 0f));
        rnn.parameters().write("weight_ih_l0", ones(4000));
        float[] selection = new float[2000 * 2000];
        for (int i = 0; i < 2000; i++) {
            selection[i * 2000 + i] = 1;
        }
        rnn.parameters().write("weight_ih_l1", selection);
        Tensor x = Tensor.of(new float[] {1, 1, 1, 1}, 2, 1, 2);
        Tensor y = Tensor.zeros(2, 1, 2000);
        Plan plan = rnn.plan(2, 1);
        plan.forward(x, null, y, null);
        for (float v : y.data()) {
            assertEquals(2f, v);
        }
        plan.drawMasks(3);
        plan.forward(x, null, y, null);
        int dropped = 0;
        int same = 0;
        for (int i = 0; i < 2000; i++) {
            float v = y.at(0, 0, i);
            assertEquals(v == 0 ? 0 : 2 / 0.75f, v, 1e-6f);
            dropped += v == 0 ? 1 : 0;
            same += v == y.at(1, 0, i) ? 1 : 0;
        }
        assertEquals(500, dropped, 90, "4.6 standard deviations");
        assertEquals(0.625 * 2000, same, 110, "every step draws anew");
        Tensor other = Tensor.zeros(2, 1, 2000);
        plan.drawMasks(4);
        plan.forward(x, null, other, null);
        assertNotEquals(Arrays.hashCode(y.data()), Arrays.hashCode(other.data()));
        plan.drawMasks(3);
        plan.forward(x, null, other, null);
        assertArrayEquals(y.data(), other.data(), "the seed gives the masks");
    }

    private static float[] ones(int n) {
        float[] ones = new float[n];
        Arrays.fill(ones, 1f);
        return ones;
    }

    /** States can be carried on after evaluation; only going back needs the masks. */
    @Test
    void evaluationWithZoneoutCarriesStates() {
        Rnn rnn = Rnn.tanh(2, 3).zoneout(0.5f).build(1);
        Plan plan = rnn.plan(2, 1);
        Tensor hn = Tensor.zeros(1, 1, 3);
        plan.forward(Tensor.of(new float[] {1, 2, 3, 4}, 2, 1, 2), null, null, hn);
        Tensor state = Tensor.zeros(1, 1, 3);
        plan.state(2, state);
        assertArrayEquals(hn.data(), state.data());
        assertThrows(
                IllegalStateException.class, () -> plan.backward(null, null, null, null, null));
    }

    @Test
    void refusesWhatItCannot() {
        Rnn rnn = Rnn.tanh(2, 3).directions(Directions.SUMMED).build(1);
        Plan plan = rnn.planner(4, 2).variableLengths().build();
        assertThrows(IllegalArgumentException.class, () -> plan.lengths(4));
        assertThrows(IllegalArgumentException.class, () -> plan.lengths(4, 5));
        assertThrows(IllegalArgumentException.class, () -> plan.lengths(0, 4));
        assertThrows(IllegalStateException.class, () -> rnn.plan(4, 2).lengths(4, 4));
        plan.forward(Tensor.zeros(4, 2, 2), null, null, null);
        assertThrows(IllegalStateException.class, () -> plan.state(1, Tensor.zeros(2, 2, 3)));
        assertThrows(IllegalArgumentException.class, () -> Rnn.tanh(2, 3).dropout(1f));
    }

    /** A window that takes over all states that delays reach goes on as the whole would. */
    @Test
    void allDelayedStatesAreCarried() {
        Rnn rnn = Rnn.tanh(3, 18).skip(3).layers(2).build(2);
        assertEquals(6, rnn.states());
        Tensor x = TestTensors.random(Generator.of(1), 8, 2, 3);
        Tensor whole = Tensor.zeros(8, 2, 18);
        rnn.plan(8, 2).forward(x, null, whole, null);
        Tensor states = Tensor.zeros(6, 2, 18);
        Plan first = rnn.plan(5, 2);
        first.forward(new Tensor(x.data(), 0, 5, 2, 3, 6, 3), null, null, states);
        Tensor between = Tensor.zeros(6, 2, 18);
        first.state(5, between);
        assertArrayEquals(states.data(), between.data());
        Tensor rest = Tensor.zeros(3, 2, 18);
        rnn.plan(3, 2).forward(new Tensor(x.data(), 30, 3, 2, 3, 6, 3), states, rest, null);
        assertArrayEquals(Arrays.copyOfRange(whole.data(), 5 * 36, 8 * 36), rest.data());
    }

    private static Tensor row(Tensor t, int row) {
        return t == null ? null : row(t, row, t.steps());
    }

    private static Tensor row(Tensor t, int row, int steps) {
        return new Tensor(
                t.data(), t.index(0, row), steps, 1, t.features(), t.stepStride(), t.rowStride());
    }

    private static float[] dense(Tensor t) {
        float[] out = new float[t.steps() * t.rows() * t.features()];
        int i = 0;
        for (int s = 0; s < t.steps(); s++) {
            for (int r = 0; r < t.rows(); r++) {
                for (int f = 0; f < t.features(); f++) {
                    out[i++] = t.at(s, r, f);
                }
            }
        }
        return out;
    }
}
