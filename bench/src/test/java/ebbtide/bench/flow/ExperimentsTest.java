package ebbtide.bench.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Workers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExperimentsTest {
    private static final Progress SILENT = (share, doing) -> {
    };

    static Stream<Experiment> experiments() {
        return Stream.of(new LinearRecurrence(), new Boundaries(), new DepthMap(), new Cliff());
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void predictionsHold(Experiment experiment) {
        Outcome outcome = experiment.run(true, Workers.single(), SILENT);
        assertTrue(outcome.holds(), experiment.name() + ": " + outcome.measured());
    }

    /** x_t = w·σ(x_{t−1}) + b from 1/2, and the loss (σ(x_50) − 0.7)², in double. */
    private static double loss(double w, double b) {
        double x = 0.5;
        for (int t = 0; t < 50; t++) {
            x = w / (1 + Math.exp(-x)) + b;
        }
        double error = 1 / (1 + Math.exp(-x)) - 0.7;
        return error * error;
    }

    @Test
    void theSurfaceIsPascanus() {
        Cliff cliff = new Cliff();
        for (double[] point : List.of(
                new double[] {4.4, -2.1}, new double[] {5, -2.4}, new double[] {7, -3.8})) {
            double w = point[0];
            double b = point[1];
            double[] found = cliff.engine(w, b);
            double by = 1e-6;
            double dw = (loss(w + by, b) - loss(w - by, b)) / (2 * by);
            double db = (loss(w, b + by) - loss(w, b - by)) / (2 * by);
            assertEquals(loss(w, b), found[0], 1e-3 * found[0] + 1e-7);
            assertEquals(dw, found[1], 2e-3 * Math.abs(dw) + 1e-6);
            assertEquals(db, found[2], 2e-3 * Math.abs(db) + 1e-6);
        }
    }
}
