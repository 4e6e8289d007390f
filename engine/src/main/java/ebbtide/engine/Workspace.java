package ebbtide.engine;

import ebbtide.kernels.Panels;
import java.util.Arrays;

/** The memory of a plan, and what moves in and out of it. */
final class Workspace {
    /** The place of the masks of the first layer's outputs; those of other layers follow. */
    static final int DROPOUT = 0x3000;

    final ActiveRows active;
    /** Directions of a layer. */
    final int directions;
    /** Layer by layer, in each the directions. */
    final LayerState[] runs;

    final LayerOutput[] outputs;
    /** Which units zoneout keeps in each run, or nulls. */
    final Masks[] zoneout;
    final Masks[] cellZoneout;

    private final Rnn rnn;
    private final int history;
    private final Masks[] dropout;
    private final Masks[] recurrent;

    Workspace(Rnn rnn, int steps, int batch, KeptAdjoints.Choice keep) {
        this.rnn = rnn;
        active = new ActiveRows(steps, batch);
        directions = rnn.directions().count();
        history = rnn.cell().history();
        Regularization rates = rnn.regularization();
        runs = new LayerState[rnn.layers() * directions];
        zoneout = masks(runs.length, 0x1000 + rnn.firstRun(), rates.zoneout());
        cellZoneout = masks(runs.length, 0x4000 + rnn.firstRun(), rates.cellZoneout());
        recurrent = masks(runs.length, 0x2000 + rnn.firstRun(), rates.recurrent());
        for (int run = 0; run < runs.length; run++) {
            runs[run] =
                    new LayerState(
                            rnn.cell(),
                            axis(rnn, steps, run % directions),
                            batch,
                            rnn.hidden(),
                            rates,
                            keep);
        }
        outputs = new LayerOutput[rnn.layers()];
        dropout = masks(outputs.length, DROPOUT, rates.dropout());
        for (int layer = 0; layer < outputs.length; layer++) {
            boolean last = layer == outputs.length - 1;
            outputs[layer] =
                    new LayerOutput(
                            Arrays.copyOfRange(
                                    runs, layer * directions, (layer + 1) * directions),
                            active,
                            rnn.directions(),
                            rnn.features(),
                            rnn.residual() && layer > 0 ? outputs[layer - 1] : null,
                            last ? null : dropout[layer],
                            rates.dropout());
            for (int run = layer * directions; layer > 0 && run < (layer + 1) * directions; run++) {
                runs[run].input.at(outputs[layer - 1].y);
            }
        }
    }

    private static TimeAxis axis(Rnn rnn, int steps, int direction) {
        return new TimeAxis(steps, rnn.cell().history(), direction > 0 || rnn.reversed());
    }

    private static Masks[] masks(int count, int place, float rate) {
        Masks[] masks = new Masks[count];
        for (int i = 0; i < count && rate > 0; i++) {
            masks[i] = new Masks(place + i, rate);
        }
        return masks;
    }

    static long floats(Rnn rnn, int steps, int batch, KeptAdjoints.Choice keep) {
        Regularization rates = rnn.regularization();
        long floats = 0;
        for (int layer = 0; layer < rnn.layers(); layer++) {
            for (int direction = 0; direction < rnn.directions().count(); direction++) {
                floats +=
                        LayerState.floats(
                                rnn.cell(),
                                axis(rnn, steps, direction),
                                batch,
                                rnn.hidden(),
                                rates,
                                keep);
            }
            floats +=
                    LayerOutput.floats(
                            rnn.directions(),
                            steps,
                            batch,
                            rnn.features(),
                            rnn.residual() && layer > 0,
                            rates.dropout() > 0 && layer < rnn.layers() - 1);
        }
        return floats;
    }

    LayerOutput top() {
        return outputs[outputs.length - 1];
    }

    /** Whether a layer's input is written by other workers than those that read it. */
    boolean crossesWorkers() {
        return !outputs[0].direct() || !top().direct();
    }

    void input(StepRows x, Tokens tokens) {
        for (int direction = 0; direction < directions; direction++) {
            runs[direction].input.at(x);
            runs[direction].tokens = tokens;
        }
    }

    /** Draws new masks, or none. */
    void masks(boolean drawn, long seed) {
        for (Masks[] all : new Masks[][] {zoneout, cellZoneout, recurrent, dropout}) {
            for (Masks masks : all) {
                if (masks != null && drawn) {
                    masks.draw(seed);
                } else if (masks != null) {
                    masks.clear();
                }
            }
        }
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

    /** Keeps what goes back to an earlier segment in {@code carries}, or adds it up for null. */
    void sendTo(Carry[] carries) {
        for (int run = 0; run < runs.length; run++) {
            runs[run].toEarlier = carries == null ? null : carries[run];
            if (carries != null) {
                carries[run].clear();
            }
        }
    }

    /** Room for what goes back, for each layer. */
    Carry[] carries() {
        Carry[] carries = new Carry[runs.length];
        for (int run = 0; run < runs.length; run++) {
            carries[run] = new Carry(runs[run], rnn.cell().delays().size());
        }
        return carries;
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

    /** Copies rows that take part, and clears the others. */
    void copyOut(StepRows from, Tensor to) {
        for (int t = 0; t < active.steps; t++) {
            for (int row = 0; row < active.batch; row++) {
                int at = to.index(t, active.order(row));
                if (row < active.at(t)) {
                    System.arraycopy(from.data, from.index(t, row), to.data(), at, to.features());
                } else {
                    Arrays.fill(to.data(), at, at + to.features(), 0f);
                }
            }
        }
    }

    /** Clears rows of the caller. */
    void clear(Tensor rows) {
        for (int t = 0; t < active.steps; t++) {
            for (int row = 0; row < active.batch; row++) {
                int at = rows.index(t, row);
                Arrays.fill(rows.data(), at, at + rows.features(), 0f);
            }
        }
    }

    /** Copies rows that take part; null gives zeros. */
    void copyIn(Tensor from, StepRows to, int features) {
        for (int t = 0; t < active.steps; t++) {
            for (int row = 0; row < active.at(t); row++) {
                int at = to.index(t, row);
                if (from == null) {
                    Arrays.fill(to.data, at, at + features, 0f);
                } else {
                    System.arraycopy(
                            from.data(), from.index(t, active.order(row)), to.data, at, features);
                }
            }
        }
    }
}
