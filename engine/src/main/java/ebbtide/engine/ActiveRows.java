package ebbtide.engine;

import java.util.Arrays;

/**
 * The rows of a batch of sequences of different lengths. The workspace keeps the longest first, equal
 * ones in the caller's order, so that the rows that take part in a step are always the first ones and
 * none is computed in vain.
 */
final class ActiveRows {
    final int steps;
    final int batch;
    private final int[] order;
    private final int[] lengths;
    private final int[] active;
    private boolean full;

    ActiveRows(int steps, int batch) {
        this.steps = steps;
        this.batch = batch;
        order = new int[batch];
        lengths = new int[batch];
        active = new int[steps];
        fill();
    }

    /** Every sequence has all steps. */
    void fill() {
        full = true;
        Arrays.setAll(order, row -> row);
        Arrays.fill(lengths, steps);
        Arrays.fill(active, batch);
    }

    /**
     * Takes over the lengths of the caller's sequences.
     *
     * @throws IllegalArgumentException unless there is one for each row, from 1 to T
     */
    void of(int[] given) {
        if (given.length != batch) {
            throw new IllegalArgumentException(
                    "lengths: expected %d, got %d".formatted(batch, given.length));
        }
        for (int row = 0; row < batch; row++) {
            if (given[row] < 1 || given[row] > steps) {
                throw new IllegalArgumentException(
                        "length of row %d: expected 1 to %d, got %d"
                                .formatted(row, steps, given[row]));
            }
        }
        full = false;
        Arrays.fill(active, 0);
        for (int length : given) {
            active[length - 1]++;
        }
        for (int t = steps - 2; t >= 0; t--) {
            active[t] += active[t + 1];
        }
        int next = 0;
        for (int length = steps; length > 0; length--) {
            for (int row = 0; next < active[length - 1] && row < batch; row++) {
                if (given[row] == length) {
                    order[next] = row;
                    lengths[next++] = length;
                }
            }
        }
    }

    /** Whether every sequence has all steps, in the caller's order. */
    boolean full() {
        return full;
    }

    /** Rows that take part in step {@code t}; none in {@link TimeAxis#NONE}. */
    int at(int t) {
        return t == TimeAxis.NONE ? 0 : active[t];
    }

    /** The caller's row that stands in row {@code row}. */
    int order(int row) {
        return order[row];
    }

    int length(int row) {
        return lengths[row];
    }
}
