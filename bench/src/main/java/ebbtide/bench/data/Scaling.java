package ebbtide.bench.data;

/**
 * Takes the mean out of a column and divides by its standard deviation, both learnt on a part of the
 * rows. A constant column is only centred.
 *
 * @param mean of the rows learnt from
 * @param deviation standard deviation of the rows learnt from, or 1 where that is 0
 */
public record Scaling(double mean, double deviation) {
    /** Learns from {@code values[offset + i * stride]} for i &lt; {@code rows}. */
    public static Scaling learn(double[] values, int offset, int stride, int rows) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += values[offset + i * stride];
        }
        double mean = sum / rows;
        double squares = 0;
        for (int i = 0; i < rows; i++) {
            double d = values[offset + i * stride] - mean;
            squares += d * d;
        }
        double deviation = Math.sqrt(squares / rows);
        return new Scaling(mean, deviation > 0 ? deviation : 1);
    }

    /** Returns the scaled value. */
    public float scale(double value) {
        return (float) ((value - mean) / deviation);
    }

    /** Returns the value in original units. */
    public double restore(double scaled) {
        return scaled * deviation + mean;
    }
}
