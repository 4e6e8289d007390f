package ebbtide.bench.validate;

import java.util.Arrays;

/** The median of many numbers, of which up to a fixed number is kept, evenly over all. */
final class Median {
    private static final int KEPT = 1 << 16;

    private final double[] kept = new double[KEPT];
    private long seen;
    private long every = 1;
    private int size;

    void see(double x) {
        if (seen++ % every != 0) {
            return;
        }
        if (size == KEPT) {
            size = KEPT / 2;
            for (int i = 0; i < size; i++) {
                kept[i] = kept[2 * i];
            }
            every *= 2;
        }
        kept[size++] = x;
    }

    double value() {
        double[] sorted = Arrays.copyOf(kept, size);
        Arrays.sort(sorted);
        return size == 0 ? Double.NaN : sorted[size / 2];
    }
}
