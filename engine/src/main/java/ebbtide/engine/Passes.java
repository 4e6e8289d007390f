package ebbtide.engine;

import ebbtide.kernels.Panels;

/** The passes of one worker over all layers of a plan, and the buffers they share. */
final class Passes {
    private final ForwardPass[] forward;
    private final BackwardPass[] backward;
    private final GradientPass[] gradient;
    private final LayerState[] layers;
    private final boolean byColumns;

    Passes(Plan.Builder plan, LayerState[] layers, int worker) {
        Rnn rnn = plan.rnn;
        int workers = plan.workers.threads();
        this.layers = layers;
        Partition partition = new Partition(workers, plan.batch, rnn.hidden());
        byColumns = partition.byColumns;
        FusedProduct product = new FusedProduct(rnn.kernels().products());
        WeightGradients products =
                new WeightGradients(
                        rnn.kernels(),
                        plan.steps,
                        plan.batch,
                        widest(rnn),
                        GradientPass.segments(rnn.cell()),
                        units(rnn, worker, workers));
        forward = new ForwardPass[layers.length];
        backward = new BackwardPass[layers.length];
        gradient = new GradientPass[layers.length];
        for (int layer = 0; layer < layers.length; layer++) {
            LayerWeights weights = rnn.weights()[layer];
            forward[layer] =
                    new ForwardPass(
                            rnn.kernels(),
                            partition,
                            worker,
                            plan.steps,
                            plan.batch,
                            weights,
                            layers[layer],
                            product);
            backward[layer] =
                    new BackwardPass(
                            rnn.kernels(),
                            plan.adjointLimit,
                            partition,
                            worker,
                            plan.steps,
                            plan.batch,
                            weights,
                            layers[layer],
                            product);
            gradient[layer] =
                    new GradientPass(
                            rnn.kernels(),
                            worker,
                            workers,
                            plan.steps,
                            plan.batch,
                            weights,
                            layers[layer],
                            products);
        }
    }

    /** Floats of the buffers of one worker. */
    static long floats(Plan.Builder plan, int worker, int workers) {
        Rnn rnn = plan.rnn;
        int units = units(rnn, worker, workers);
        long floats = FusedProduct.floats(rnn.cell().delays().size());
        floats += WeightGradients.floats(
                plan.steps, plan.batch, widest(rnn), GradientPass.segments(rnn.cell()), units);
        if (rnn.tokens() && units > 0) {
            floats += TokenGradients.floats(plan.steps, plan.batch, rnn.inputs(), units);
        }
        return floats;
    }

    private static int widest(Rnn rnn) {
        return rnn.tokens() ? rnn.hidden() : Math.max(rnn.inputs(), rnn.hidden());
    }

    private static int units(Rnn rnn, int worker, int workers) {
        int panels = Panels.count(rnn.hidden());
        int first = Partition.share(panels, worker, workers);
        return (Partition.share(panels, worker + 1, workers) - first) * Panels.WIDTH;
    }

    void forward(Workers workers, Cancellation cancellation) {
        for (ForwardPass pass : forward) {
            pass.run(workers, cancellation);
        }
    }

    /** All layers top down, then, when every worker is done with them, the parameter gradients. */
    void backward(
            Workers workers,
            Cancellation cancellation,
            Tensor dx,
            Gradients gradients) {
        for (int layer = backward.length - 1; layer >= 0; layer--) {
            backward[layer].run(workers, cancellation);
            if (layer > 0) {
                LayerState below = layers[layer - 1];
                backward[layer].inputs(below.dh, below.step, below.step, below.stride);
                if (byColumns) {
                    workers.await();
                }
            } else if (dx != null) {
                backward[layer].inputs(dx.data(), dx.offset(), dx.stepStride(), dx.rowStride());
            }
        }
        if (gradients != null) {
            workers.await();
            for (GradientPass pass : gradient) {
                pass.run(gradients.array(), cancellation);
            }
        }
    }
}
