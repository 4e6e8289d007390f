package ebbtide.engine;

import ebbtide.kernels.Panels;

/**
 * A product of a time step and the pointwise part on its sums. A cell is a list of them, one for each
 * direction of the pass.
 *
 * @param terms one for each delay, or a single one that reads what an earlier stage of the same step
 *     left
 * @param source what the terms read: forward states by slot, backward ∂L/∂z by step; within a step
 *     rows by step
 * @param delays the delay of each term, or null within a step
 * @param blocks blocks of 16 units that come out
 * @param gates panels of a block, which meet in one tile of sums
 * @param step the pointwise part
 */
record Stage(Term[] terms, StepRows source, int[] delays, int blocks, int gates, CellStep step) {
    /** A stage without a product, over rows that a worker has whole. */
    static Stage rows(LayerWeights weights, RowStep step) {
        return new Stage(new Term[0], null, null, Panels.count(weights.hidden), 1, step);
    }

    /** Whether a worker computes all units of its rows, whatever the partition. */
    boolean wholeRows() {
        return terms.length == 0;
    }

    /** A stage that reads rows of the same step. */
    static Stage within(Term term, StepRows source, int blocks, CellStep step) {
        return new Stage(new Term[] {term}, source, null, blocks, 1, step);
    }

    Stage with(CellStep other) {
        return new Stage(terms, source, delays, blocks, gates, other);
    }

    /** Points the terms at what step {@code t} reads. */
    void readBefore(TimeAxis axis, int t, int row, int rows) {
        for (int i = 0; i < terms.length; i++) {
            terms[i].at(source, delays == null ? t : axis.before(t, delays[i]), row, rows);
        }
    }

    /** Points the terms at the steps that read a slot: their rows are fewer, or none. */
    void readLater(LayerState state, ActiveRows active, int slot, int row) {
        TimeAxis axis = state.axis;
        for (int i = 0; i < terms.length; i++) {
            int t = axis.reader(slot, delays[i]);
            if (t != TimeAxis.NONE) {
                terms[i].at(source, t, row, active.at(t) - row);
            } else if (axis.readAfterTheEnd(slot, delays[i])) {
                terms[i].from(state.fromLater, i, axis.beforeNext(slot) * active.batch + row);
            } else {
                terms[i].from(null, i, 0);
            }
        }
    }

    /** Computes blocks {@code from} to {@code to} − 1 of {@code rows} rows. */
    void run(FusedProduct product, int rows, int from, int to, Epilogue epilogue) {
        if (from == 0 && to == blocks) {
            for (Term term : terms) {
                term.leaveToLibrary(rows);
            }
        }
        product.run(terms, rows, from * gates, to * gates, gates, epilogue);
    }

    /** Computes a worker's whole rows of {@code rows} rows of step {@code t}. */
    void runRows(Partition partition, int worker, int t, int rows) {
        int row = partition.wholeRow(worker, rows);
        step.at(t, row);
        step.apply(null, 0, partition.wholeRow(worker + 1, rows) - row, 0, blocks);
    }
}
