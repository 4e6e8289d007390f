package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.List;

/**
 * The forward time loop of one worker, layer and direction. The projection W·x + b is merged over as
 * many steps as keep it in L2, then the recurrence runs over it, stage by stage: products with the
 * states before, and the cell's pointwise part on their sums.
 */
final class ForwardPass {
    /** Rows of a merged projection: 256 rows of 512 floats are half of a 1 MiB L2 cache. */
    private static final int MERGED_ROWS = 256;

    /**
     * Floats of projections that L2 holds until the recurrence reads them, beside weights that leave room: with 128
     * instead of 256 rows the forward pass of an LSTM of 128 units ran at 1.02 to 1.08 times the speed.
     */
    private static final int HOT_PROJECTIONS = 1 << 16;

    private final Kernels kernels;
    private final Partition partition;
    private final int worker;
    private final ActiveRows active;
    private final LayerWeights weights;
    private final LayerState state;
    private final FusedProduct product;
    private final Term[] inputTerm;
    private final Epilogue.AddBias addBias;
    private final List<Stage> stages;
    private final LibraryProducts library;

    ForwardPass(
            WorkerContext context, LayerWeights weights, LayerState state, List<Stage> stages) {
        kernels = context.kernels();
        partition = context.partition();
        worker = context.worker();
        active = context.active();
        product = context.product();
        this.weights = weights;
        this.state = state;
        this.stages = stages;
        inputTerm = weights.tokens ? null : new Term[] {Term.of(weights.input)};
        addBias = new Epilogue.AddBias(kernels.pointwise(), weights.bias);
        library = new LibraryProducts(context, weights, state);
        if (inputTerm != null) {
            product.reserve(inputTerm);
        }
        for (Stage stage : stages) {
            product.reserve(stage.terms());
        }
    }

    void run(Workers workers, Cancellation cancellation) {
        TimeAxis axis = state.axis;
        boolean together = partition.waits(active);
        boolean projected = library.takesProjection();
        if (projected) {
            library.project(workers);
        }
        int chunk = merges() ? Math.max(1, mergedRows() / active.batch) : 1;
        for (int i0 = 0; i0 < axis.steps; i0 += chunk) {
            int merged = Math.min(chunk, axis.steps - i0);
            if (!projected) {
                project(axis.chunk(i0, merged), merged);
            }
            for (int i = i0; i < i0 + merged; i++) {
                cancellation.check();
                step(axis.step(i), workers, together);
            }
        }
    }

    private void step(int t, Workers workers, boolean together) {
        int row = partition.row(worker, active.at(t));
        int rows = partition.rowEnd(worker, active.at(t)) - row;
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            if (stage.wholeRows()) {
                stage.runRows(partition, worker, t, active.at(t));
            } else {
                stage.readBefore(state.axis, t, row, rows);
                stage.step().at(t, row);
                stage.run(
                        product,
                        rows,
                        partition.panel(worker, stage.blocks()),
                        partition.panelEnd(worker, stage.blocks()),
                        stage.step());
            }
            if (together) {
                workers.await();
            }
        }
    }

    /**
     * Whether one worker has all rows of all steps, equally far apart. Where each has some, sharing those of several
     * steps, as dx does, gained nothing: a barrier each time, and projections that are not in L2 any more.
     */
    private boolean merges() {
        return active.full()
                && partition.rowEnd(worker, active.batch) - partition.row(worker, active.batch)
                        == active.batch
                && (weights.tokens
                        ? state.tokens.stepStride() == active.batch
                        : state.input.merges(active.batch));
    }

    private int mergedRows() {
        if (!weights.hot()) {
            return MERGED_ROWS;
        }
        return Math.min(MERGED_ROWS, HOT_PROJECTIONS / weights.bias.length);
    }

    /** W·x + b of {@code merged} steps from {@code t} on: all gates at once, or the share of each. */
    private void project(int t, int merged) {
        int row = partition.row(worker, active.at(t));
        int rows = (partition.rowEnd(worker, active.at(t)) - row) * merged;
        int blocks = Panels.count(weights.hidden);
        int block = partition.panel(worker, blocks);
        int blockEnd = partition.panelEnd(worker, blocks);
        StepRows to = state.projections;
        addBias.at(to.data, to.index(t, row), to.rowStride);
        if (!weights.tokens) {
            inputTerm[0].at(state.input, t, row, rows);
        }
        int gates = weights.cell.gates();
        if (blockEnd - block == blocks) {
            panels(t, row, rows, 0, gates * blocks);
            return;
        }
        for (int gate = 0; gate < gates; gate++) {
            panels(t, row, rows, gate * blocks + block, gate * blocks + blockEnd);
        }
    }

    private void panels(int t, int row, int rows, int panel, int panelEnd) {
        if (weights.tokens) {
            gather(t, row, rows, panel * Panels.WIDTH, (panelEnd - panel) * Panels.WIDTH);
        } else {
            product.run(inputTerm, rows, panel, panelEnd, 1, addBias);
        }
    }

    private void gather(int t, int row, int rows, int column, int columns) {
        StepRows to = state.projections;
        kernels.rows()
                .gather(
                        weights.table,
                        column,
                        weights.bias.length,
                        state.tokens.data(),
                        state.tokens.index(t, row),
                        weights.bias,
                        column,
                        to.data,
                        to.index(t, row) + column,
                        to.rowStride,
                        rows,
                        columns);
    }
}
