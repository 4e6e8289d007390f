package ebbtide.engine;

/** Inputs in the order of the workspace, longest sequence first; what is past an end is left out. */
final class StagedInput {
    private final ActiveRows active;
    private final Tensor floats;
    private final StepRows rows = new StepRows();
    private final Tokens tokens;

    StagedInput(Rnn rnn, ActiveRows active) {
        this.active = active;
        int steps = active.steps;
        int batch = active.batch;
        floats = rnn.tokens() ? null : Tensor.zeros(steps, batch, rnn.inputs());
        tokens = rnn.tokens()
                ? Tokens.of(new int[Shapes.size(steps, batch, 1)], steps, batch)
                : null;
        if (floats != null) {
            rows.at(floats);
        }
    }

    static long floats(Rnn rnn, int steps, int batch) {
        return (long) steps * batch * (rnn.tokens() ? 1 : rnn.inputs());
    }

    StepRows rows() {
        return rows;
    }

    void copy(Tensor x) {
        for (int t = 0; t < active.steps; t++) {
            for (int row = 0; row < active.at(t); row++) {
                System.arraycopy(
                        x.data(),
                        x.index(t, active.order(row)),
                        floats.data(),
                        floats.index(t, row),
                        x.features());
            }
        }
    }

    Tokens copy(Tokens x) {
        for (int t = 0; t < active.steps; t++) {
            for (int row = 0; row < active.at(t); row++) {
                tokens.data()[tokens.index(t, row)] = x.at(t, active.order(row));
            }
        }
        return tokens;
    }
}
