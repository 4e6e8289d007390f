package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Step by step is the same as all at once. */
class StepperTest {
    @ParameterizedTest
    @EnumSource(Networks.class)
    void equalsTheWholeSequence(Networks kind) {
        Rnn rnn = kind.of(4, 21).layers(2).zoneout(0.1f).residual(true).build(1);
        Pass.Given given = Pass.Given.random(rnn, 12, 3, 2);
        Tensor whole = Tensor.zeros(12, 3, rnn.outputs());
        rnn.plan(12, 3).forward(given.x(), null, whole, null);
        Stepper stepper = rnn.stepper(3);
        for (int round = 0; round < 2; round++) {
            for (int t = 0; t < 12; t++) {
                Tensor x = new Tensor(given.x().data(), given.x().index(t, 0), 1, 3, 4, 12, 4);
                Tensor y = stepper.step(x);
                for (int row = 0; row < 3; row++) {
                    float[] expected =
                            Arrays.copyOfRange(
                                    whole.data(), whole.index(t, row),
                                    whole.index(t, row) + rnn.outputs());
                    float[] actual =
                            Arrays.copyOfRange(
                                    y.data(), y.index(0, row), y.index(0, row) + rnn.outputs());
                    assertArrayEquals(expected, actual, kind + " step " + t);
                }
            }
            stepper.reset();
            assertEquals(0f, stepper.states().at(0, 0, 0));
        }
    }

    @Test
    void twoDirectionsCannotBeStepped() {
        Rnn both = Rnn.tanh(2, 3).directions(Directions.CONCATENATED).build(1);
        assertThrows(IllegalStateException.class, () -> both.stepper(1));
    }
}
