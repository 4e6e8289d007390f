package ebbtide.bench.speed;

import java.util.Arrays;

/**
 * How one series of an interleaved run stands to another.
 *
 * @param value the median of the rounds' own ratios: the machine's speed changes from round to round,
 *     and a quotient of medians of different rounds can lie outside of the interval
 * @param low lower end of the interval that holds the median of the rounds' own ratios with a
 *     confidence of 95 %
 * @param high upper end
 */
public record Ratio(double value, double low, double high) {
    /** Fewer rounds have no such interval. */
    public static final int LEAST_ROUNDS = 6;

    /**
     * Compares two series, round by round.
     *
     * @throws IllegalArgumentException if they are shorter than {@link #LEAST_ROUNDS} or unequal
     */
    public static Ratio of(double[] ours, double[] theirs) {
        int n = ours.length;
        if (n < LEAST_ROUNDS || n != theirs.length) {
            throw new IllegalArgumentException(
                    "rounds: expected two equal series of at least %d, got %d and %d"
                            .formatted(LEAST_ROUNDS, n, theirs.length));
        }
        double[] ratios = new double[n];
        Arrays.setAll(ratios, i -> ours[i] / theirs[i]);
        Arrays.sort(ratios);
        int rank = rank(n);
        return new Ratio(Series.median(ratios), ratios[rank], ratios[n - 1 - rank]);
    }

    /**
     * The order statistic that bounds the median: each value is above it with probability one half, so
     * ranks follow the binomial distribution, whatever that of the values.
     */
    private static int rank(int n) {
        double term = Math.pow(0.5, n);
        double below = 0;
        int rank = 0;
        while (below + term <= 0.025) {
            below += term;
            term *= (double) (n - rank) / (rank + 1);
            rank++;
        }
        return Math.max(0, rank - 1);
    }
}
