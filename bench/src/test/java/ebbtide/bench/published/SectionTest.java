package ebbtide.bench.published;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.bench.published.Experiment.Form;
import ebbtide.bench.published.Trial.Goal;
import java.util.List;
import org.junit.jupiter.api.Test;

class SectionTest {
    private static final Trial TRIAL =
            new Trial("GRU", "--task latch", List.of(1, 2), Goal.SOLVED);
    private static final Experiment EXPERIMENT =
            new Experiment("latch", "Latching", "A paper.", "more units.", List.of(TRIAL),
                    List.of());

    @Test
    void aRowHoldsTheFiguresOfEverySeed() {
        String text = Section.markdown(
                EXPERIMENT, Form.QUICK, List.of(
                        List.of(
                                new Outcome(TRIAL, 1, true, 74000, 1, 2560, 0.00123, 0.0416, 9.6),
                                new Outcome(TRIAL, 2, false, 90000, 600, 2560, 0.04, 0.0416, 12))),
                "commit abc");
        assertTrue(
                text.contains(
                        "| GRU | 1; 2 | 1 of 2 | 74,000; 90,000 | 1; 600 of 2,560 |"
                                + " 0.00123; 0.0400 | 0.0416 | 10; 12 |"),
                text);
        assertTrue(text.startsWith("### Latching, quick form\n\nA paper.\n\nHere: more units."));
        assertTrue(text.contains("`./ebbtide published latch --quick`, commit abc."), text);
    }

    @Test
    void aFormThatWasNotRunSaysSo() {
        assertEquals(
                "### Latching, paper form\n\nNot run. The command is"
                        + " `./ebbtide published latch --paper`.",
                Section.notRun(EXPERIMENT, Form.PAPER));
    }

    @Test
    void aLossThatIsNoNumberIsNotBelowTheBaseline() {
        Trial below = new Trial("LSTM", "", List.of(1), Goal.BELOW_BASELINE);
        assertTrue(new Outcome(below, 1, false, 1, 1, 1, 0.1, 0.2, 1).good());
        assertFalse(new Outcome(below, 1, false, 1, 1, 1, Double.NaN, 0.2, 1).good());
        assertFalse(new Outcome(below, 1, true, 1, 1, 1, 0.3, 0.2, 1).good());
    }
}
