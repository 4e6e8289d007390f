package ebbtide.engine;

import ebbtide.kernels.Panels;

/**
 * What a layer gives to its reader, and where the reader leaves ∂L/∂y. With one direction and nothing
 * in between these are the states themselves; otherwise directions are joined, the layer's input is
 * added, and units are dropped, in this order, in rows of their own.
 */
final class LayerOutput {
    final StepRows y;
    final StepRows dy;
    private final LayerState[] runs;
    private final ActiveRows active;
    private final int features;
    private final boolean summed;
    private final int outputs;
    private final LayerOutput below;
    private final Masks dropout;
    private final float scale;

    /**
     * @param features floats of a state
     * @param below what is added, or null
     * @param dropout which units are dropped, or null
     * @param rate of dropout
     */
    LayerOutput(
            LayerState[] runs,
            ActiveRows active,
            Directions directions,
            int features,
            LayerOutput below,
            Masks dropout,
            float rate) {
        this.runs = runs;
        this.active = active;
        this.features = features;
        this.below = below;
        this.dropout = dropout;
        scale = 1 / (1 - rate);
        summed = directions == Directions.SUMMED;
        outputs = directions.outputs(features);
        if (isDirect(directions, below != null, dropout != null)) {
            y = runs[0].outputs();
            dy = runs[0].adjoints();
        } else {
            y = rows();
            dy = rows();
        }
    }

    private StepRows rows() {
        int stride = Panels.padded(outputs);
        return new StepRows(
                new float[Shapes.size(active.steps, active.batch, stride)],
                0,
                active.batch * stride,
                stride);
    }

    private static boolean isDirect(Directions directions, boolean residual, boolean dropout) {
        return directions == Directions.FORWARD && !residual && !dropout;
    }

    static long floats(
            Directions directions,
            int steps,
            int batch,
            int features,
            boolean residual,
            boolean dropout) {
        long row = Panels.padded(directions.outputs(features));
        return isDirect(directions, residual, dropout) ? 0 : 2 * row * steps * batch;
    }

    /** Whether the states themselves are what is given. */
    boolean direct() {
        return y.data == runs[0].h;
    }

    /** A view of y. */
    Tensor view(StepRows rows) {
        return new Tensor(
                rows.data,
                rows.offset,
                active.steps,
                active.batch,
                outputs,
                rows.stepStride,
                rows.rowStride);
    }

    /** Computes y of steps {@code from} to {@code to} − 1 from the states. */
    void forward(int from, int to) {
        for (int t = from; t < to && !direct(); t++) {
            for (int row = 0; row < active.at(t); row++) {
                int at = y.index(t, row);
                join(t, row, at);
                for (int i = 0; below != null && i < outputs; i++) {
                    y.data[at + i] += below.y.data[below.y.index(t, row) + i];
                }
                if (dropout != null && dropout.drawn()) {
                    dropout.drop(
                            y.data, at, outputs, dropout.row(active.absolute(t), active.order(row)),
                            scale);
                }
            }
        }
    }

    private void join(int t, int row, int at) {
        for (int run = 0; run < runs.length; run++) {
            float[] h = runs[run].h;
            int from = runs[run].after(t, row);
            if (run > 0 && summed) {
                for (int i = 0; i < features; i++) {
                    y.data[at + i] += h[from + i];
                }
            } else {
                System.arraycopy(h, from, y.data, at + run * features, features);
            }
        }
    }

    /** Hands ∂L/∂y of the steps to the states. */
    void backward(int from, int to) {
        for (int t = from; t < to && !direct(); t++) {
            for (int row = 0; row < active.at(t); row++) {
                int at = dy.index(t, row);
                if (dropout != null && dropout.drawn()) {
                    dropout.drop(
                            dy.data, at, outputs,
                            dropout.row(active.absolute(t), active.order(row)), scale);
                }
                for (int run = 0; run < runs.length; run++) {
                    float[] dh = runs[run].dh;
                    int part = summed ? 0 : run * features;
                    int place = runs[run].after(t, row);
                    System.arraycopy(dy.data, at + part, dh, place, features);
                }
            }
        }
    }

    /** Adds to ∂L/∂y of the layer below what passed this layer by. */
    void passBy(int from, int to) {
        for (int t = from; t < to && below != null; t++) {
            for (int row = 0; row < active.at(t); row++) {
                int at = dy.index(t, row);
                int place = below.dy.index(t, row);
                for (int i = 0; i < outputs; i++) {
                    below.dy.data[place + i] += dy.data[at + i];
                }
            }
        }
    }
}
