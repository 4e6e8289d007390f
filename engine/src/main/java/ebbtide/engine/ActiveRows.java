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
    private int from;
    private boolean full;
    /** Rows that are longer than the window reaches. */
    private int longer;

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
        from = 0;
        longer = batch;
        Arrays.setAll(order, row -> row);
        Arrays.fill(lengths, steps);
        Arrays.fill(active, batch);
    }

    /**
     * Takes over the lengths of the caller's sequences, seen through a window of {@link #steps} steps.
     *
     * @param from the window's first step
     */
    void of(int[] given, int from) {
        int longest = 0;
        for (int length : given) {
            longest = Math.max(longest, length);
        }
        full = false;
        this.from = from;
        Arrays.fill(active, 0);
        longer = 0;
        int next = 0;
        for (int length = longest; length > 0; length--) {
            for (int row = 0; next < batch && row < batch; row++) {
                if (given[row] == length) {
                    order[next] = row;
                    lengths[next++] = Math.clamp(length - from, 0, steps);
                    longer += length - from > steps ? 1 : 0;
                }
            }
        }
        for (int t = 0, row = batch; t < steps; t++) {
            while (row > 0 && lengths[row - 1] <= t) {
                row--;
            }
            active[t] = row;
        }
    }

    /**
     * Checks lengths.
     *
     * @throws IllegalArgumentException unless there is one for each row, from 1 to T
     */
    void require(int[] given) {
        Shapes.count("lengths", batch, given.length);
        for (int row = 0; row < given.length; row++) {
            if (given[row] < 1 || given[row] > steps) {
                throw new IllegalArgumentException(
                        "length of row %d: expected 1 to %d, got %d"
                                .formatted(row, steps, given[row]));
            }
        }
    }

    /** Looks at full sequences through a window that begins at step {@code from}. */
    void window(int from) {
        fill();
        this.from = from;
    }

    /**
     * Rows whose sequences have steps before the window's first, in the order of a direction; they are
     * the first rows.
     */
    int began(boolean reverse) {
        return reverse ? longer : batch;
    }

    /** Rows that take part in the window after this one, in the order of a direction, where there is one. */
    int goOn(boolean reverse) {
        return reverse ? active[0] : longer;
    }

    /** The step of the sequences that step {@code t} is. */
    int absolute(int t) {
        return from + t;
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
