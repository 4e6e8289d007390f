package ebbtide.engine.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void constant() {
        Schedule schedule = Schedule.constant(0.01);
        assertEquals(0.01, schedule.rate(0));
        assertEquals(0.01, schedule.rate(1L << 40));
    }

    @Test
    void stepFallsByItsFactor() {
        Schedule schedule = Schedule.step(0.8, 0.5, 100);
        assertEquals(0.8, schedule.rate(0));
        assertEquals(0.8, schedule.rate(99));
        assertEquals(0.4, schedule.rate(100), 1e-15);
        assertEquals(0.4, schedule.rate(199), 1e-15);
        assertEquals(0.05, schedule.rate(400), 1e-15);
        assertEquals(0, schedule.rate(1L << 40));
    }

    @Test
    void cosineFallsFromRateToFloor() {
        Schedule schedule = Schedule.cosine(1, 0.2, 1000);
        assertEquals(1, schedule.rate(0));
        assertEquals(0.6, schedule.rate(500), 1e-12);
        assertEquals(0.2 + 0.4 * (1 + Math.sqrt(0.5)), schedule.rate(250), 1e-12);
        assertEquals(0.2, schedule.rate(1000));
        assertEquals(0.2, schedule.rate(123456789));
        for (int update = 0; update < 1000; update++) {
            assertTrue(schedule.rate(update + 1) < schedule.rate(update));
        }
    }

    @Test
    void warmupRisesLinearlyThenTheOtherBegins() {
        Schedule cosine = Schedule.cosine(0.5, 0, 100);
        Schedule schedule = Schedule.warmup(10, cosine);
        for (int update = 0; update < 10; update++) {
            assertEquals(0.05 * (update + 1), schedule.rate(update), 1e-15);
        }
        for (int update = 10; update < 200; update++) {
            assertEquals(cosine.rate(update - 10), schedule.rate(update));
        }
        assertEquals(0.5, Schedule.warmup(0, cosine).rate(0));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        Schedule one = Schedule.constant(1);
        refused(() -> Schedule.constant(-1));
        refused(() -> Schedule.constant(Double.NaN));
        refused(() -> Schedule.constant(Double.POSITIVE_INFINITY));
        refused(() -> Schedule.step(1, -0.5, 10));
        refused(() -> Schedule.step(1, 0.5, 0));
        refused(() -> Schedule.cosine(1, -0.1, 10));
        refused(() -> Schedule.cosine(1, 0, 0));
        refused(() -> Schedule.warmup(-1, one));
    }

    private static void refused(Runnable action) {
        assertThrows(IllegalArgumentException.class, action::run);
    }
}
