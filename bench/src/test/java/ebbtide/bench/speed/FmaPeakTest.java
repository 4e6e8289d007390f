package ebbtide.bench.speed;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Workers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FmaPeakTest {
    /** A boxed loop runs at 1 GFLOP/s; any processor with FMA, however busy, is past 4. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void isNeverBoxed(int threads) {
        try (Workers workers = Workers.of(threads)) {
            FmaPeak peak = new FmaPeak(workers);
            for (int i = 0; i < 20; i++) {
                double gflops = peak.gflops(1_000_000);
                assertTrue(gflops > 4 && gflops < 1000 * threads, "GFLOP/s: " + gflops);
            }
        }
    }
}
