package ebbtide.bench.flow;

import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;

/**
 * Whole states of a network of one layer and direction, row by row: h_t, the states before it that a
 * delay still reaches, the latest first, and c_t where there is one. What a step maps onto such a state
 * is all that the next one sees.
 *
 * @param h [delay, rows, P]
 * @param c [delay, rows, H], or null
 */
record StateBlock(Tensor h, Tensor c) {
    /** Returns states of zero. */
    static StateBlock of(Rnn rnn, int rows) {
        return new StateBlock(
                Tensor.zeros(rnn.states(), rows, rnn.features()),
                rnn.hasCellState() ? Tensor.zeros(rnn.states(), rows, rnn.hidden()) : null);
    }

    /** Returns the numbers of one state. */
    static int size(Rnn rnn) {
        return rnn.states() * rnn.features() + (rnn.hasCellState() ? rnn.hidden() : 0);
    }

    /** Returns number {@code i} of the state in a row. */
    double get(int row, int i) {
        int within = h.steps() * h.features();
        return i < within
                ? h.at(i / h.features(), row, i % h.features())
                : c.at(0, row, i - within);
    }

    /** Sets number {@code i} of the state in a row. */
    void set(int row, int i, double value) {
        int within = h.steps() * h.features();
        Tensor to = i < within ? h : c;
        int at = i < within
                ? h.index(i / h.features(), row) + i % h.features()
                : c.index(0, row) + i - within;
        to.data()[at] = (float) value;
    }

    /** Makes every row the first one of {@code other}. */
    void fill(StateBlock other) {
        int size = h.steps() * h.features() + (c == null ? 0 : c.features());
        for (int row = 0; row < h.rows(); row++) {
            for (int i = 0; i < size; i++) {
                set(row, i, other.get(0, i));
            }
        }
    }
}
