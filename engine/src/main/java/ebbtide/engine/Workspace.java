package ebbtide.engine;

import java.util.Arrays;

/** The memory of a plan, and inputs and outputs on their way in and out of it. */
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

    /** States at the ends of sequences. */
    final BoundaryStates states;

    private final Rnn rnn;
    private final Masks[] dropout;
    private final Masks[] recurrent;

    Workspace(Rnn rnn, int steps, int batch, KeptAdjoints.Choice keep) {
        this.rnn = rnn;
        active = new ActiveRows(steps, batch);
        directions = rnn.directions().count();
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
        states = new BoundaryStates(rnn, active, runs, recurrent);
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

    /**
     * Copies rows that take part, from {@code row0} to {@code row1} − 1, of steps {@code t0} to {@code t1} − 1;
     * null gives zeros.
     */
    void copyIn(Tensor from, StepRows to, int features, int t0, int t1, int row0, int row1) {
        for (int t = t0; t < t1; t++) {
            for (int row = row0; row < Math.min(row1, active.at(t)); row++) {
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
