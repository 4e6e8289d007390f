package ebbtide.bench.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EchoRunsTest {
    /** Jaeger's 2.8e-4 is a figure of 50 runs; ten of one network scatter by a factor of some three. */
    @Test
    void mackeyGlassComesNearJaeger() {
        MackeyGlassRun run = new MackeyGlassRun(1);
        double found = run.nrmse(10);
        assertTrue(found > 0 && found <= 1e-3, "NRMSE84 " + found);
        assertEquals(found, run.nrmse(10), "a run leaves no trace in the network");
        // A ridge that hides the small directions must cost precision, or the measure sees nothing.
        assertTrue(run.ridge() <= 1e-11, "ridge " + run.ridge());
        double coarse = new MackeyGlassRun(1, 1e-4).nrmse(10);
        assertTrue(coarse > 5 * found, "with a coarse ridge " + coarse);
    }

    @Test
    void narmaNeedsWhatLinearModelsLack() {
        NarmaRun run = new NarmaRun(1);
        double network = run.network();
        double linear = run.linear();
        assertTrue(linear > 0.3 && linear < 0.6, "linear " + linear);
        assertTrue(network > 0 && network < 0.75 * linear, network + " next to " + linear);
        assertNotEquals(linear, new NarmaRun(2).linear());
    }

    @Test
    void scoresOfKnownForecasts() {
        double[] actual = {100, 1, 3, 1, 3};
        assertEquals(1, Scores.variance(actual, 1));
        assertEquals(0, Scores.nrmse(actual, actual, 1));
        assertEquals(1, Scores.nrmse(new double[] {0, 2, 2, 2, 2}, actual, 1));
        assertEquals(0.5, Scores.nrmse(new double[] {0, 1.5, 3.5, 0.5, 2.5}, actual, 1));
    }
}
