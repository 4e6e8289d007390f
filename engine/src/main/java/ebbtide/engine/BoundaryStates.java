package ebbtide.engine;

import ebbtide.kernels.Panels;
import java.util.Arrays;

/** What moves in and out of a workspace where sequences begin and end: states and their gradients. */
final class BoundaryStates {
    private final Rnn rnn;
    private final ActiveRows active;
    private final LayerState[] runs;
    private final Masks[] recurrent;
    private final int history;

    /** @param recurrent masks of recurrent dropout for each run, or nulls */
    BoundaryStates(Rnn rnn, ActiveRows active, LayerState[] runs, Masks[] recurrent) {
        this.rnn = rnn;
        this.active = active;
        this.runs = runs;
        this.recurrent = recurrent;
        history = rnn.cell().history();
    }

    /** Sets the states before the first step; null for zeros. */
    void begin(Tensor h0, Tensor c0) {
        for (int run = 0; run < runs.length; run++) {
            LayerState state = runs[run];
            for (int row = 0; row < active.batch; row++) {
                for (int age = 0; age < history; age++) {
                    int slot = state.axis.initial(age, active.length(row));
                    int at = state.index(slot, row);
                    in(h0, run, age, row, state.h, at, rnn.features());
                    if (state.mask != null) {
                        mask(run, row);
                        state.maskRow(at, row, 0, state.stride);
                    }
                }
                if (state.c != null) {
                    int slot = state.axis.initial(0, active.length(row));
                    in(c0, run, 0, row, state.c, state.cellIndex(slot, row), rnn.hidden());
                }
            }
        }
    }

    private void mask(int run, int row) {
        LayerState state = runs[run];
        int at = row * state.stride;
        Arrays.fill(state.mask, at, at + state.stride, 1f);
        Masks masks = recurrent[run];
        if (masks.drawn()) {
            float scale = 1 / (1 - rnn.regularization().recurrent());
            masks.drop(
                    state.mask, at, state.stride, masks.row(0, active.order(row)), scale);
        }
    }

    /**
     * Sets ∂L/∂ of the last states; null for zeros.
     *
     * @param carries what a later segment of the same sequences sent back besides, or null
     */
    void seed(Tensor dhn, Tensor dcn, Carry[] carries) {
        for (int run = 0; run < runs.length; run++) {
            LayerState state = runs[run];
            for (int row = 0; row < active.batch; row++) {
                for (int age = 0; age < history; age++) {
                    int at = (age * active.batch + row) * state.stride;
                    in(dhn, run, age, row, state.seed, at, rnn.features());
                }
                if (state.dc != null) {
                    in(dcn, run, 0, row, state.dc, row * state.segment, rnn.hidden());
                }
            }
            state.fromLater = carries == null ? null : carries[run];
        }
    }

    /** Copies the states before the first step. */
    void initial(Tensor h, Tensor c) {
        for (int run = 0; run < runs.length; run++) {
            LayerState state = runs[run];
            for (int row = 0; row < active.batch; row++) {
                int length = active.length(row);
                for (int age = 0; age < ages(h); age++) {
                    int slot = state.axis.initial(age, length);
                    out(state.h, state.index(slot, row), h, run, age, row);
                }
                outCell(run, row, c, state.c, state.axis.initial(0, length));
            }
        }
    }

    /** Copies the states that stand {@code step} steps after the first; full sequences forward. */
    void state(int step, Tensor h, Tensor c) {
        for (int run = 0; run < runs.length; run++) {
            TimeAxis axis = runs[run].axis;
            for (int row = 0; row < active.batch; row++) {
                out(run, row, h, axis, axis.history + step - 1);
                outCell(run, row, c, runs[run].c, axis.history + step - 1);
            }
        }
    }

    /** Copies the last states. */
    void end(Tensor hn, Tensor cn) {
        for (int run = 0; run < runs.length; run++) {
            TimeAxis axis = runs[run].axis;
            for (int row = 0; row < active.batch; row++) {
                int length = active.length(row);
                for (int age = 0; age < ages(hn); age++) {
                    int slot = axis.last(age, length);
                    out(runs[run].h, runs[run].index(slot, row), hn, run, age, row);
                }
                outCell(run, row, cn, runs[run].c, axis.last(0, length));
            }
        }
    }

    /** Copies the gradients of the initial states. */
    void initialGradients(Tensor dh0, Tensor dc0) {
        for (int run = 0; run < runs.length; run++) {
            LayerState state = runs[run];
            for (int row = 0; row < active.batch; row++) {
                for (int age = 0; age < ages(dh0); age++) {
                    int slot = state.axis.initial(age, active.length(row));
                    out(state.dh, state.index(slot, row), dh0, run, age, row);
                }
                if (dc0 != null) {
                    out(state.dc, row * state.segment, dc0, run, 0, row);
                }
            }
        }
    }

    private void out(int run, int row, Tensor h, TimeAxis axis, int latest) {
        for (int age = 0; age < ages(h); age++) {
            out(runs[run].h, runs[run].index(latest - age, row), h, run, age, row);
        }
    }

    private void outCell(int run, int row, Tensor c, float[] cells, int slot) {
        if (c != null) {
            out(cells, runs[run].cellIndex(slot, row), c, run, 0, row);
        }
    }

    /** States of each run that a tensor has room for: the latest, or all that a delay reaches. */
    private int ages(Tensor states) {
        return states == null ? 0 : states.steps() / runs.length;
    }

    private void in(
            Tensor from, int run, int age, int row, float[] to, int at, int features) {
        if (from == null || age >= ages(from)) {
            Arrays.fill(to, at, at + Panels.padded(features), 0f);
        } else {
            int place = from.index(run * ages(from) + age, active.order(row));
            System.arraycopy(from.data(), place, to, at, features);
        }
    }

    private void out(float[] from, int at, Tensor to, int run, int age, int row) {
        System.arraycopy(
                from,
                at,
                to.data(),
                to.index(run * ages(to) + age, active.order(row)),
                to.features());
    }
}
