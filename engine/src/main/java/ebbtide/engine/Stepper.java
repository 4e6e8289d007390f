package ebbtide.engine;

import java.util.Arrays;

/**
 * Streaming inference: one step at a time, the state kept in between. The outputs equal those of a
 * {@link Plan} over the whole sequence bit for bit; a step allocates nothing.
 */
public final class Stepper {
    private final Plan plan;
    private final Tensor h;
    private final Tensor c;

    Stepper(Rnn rnn, int batch) {
        if (rnn.directions() != Directions.FORWARD) {
            throw new IllegalStateException(
                    "a bidirectional network cannot run step by step: its outputs depend on steps to come; plan the whole sequence");
        }
        plan = rnn.plan(1, batch);
        h = Tensor.zeros(rnn.states(), batch, rnn.features());
        c = rnn.hasCellState() ? Tensor.zeros(rnn.layers(), batch, rnn.hidden()) : null;
    }

    /**
     * Takes one step.
     *
     * @param x inputs [1, B, I]
     * @return a view of the outputs [1, B, outputs], valid until the next step
     */
    public Tensor step(Tensor x) {
        plan.forward(x, h, c, null, h, c);
        return plan.output();
    }

    /** Takes one step over tokens [1, B]. */
    public Tensor step(Tokens x) {
        plan.forward(x, h, c, null, h, c);
        return plan.output();
    }

    /** Starts anew from states of zero. */
    public void reset() {
        Arrays.fill(h.data(), 0f);
        if (c != null) {
            Arrays.fill(c.data(), 0f);
        }
    }

    /** Returns the states [{@link Rnn#states}, B, features]; whoever writes to them sets the state. */
    public Tensor states() {
        return h;
    }

    /** Returns the cell states [layers, B, H] of an LSTM, or null. */
    public Tensor cellStates() {
        return c;
    }
}
