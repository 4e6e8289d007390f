package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Gradients accumulated over micro-batches beside those of the whole batch: what {@link Gradients}
 * says of them.
 */
class MicroBatchTest {
    /** A pass over the rows from {@code from} to {@code to} of every tensor, gradients added. */
    private static Pass part(Rnn rnn, Pass.Given given, int from, int to, Gradients gradients) {
        Pass.Given rows = new Pass.Given(
                rows(given.x(), from, to),
                rnn.tokens() ? rows(given.tokens(), from, to) : null,
                rows(given.h0(), from, to), rows(given.c0(), from, to),
                rows(given.dy(), from, to), rows(given.dhn(), from, to),
                rows(given.dcn(), from, to));
        return Pass.run(rnn.plan(given.dy().steps(), to - from), rnn, rows, gradients);
    }

    private static Tensor rows(Tensor t, int from, int to) {
        return t == null
                ? null
                : new Tensor(t.data(), t.index(0, from), t.steps(), to - from, t.features(),
                        t.stepStride(), t.rowStride());
    }

    private static Tokens rows(Tokens all, int from, int to) {
        int[] data = new int[all.steps() * (to - from)];
        for (int t = 0; t < all.steps(); t++) {
            for (int row = from; row < to; row++) {
                data[t * (to - from) + row - from] = all.at(t, row);
            }
        }
        return Tokens.of(data, all.steps(), to - from);
    }

    /** The gradients of all micro-batches together; {@code ends} are their ends. */
    private static Map<String, float[]> accumulated(Rnn rnn, Pass.Given given, int... ends) {
        Gradients gradients = rnn.gradients();
        int from = 0;
        for (int end : ends) {
            part(rnn, given, from, end, gradients);
            from = end;
        }
        Map<String, float[]> named = new HashMap<>();
        gradients.layout().slots().forEach(s -> named.put(s.name(), gradients.read(s.name())));
        return named;
    }

    @ParameterizedTest
    @EnumSource
    void stepsOfASequenceAreBitEqualAndGradientsWithinRounding(Networks kind) {
        Rnn rnn = kind.of(7, 33).layers(2).build(20);
        Pass.Given given = Pass.Given.random(rnn, 30, 12, 21);
        Pass whole = Pass.run(rnn.planner(30, 12), rnn, given);
        Gradients gradients = rnn.gradients();
        int from = 0;
        for (int end : new int[] {5, 9, 12}) {
            Pass micro = part(rnn, given, from, end, gradients);
            assertRows(whole.y(), from, micro.y());
            assertRows(whole.dx(), from, micro.dx());
            assertRows(whole.hn(), from, micro.hn());
            assertRows(whole.dh0(), from, micro.dh0());
            from = end;
        }
        whole.gradients().forEach((name, expected) -> {
            float[] actual = gradients.read(name);
            float largest = 0;
            for (float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(expected, actual, 3e-6f * largest, name);
            assertFalse(Arrays.equals(expected, actual), name + ": not bit for bit in general");
        });
    }

    private static void assertRows(Tensor whole, int from, Tensor micro) {
        for (int t = 0; t < micro.steps(); t++) {
            for (int row = 0; row < micro.rows(); row++) {
                for (int f = 0; f < micro.features(); f++) {
                    assertEquals(whole.at(t, from + row, f), micro.at(t, row, f));
                }
            }
        }
    }

    /** Small integers: no sum is rounded, so all of them must agree, whatever their order. */
    @Test
    void exactSumsAreBitEqual() {
        Rnn rnn = Networks.IDENTITY.of(5, 18).build(1);
        rnn.parameters().edit(flat -> Arrays.fill(flat, 0f));
        float[] cyclic = new float[18 * 18];
        for (int i = 0; i < 18; i++) {
            cyclic[i * 18 + (i + 1) % 18] = i % 2 == 0 ? 1 : -1;
        }
        rnn.parameters().write("weight_hh_l0", cyclic);
        Pass.Given given = Pass.Given.random(rnn, 20, 40, 22);
        for (Tensor t : new Tensor[] {
            given.x(), given.h0(), given.dy(), given.dhn()
        }) {
            for (int i = 0; i < t.data().length; i++) {
                t.data()[i] = Math.round(4 * t.data()[i]);
            }
        }
        Map<String, float[]> whole = accumulated(rnn, given, 40);
        accumulated(rnn, given, 1, 17, 40).forEach(
                (name, values) -> assertArrayEquals(whole.get(name), values, name));
    }

    /** Sums without products, of one step: biases, and W of tokens. Rows after the first part alone. */
    @Test
    void oneStepRowByRowIsBitEqualWhereNothingIsMultiplied() {
        Rnn rnn = Networks.GRU.of(3, 20).tokens(true).build(2);
        Pass.Given given = Pass.Given.random(rnn, 1, 6, 23);
        Map<String, float[]> whole = accumulated(rnn, given, 6);
        Map<String, float[]> parts = accumulated(rnn, given, 3, 4, 5, 6);
        for (String name : new String[] {"bias_ih_l0", "bias_hh_l0", "weight_ih_l0"}) {
            assertArrayEquals(whole.get(name), parts.get(name), name);
        }
        assertFalse(Arrays.equals(whole.get("weight_hh_l0"), parts.get("weight_hh_l0")));
        assertFalse(Arrays.equals(
                whole.get("bias_ih_l0"), accumulated(rnn, given, 2, 4, 6).get("bias_ih_l0")));
    }
}
