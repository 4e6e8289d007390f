package ebbtide.bench.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An interval that reaches what is wanted is enough. */
class WantedTest {
    @ParameterizedTest
    @CsvSource({
        "0.96, 0.94, 0.97, true", "0.93, 0.90, 0.95, true", "0.93, 0.90, 0.94, false",
        "1.50, 1.40, 1.60, true"
    })
    void atLeast(double value, double low, double high, boolean met) {
        assertEquals(met, Wanted.atLeast(0.95).metBy(new Ratio(value, low, high)));
    }

    @ParameterizedTest
    @CsvSource({"1.00, 0.98, 1.02, true", "1.12, 1.11, 1.13, false", "1.12, 1.09, 1.13, true"})
    void between(double value, double low, double high, boolean met) {
        assertEquals(met, new Wanted(0.9, 1.1).metBy(new Ratio(value, low, high)));
    }
}
