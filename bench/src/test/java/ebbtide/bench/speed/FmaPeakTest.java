package ebbtide.bench.speed;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FmaPeakTest {
    /** A boxed loop runs at 1 GFLOP/s; any processor with FMA, however busy, is past 4. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void isNeverBoxed(int threads) {
        try (Workers workers = Workers.of(threads)) {
            FmaPeak peak = new FmaPeak(workers);
            double best = best(peak, 100);
            assertTrue(best > 4 && best < 1000 * threads, "GFLOP/s: " + best);
        }
    }

    /**
     * C2 compiles the caller of the loop after some hundred measurements, and must not take the loop in:
     * that halved the peak. The best of many readings, since others may be busy here.
     */
    @Test
    void isNoLessOnceItsCallerIsCompiled() {
        try (Workers workers = Workers.single()) {
            FmaPeak peak = new FmaPeak(workers);
            double first = best(peak, 300);
            best(peak, 1500);
            double later = best(peak, 300);
            assertTrue(later > 0.75 * first, "GFLOP/s: first %s, later %s".formatted(first, later));
        }
    }

    private static double best(FmaPeak peak, int readings) {
        double best = 0;
        for (int i = 0; i < readings; i++) {
            best = Math.max(best, peak.gflops(200_000));
        }
        return best;
    }
}
