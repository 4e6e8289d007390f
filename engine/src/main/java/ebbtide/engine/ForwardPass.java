package ebbtide.engine;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/**
 * The forward time loop of one worker: h_t = φ((W·x_t + b) + U·h_{t−1}). The projection is merged over
 * as many steps as keep it in L2, then the recurrence runs over it.
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
    private final Epilogue.AddBias addBias;
    private final Epilogue.Activate activate;

    ForwardPass(
            Kernels kernels,
            Activation activation,
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
        addBias = new Epilogue.AddBias(kernels.pointwise(), weights.bias);
        activate = new Epilogue.Activate(kernels.pointwise(), activation);
    }

    void run(Workers workers, Cancellation cancellation) {
        int row = partition.row(worker);
        int rows = partition.rowEnd(worker) - row;
        int panels = Panels.count(weights.hidden);
        int panel = partition.panel(worker, panels);
        int panelEnd = partition.panelEnd(worker, panels);
        boolean merge = rows == batch && merges();
        int chunk = merge ? Math.max(1, MERGED_ROWS / batch) : 1;
        for (int t0 = 0; t0 < steps; t0 += chunk) {
            int merged = Math.min(chunk, steps - t0);
            project(t0, row, rows * merged, panel, panelEnd);
            for (int t = t0; t < t0 + merged; t++) {
                cancellation.check();
                activate.at(state.h, state.state(t + 1, row), state.stride);
                product.run(
                        state.h,
                        state.state(t, row),
                        state.stride,
                        rows,
                        weights.recurrent,
                        panel,
                        panelEnd,
                        activate);
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

    private void project(int t, int row, int rows, int panel, int panelEnd) {
        int to = state.state(t + 1, row);
        if (weights.tokens) {
            int column = panel * Panels.WIDTH;
            kernels.rows()
                    .gather(
                            weights.table,
                            column,
                            state.stride,
                            state.tokens.data(),
                            state.tokens.index(t, row),
                            weights.bias,
                            column,
                            state.h,
                            to + column,
                            state.stride,
                            rows,
                            (panelEnd - panel) * Panels.WIDTH);
        } else {
            addBias.at(state.h, to, state.stride);
            product.run(
                    state.input.data,
                    state.input.index(t, row),
                    state.input.rowStride,
                    rows,
                    weights.input,
                    panel,
                    panelEnd,
                    addBias);
        }
    }
}
