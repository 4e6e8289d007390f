package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ebbtide.kernels.KernelSelection;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The numerics contract: one result, whatever computes it. */
class ExactnessTest {
    /** The last two are split by columns, one among two threads, the other among up to seven. */
    static Stream<Arguments> shapes() {
        int[][] sizes = {
            {1, 1, 1, 1}, {3, 2, 5, 7}, {9, 1, 20, 65}, {4, 13, 33, 100}, {7, 300, 3, 17},
            {40, 9, 16, 48}, {2, 5, 260, 300}, {3, 11, 8, 257}, {5, 1, 8, 430}
        };
        return Arrays.stream(sizes)
                .flatMap(
                        s -> Networks.all()
                                .map(a -> Arguments.of(a, s[0], s[1], s[2], s[3])));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void selectedKernelsEqualTheScalarReference(
            Networks kind, int steps, int batch, int inputs, int hidden) {
        Rnn fast = kind.of(inputs, hidden).layers(2).build(5);
        Rnn reference =
                kind.of(inputs, hidden)
                        .layers(2)
                        .kernels(KernelSelection.reference())
                        .build(5);
        Pass.Given given = Pass.Given.random(fast, steps, batch, 11);
        Pass.run(reference.planner(steps, batch), reference, given)
                .assertSameBits(
                        Pass.run(fast.planner(steps, batch), fast, given), "scalar and selected");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void threadsDoNotChangeABit(
            Networks kind, int steps, int batch, int inputs, int hidden) {
        Rnn rnn = kind.of(inputs, hidden).layers(2).build(6);
        Pass.Given given = Pass.Given.random(rnn, steps, batch, 12);
        Pass one = Pass.run(rnn.planner(steps, batch), rnn, given);
        for (int threads : new int[] {2, 3, 4, 7}) {
            try (Workers workers = Workers.of(threads)) {
                one.assertSameBits(
                        Pass.run(rnn.planner(steps, batch).workers(workers), rnn, given),
                        threads + " threads");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TANH, 6, 5, 11, 20, 1",
        "TANH, 40, 16, 65, 48, 1",
        "SKIP, 9, 1, 7, 96, 3",
        "LSTM, 9, 6, 7, 50, 3",
        "GRU, 9, 6, 7, 50, 1",
        "LEAKY, 3, 300, 4, 33, 2"
    })
    void tokensEqualOneHotVectors(Networks kind, int steps, int batch, int classes, int hidden,
            int threads) {
        Rnn byToken = kind.of(classes, hidden).tokens(true).build(7);
        Rnn byVector = kind.of(classes, hidden).build(7);
        Pass.Given given = Pass.Given.random(byToken, steps, batch, 13);
        Tensor x = TestTensors.oneHot(given.tokens(), classes);
        Pass.Given dense = new Pass.Given(
                x, null, given.h0(), given.c0(), given.dy(), given.dhn(), given.dcn());
        try (Workers workers = Workers.of(threads)) {
            Pass.run(byToken.planner(steps, batch).workers(workers), byToken, given)
                    .assertSameBits(
                            Pass.run(byVector.planner(steps, batch), byVector, dense),
                            "tokens and one-hot");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SIGMOID, 6, 5, 11, 20, 1",
        "SIGMOID, 20, 9, 3, 130, 2",
        "LEAKY, 5, 33, 8, 48, 3",
        "SKIP, 8, 6, 8, 48, 2",
        "LSTM, 7, 9, 5, 40, 2",
        "GRU, 7, 9, 5, 40, 2"
    })
    void aSequenceDoesNotDependOnTheBatch(
            Networks kind, int steps, int batch, int inputs, int hidden, int threads) {
        Rnn rnn = kind.of(inputs, hidden).layers(2).build(8);
        Pass.Given given = Pass.Given.random(rnn, steps, batch, 14);
        try (Workers workers = Workers.of(threads)) {
            Pass all = Pass.run(rnn.planner(steps, batch).workers(workers), rnn, given);
            for (int row = 0; row < batch; row++) {
                Pass.Given single =
                        new Pass.Given(
                                row(given.x(), row),
                                null,
                                row(given.h0(), row), row(given.c0(), row), row(given.dy(), row),
                                row(given.dhn(), row), row(given.dcn(), row));
                Pass alone = Pass.run(rnn.planner(steps, 1), rnn, single);
                assertArrayEquals(dense(row(all.y(), row)), alone.y().data(), "y");
                assertArrayEquals(dense(row(all.hn(), row)), alone.hn().data(), "hn");
                assertArrayEquals(dense(row(all.dx(), row)), alone.dx().data(), "dx");
                assertArrayEquals(dense(row(all.dh0(), row)), alone.dh0().data(), "dh0");
            }
        }
    }

    /** One batch row as a view: the same memory, so strides are tested as well. */
    private static Tensor row(Tensor t, int row) {
        if (t == null) {
            return null;
        }
        return new Tensor(
                t.data(), t.index(0, row), t.steps(), 1, t.features(), t.stepStride(),
                t.rowStride());
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

    @Test
    void gradientsAccumulateUntilZeroed() {
        Rnn rnn = Rnn.sigmoid(3, 5).build(9);
        Pass.Given given = Pass.Given.random(rnn, 4, 2, 15);
        Plan plan = rnn.plan(4, 2);
        Gradients gradients = rnn.gradients();
        Pass once = Pass.run(plan, rnn, given, gradients);
        Pass twice = Pass.run(plan, rnn, given, gradients);
        float[] w = once.gradients().get("weight_hh_l0");
        for (int i = 0; i < w.length; i++) {
            assertEquals(2 * w[i], twice.gradients().get("weight_hh_l0")[i], "one block: exact");
        }
        gradients.zero();
        once.assertSameBits(Pass.run(plan, rnn, given, gradients), "zeroed");
    }

    @Test
    void stridedViewsEqualDenseTensors() {
        Rnn rnn = Rnn.tanh(5, 19).build(10);
        Pass.Given given = Pass.Given.random(rnn, 6, 4, 16);
        Tensor x = given.x();
        float[] wide = new float[3 + 6 * 100];
        Tensor view = new Tensor(wide, 3, 6, 4, 5, 100, 21);
        for (int t = 0; t < 6; t++) {
            for (int row = 0; row < 4; row++) {
                System.arraycopy(x.data(), x.index(t, row), wide, view.index(t, row), 5);
            }
        }
        Pass.Given strided =
                new Pass.Given(
                        view, null, given.h0(), given.c0(), given.dy(), given.dhn(), given.dcn());
        Pass.run(rnn.planner(6, 4), rnn, given)
                .assertSameBits(Pass.run(rnn.planner(6, 4), rnn, strided), "views");
    }

    @Test
    void carriedStateEqualsOneLongSequence() {
        Rnn rnn = Rnn.tanh(4, 21).layers(2).build(11);
        Pass.Given given = Pass.Given.random(rnn, 10, 3, 17);
        Tensor x = given.x();
        Pass whole = Pass.run(rnn.planner(10, 3), rnn, given);
        Plan first = rnn.plan(6, 3);
        Plan second = rnn.plan(4, 3);
        Tensor carried = Tensor.zeros(2, 3, 21);
        Tensor end = Tensor.zeros(2, 3, 21);
        first.forward(new Tensor(x.data(), 0, 6, 3, 4, 12, 4), given.h0(), null, null);
        first.state(6, carried);
        second.forward(new Tensor(x.data(), 72, 4, 3, 4, 12, 4), carried, null, end);
        assertArrayEquals(whole.hn().data(), end.data());
    }
}
