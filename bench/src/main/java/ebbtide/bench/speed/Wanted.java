package ebbtide.bench.speed;

/**
 * A ratio of speeds that is wanted.
 *
 * @param low the least
 * @param high the largest
 */
public record Wanted(double low, double high) {
    /** At least {@code low}. */
    public static Wanted atLeast(double low) {
        return new Wanted(low, Double.POSITIVE_INFINITY);
    }

    /** Returns whether the interval of {@code ratio} reaches it. */
    public boolean metBy(Ratio ratio) {
        return ratio.high() >= low && ratio.low() <= high;
    }
}
