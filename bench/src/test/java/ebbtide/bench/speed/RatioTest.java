package ebbtide.bench.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatioTest {
    /** Ranks of the 95 % interval of a median, as tables of the sign test give them. */
    @ParameterizedTest
    @CsvSource({"6, 1", "7, 1", "8, 1", "9, 2", "12, 3", "15, 4", "20, 6", "25, 8", "50, 18"})
    void intervalsAreThoseOfTheSignTest(int rounds, int rank) {
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        Arrays.setAll(ours, i -> rounds - i);
        Arrays.fill(theirs, 2);
        Ratio ratio = Ratio.of(ours, theirs);
        assertEquals((rounds + 1) / 4.0, ratio.value());
        assertEquals(rank / 2.0, ratio.low());
        assertEquals((rounds + 1 - rank) / 2.0, ratio.high());
    }

    /** A machine at half its speed in some rounds: the rounds' own ratios do not notice. */
    @Test
    void roundsThatAreSlowAltogetherDoNotCount() {
        double[] ours = {80, 40, 80, 40, 80, 40, 80};
        double[] theirs = {100, 50, 100, 50, 100, 50, 100};
        assertEquals(new Ratio(0.8, 0.8, 0.8), Ratio.of(ours, theirs));
        assertEquals(80, ours[6], "left as they were");
    }

    /** Medians of different rounds, 3 over 1, are no ratio of any round. */
    @Test
    void theValueIsInsideOfItsInterval() {
        double[] ours = {1, 1, 1, 3, 3, 3, 3};
        double[] theirs = {1, 1, 1, 1, 3, 3, 3};
        Ratio ratio = Ratio.of(ours, theirs);
        assertEquals(new Ratio(1, 1, 1), new Ratio(ratio.value(), ratio.low(), ratio.value()));
    }

    @Test
    void tooFewRoundsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Ratio.of(new double[5], new double[5]));
        assertThrows(IllegalArgumentException.class, () -> Ratio.of(new double[7], new double[6]));
    }
}
