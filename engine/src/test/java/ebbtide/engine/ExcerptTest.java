package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lowest layers and one recurrence after another are the whole network, bit for bit. */
class ExcerptTest {
    private static final int STEPS = 6;
    private static final int INPUTS = 4;
    private static final int HIDDEN = 19;

    @ParameterizedTest
    @EnumSource(Networks.class)
    void partsGiveTheWhole(Networks kind) {
        Rnn rnn =
                kind.of(INPUTS, HIDDEN).layers(2).directions(Directions.CONCATENATED).build(3);
        Tensor x = Pass.Given.random(rnn, STEPS, 1, 4).x();
        Tensor below = output(Excerpt.bottom(rnn, 1), x);
        Tensor whole = output(rnn, x);
        for (int direction = 0; direction < 2; direction++) {
            Rnn part = Excerpt.recurrence(rnn, 1, direction);
            Tensor read = direction == 0 ? below : reversed(below);
            Tensor states = output(part, read);
            for (int t = 0; t < STEPS; t++) {
                int at = direction == 0 ? t : STEPS - 1 - t;
                for (int i = 0; i < rnn.features(); i++) {
                    assertEquals(
                            whole.at(t, 0, direction * rnn.features() + i),
                            states.at(at, 0, i),
                            0f);
                }
            }
        }
    }

    @Test
    void asksForWhatIsThere() {
        Rnn rnn = Rnn.tanh(INPUTS, HIDDEN).layers(2).build(3);
        assertThrows(IllegalArgumentException.class, () -> Excerpt.bottom(rnn, 3));
        assertThrows(IllegalArgumentException.class, () -> Excerpt.recurrence(rnn, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> Excerpt.recurrence(rnn, 0, 1));
    }

    private static Tensor output(Rnn rnn, Tensor x) {
        Plan plan = rnn.plan(STEPS, 1);
        Tensor y = Tensor.zeros(STEPS, 1, rnn.outputs());
        plan.forward(x, null, y, null);
        return y;
    }

    private static Tensor reversed(Tensor x) {
        Tensor turned = Tensor.zeros(STEPS, 1, x.features());
        for (int t = 0; t < STEPS; t++) {
            System.arraycopy(
                    x.data(), x.index(STEPS - 1 - t, 0), turned.data(), turned.index(t, 0),
                    x.features());
        }
        return turned;
    }
}
