package ebbtide.engine.echo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SeriesTest {
    /** Jaeger's figures 11 and 14: between 0.4 and 1.4; the variance for τ = 17 is near 0.05. */
    @Test
    void mackeyGlassStaysOnItsAttractor() {
        double[] series = MackeyGlass.series(17, 20_000, 1);
        double mean = Arrays.stream(series).average().orElseThrow();
        double variance =
                Arrays.stream(series).map(y -> (y - mean) * (y - mean)).average().orElseThrow();
        assertEquals(0.051, variance, 0.002);
        assertEquals(0.93, mean, 0.02);
        assertTrue(Arrays.stream(series).min().orElseThrow() > 0.4);
        assertTrue(Arrays.stream(series).max().orElseThrow() < 1.4);
    }

    /** With a delay of one unit the equation is tame: y → 1, where 0.2·y/(1 + y¹⁰) = 0.1·y. */
    @Test
    void shortDelaysComeToRest() {
        assertEquals(1, MackeyGlass.series(1, 10, 1)[9], 1e-9);
    }

    /** Ten Euler steps between samples, by the samples' own differences: ẏ within O(δ). */
    @Test
    void mackeyGlassObeysItsEquation() {
        double[] y = MackeyGlass.series(17, 500, 3);
        for (int t = 18; t + 1 < y.length; t++) {
            // Simpson over two units of time, from t−1 to t+1.
            double flow = (slope(y, t - 1) + 4 * slope(y, t) + slope(y, t + 1)) / 3;
            assertEquals(flow, y[t + 1] - y[t - 1], 0.01, "t = " + t);
        }
    }

    private static double slope(double[] y, int t) {
        double late = y[t - 17];
        return 0.2 * late / (1 + Math.pow(late, 10)) - 0.1 * y[t];
    }

    @Test
    void seedsGiveOtherPieces() {
        double[] one = MackeyGlass.series(17, 100, 1);
        assertArrayEquals(one, Arrays.copyOf(MackeyGlass.series(17, 200, 1), 100));
        assertFalse(Arrays.equals(one, MackeyGlass.series(17, 100, 2)));
        assertThrows(IllegalArgumentException.class, () -> MackeyGlass.series(0, 100, 2));
    }

    @Test
    void squashingHasAnInverse() {
        double[] series = MackeyGlass.series(17, 100, 1);
        double[] squashed = MackeyGlass.squash(series);
        for (int i = 0; i < series.length; i++) {
            assertEquals(Math.tanh(series[i] - 1), squashed[i], 1e-15);
            assertEquals(series[i], MackeyGlass.unsquash(squashed[i]), 1e-14);
        }
    }

    @Test
    void narmaObeysItsEquation() {
        Narma10 series = Narma10.series(2000, 4);
        double[] u = series.inputs();
        double[] y = series.targets();
        for (int n = 11; n < 2000; n++) {
            double sum = 0;
            for (int i = 0; i < 10; i++) {
                sum += y[n - 1 - i];
            }
            double next = 0.3 * y[n - 1] + 0.05 * y[n - 1] * sum + 1.5 * u[n - 9] * u[n] + 0.1;
            assertEquals(next, y[n], 1e-12, "n = " + n);
            assertTrue(u[n] >= 0 && u[n] < 0.5);
        }
        assertEquals(0.1, y[0], 1e-15);
        assertArrayEquals(y, Narma10.series(2000, 4).targets());
    }
}
