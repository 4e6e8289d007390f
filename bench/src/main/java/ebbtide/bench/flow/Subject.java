package ebbtide.bench.flow;

import ebbtide.bench.data.Objective;
import ebbtide.bench.data.Source;
import ebbtide.bench.data.Window;
import ebbtide.engine.LinearPlan;
import ebbtide.engine.Model;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Tokens;
import ebbtide.engine.Workers;
import ebbtide.engine.loss.MeanSquaredError;
import ebbtide.engine.loss.SoftmaxCrossEntropy;
import ebbtide.engine.random.Generator;

/**
 * What is looked at: a network, what it reads, and the gradient that its last step gets from a loss. Only
 * the last step of each sequence has a loss, so that the gradient at step t is what has come back over
 * T − t steps and nothing else.
 *
 * @param rnn the network
 * @param kind its cells
 * @param inputs B sequences of T steps
 * @param dy ∂L/∂y [T, B, H] of the top layer
 */
public record Subject(Rnn rnn, CellKind kind, Inputs inputs, Tensor dy) {
    private static final long STREAM = 7;

    /** Returns T. */
    public int steps() {
        return dy.steps();
    }

    /** Returns B. */
    public int batch() {
        return dy.rows();
    }

    /**
     * Returns a network that reads gaussian noise; its loss is L = g·h_T for a random g of norm 1.
     *
     * @param scale standard deviation of the noise; 0 for no input at all
     */
    public static Subject noise(
            Rnn rnn, CellKind kind, int steps, int batch, double scale, long seed) {
        Generator random = Generator.of(seed, STREAM);
        Tensor x = Tensor.zeros(steps, batch, rnn.inputs());
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = (float) (scale * random.nextGaussian());
        }
        Tensor dy = Tensor.zeros(steps, batch, rnn.hidden());
        double[] g = new double[rnn.hidden()];
        for (int b = 0; b < batch; b++) {
            double squares = 0;
            for (int i = 0; i < g.length; i++) {
                g[i] = random.nextGaussian();
                squares += g[i] * g[i];
            }
            for (int i = 0; i < g.length; i++) {
                dy.data()[dy.index(steps - 1, b) + i] = (float) (g[i] / Math.sqrt(squares));
            }
        }
        return new Subject(rnn, kind, Inputs.of(x), dy);
    }

    /** Returns a model on the first validation window of its source, with the source's own loss. */
    public static Subject of(Model model, CellKind kind, Source source, Workers workers) {
        Window window = new Window(source);
        source.validation(0, window);
        int steps = source.steps();
        int batch = source.batch();
        int width = source.outputs();
        keepLastOfEach(window);
        Inputs inputs = source.tokens()
                ? Inputs.of(Tokens.of(window.tokens, steps, batch))
                : Inputs.of(Tensor.of(window.x, steps, batch, source.inputs()));
        Plan plan = model.rnn().planner(steps, batch).workers(workers).build();
        LinearPlan readout = model.readout().plan(steps, batch, workers);
        inputs.forward(plan, null, null);
        readout.forward(plan.output());
        Tensor mask = Tensor.of(window.mask, steps, batch, 1);
        Tensor outputs = readout.output();
        if (source.objective() == Objective.CROSS_ENTROPY) {
            new SoftmaxCrossEntropy(model.rnn().kernels(), workers, steps, batch, width)
                    .compute(
                            outputs, Tokens.of(window.classes, steps, batch), mask, null, outputs);
        } else {
            new MeanSquaredError(model.rnn().kernels(), workers, steps, batch, width)
                    .compute(
                            outputs, Tensor.of(window.values, steps, batch, width), mask, null,
                            outputs);
        }
        Tensor dy = Tensor.zeros(steps, batch, model.rnn().hidden());
        readout.backward(dy, model.gradients());
        return new Subject(model.rnn(), kind, inputs, dy);
    }

    private static void keepLastOfEach(Window window) {
        for (int b = 0; b < window.batch; b++) {
            boolean later = false;
            for (int t = window.steps - 1; t >= 0; t--) {
                int row = t * window.batch + b;
                if (later) {
                    window.mask[row] = 0f;
                }
                later |= window.mask[row] != 0f;
            }
        }
    }

    /** Returns ‖∂L/∂h_t‖ as [layer][t][b], from one backward pass of the engine. */
    public double[][][] norms(Workers workers) {
        Plan plan = rnn.planner(steps(), batch()).workers(workers).keepAdjointNorms().build();
        inputs.forward(plan, null, null);
        plan.backward(dy, null, null, null, null);
        double[][][] norms = new double[rnn.layers()][steps()][batch()];
        for (int layer = 0; layer < norms.length; layer++) {
            plan.adjointNorms(layer, norms[layer]);
        }
        return norms;
    }
}
