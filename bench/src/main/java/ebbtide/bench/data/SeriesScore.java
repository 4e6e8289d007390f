package ebbtide.bench.data;

import java.util.Map;

/**
 * Errors of forecasts in the target's own units, next to those of the persistence forecast on the same
 * rows. Since outputs are changes, the error of persistence is the change itself.
 */
final class SeriesScore extends Score {
    private final int steps;
    private final int batch;
    private final Scaling change;
    private double squares;
    private double absolutes;
    private double persistenceSquares;
    private double persistenceAbsolutes;

    SeriesScore(int steps, int batch, Scaling change) {
        this.steps = steps;
        this.batch = batch;
        this.change = change;
    }

    @Override
    public void add(Window window, Outputs outputs, double windowLoss) {
        super.add(window, outputs, windowLoss);
        for (int b = 0; b < window.samples; b++) {
            int last = (steps - 1) * batch + b;
            double actual = change.restore(window.values[last]);
            double error = change.restore(outputs.at(last, 0)) - actual;
            squares += error * error;
            absolutes += Math.abs(error);
            persistenceSquares += actual * actual;
            persistenceAbsolutes += Math.abs(actual);
        }
    }

    @Override
    public void report(Map<String, Object> figures) {
        figures.put("rmse", Math.sqrt(squares / samples()));
        figures.put("mae", absolutes / samples());
        figures.put("persistenceRmse", Math.sqrt(persistenceSquares / samples()));
        figures.put("persistenceMae", persistenceAbsolutes / samples());
        figures.put("forecasts", samples());
    }
}
