package ebbtide.bench.speed;

import java.util.Arrays;

/** One figure for each round of an interleaved run. */
final class Series {
    private final double[] figures;
    private int count;

    Series(int capacity) {
        figures = new double[capacity];
    }

    void add(double figure) {
        figures[count++] = figure;
    }

    double median() {
        return median(toArray());
    }

    Ratio over(Series other) {
        return Ratio.of(toArray(), other.toArray());
    }

    private double[] toArray() {
        return Arrays.copyOf(figures, count);
    }

    /** Returns the median of {@code figures}, which are sorted by it. */
    static double median(double[] figures) {
        Arrays.sort(figures);
        int n = figures.length;
        return (figures[(n - 1) / 2] + figures[n / 2]) / 2;
    }
}
