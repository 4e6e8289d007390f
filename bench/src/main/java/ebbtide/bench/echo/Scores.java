package ebbtide.bench.echo;

import java.util.Arrays;

/** Errors of forecasts next to the spread of what was forecast. */
final class Scores {
    private Scores() {
    }

    /** Returns the variance of the numbers from {@code from} on. */
    static double variance(double[] numbers, int from) {
        double mean = Arrays.stream(numbers, from, numbers.length).average().orElseThrow();
        return Arrays.stream(numbers, from, numbers.length)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
    }

    /** Returns √(mean (forecast − actual)² / variance of actual), from {@code from} on. */
    static double nrmse(double[] forecast, double[] actual, int from) {
        double squares = 0;
        for (int n = from; n < actual.length; n++) {
            squares += (forecast[n] - actual[n]) * (forecast[n] - actual[n]);
        }
        return Math.sqrt(squares / (actual.length - from) / variance(actual, from));
    }
}
