package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/**
 * The forward time loop of one worker and layer. The projection W·x + b is merged over as many steps as
 * keep it in L2, then the recurrence runs over it: products with the states before, and the cell's
 * pointwise part on their sums.
 */
final class ForwardPass {
    /** Rows of a merged projection: 256 rows of 512 floats are half of a 1 MiB L2 cache. */
    private static final int MERGED_ROWS = 256;

    private final Kernels kernels;
    private final Partition partition;
    private final int worker;
    private final int steps;
    private final int batch;
    private final LayerWeights weights;
    private final LayerState state;
    private final FusedProduct product;
    private final Term[] inputTerm;
    private final Term[] recurrences;
    private final int[] delays;
    private final Epilogue.AddBias addBias;
    private final CellStep cell;

    ForwardPass(
            Kernels kernels,
            Partition partition,
            int worker,
            int steps,
            int batch,
            LayerWeights weights,
            LayerState state,
            FusedProduct product) {
        this.kernels = kernels;
        this.partition = partition;
        this.worker = worker;
        this.steps = steps;
        this.batch = batch;
        this.weights = weights;
        this.state = state;
        this.product = product;
        inputTerm = weights.tokens ? null : new Term[] {Term.of(weights.input)};
        delays = weights.cell.delays().stream().mapToInt(Integer::intValue).toArray();
        recurrences = new Term[delays.length];
        for (int i = 0; i < delays.length; i++) {
            recurrences[i] = Term.of(weights.recurrent[i]);
        }
        product.reserve(delays.length);
        addBias = new Epilogue.AddBias(kernels.pointwise(), weights.bias);
        cell = weights.cell.forward(kernels, weights, state);
    }

    void run(Workers workers, Cancellation cancellation) {
        int row = partition.row(worker);
        int rows = partition.rowEnd(worker) - row;
        int blocks = Panels.count(weights.hidden);
        int block = partition.panel(worker, blocks);
        int blockEnd = partition.panelEnd(worker, blocks);
        int gates = weights.cell.gates();
        int width = gates * Math.max(1, FusedProduct.PANELS / gates);
        int chunk = rows == batch && merges() ? Math.max(1, MERGED_ROWS / batch) : 1;
        for (int t0 = 0; t0 < steps; t0 += chunk) {
            int merged = Math.min(chunk, steps - t0);
            project(t0, row, rows * merged, block, blockEnd);
            for (int t = t0; t < t0 + merged; t++) {
                cancellation.check();
                for (int i = 0; i < delays.length; i++) {
                    int before = t + 1 - delays[i];
                    recurrences[i].present = before >= 0;
                    if (before >= 0) {
                        recurrences[i].at(state.before, before, row);
                    }
                }
                cell.at(t, row);
                product.run(recurrences, rows, block * gates, blockEnd * gates, width, cell);
                if (partition.byColumns) {
                    workers.await();
                }
            }
        }
    }

    private boolean merges() {
        return weights.tokens
                ? state.tokens.stepStride() == batch
                : state.input.merges(batch);
    }

    /** W·x + b of {@code rows} rows from step {@code t} on, gate by gate. */
    private void project(int t, int row, int rows, int block, int blockEnd) {
        int blocks = Panels.count(weights.hidden);
        StepRows to = state.projections;
        addBias.at(to.data, to.index(t, row), to.rowStride);
        if (!weights.tokens) {
            inputTerm[0].at(state.input, t, row);
        }
        for (int gate = 0; gate < weights.cell.gates(); gate++) {
            int panel = gate * blocks + block;
            int panelEnd = gate * blocks + blockEnd;
            if (weights.tokens) {
                gather(t, row, rows, panel * Panels.WIDTH, (panelEnd - panel) * Panels.WIDTH);
            } else {
                product.run(inputTerm, rows, panel, panelEnd, FusedProduct.PANELS, addBias);
            }
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
