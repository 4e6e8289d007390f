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
import java.util.Arrays;
import java.util.Collections;

/**
 * What is looked at: a network, what it reads, and the gradient that it gets from a loss. Only the last
 * step of each sequence has a loss, so that the gradient at step t is what has come back over T − t steps
 * and nothing else.
 *
 * @param rnn the network
 * @param kind its cells
 * @param inputs B sequences of T steps
 * @param dy ∂L/∂y [T, B, outputs] of the top layer, or null
 * @param dhn ∂L/∂h of the last states in the shape of h0, or null
 */
public record Subject(Rnn rnn, CellKind kind, Inputs inputs, Tensor dy, Tensor dhn) {
    private static final long STREAM = 7;

    /** Returns T. */
    public int steps() {
        return inputs.steps();
    }

    /** Returns B. */
    public int batch() {
        return inputs.rows();
    }

    /**
     * Returns a network that reads gaussian noise; its loss is L = g·h_T for a random g of norm 1, h_T
     * being the last state of the top layer, in each direction the last that it reads.
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
        Tensor dhn = Tensor.zeros(rnn.states(), batch, rnn.features());
        int directions = rnn.directions().count();
        int ages = rnn.states() / (rnn.layers() * directions);
        for (int direction = 0; direction < directions; direction++) {
            int latest = ((rnn.layers() - 1) * directions + direction) * ages;
            for (int b = 0; b < batch; b++) {
                unit(random, dhn.data(), dhn.index(latest, b), rnn.features());
            }
        }
        return new Subject(rnn, kind, Inputs.of(x), null, dhn);
    }

    private static void unit(Generator random, float[] to, int at, int size) {
        double[] g = new double[size];
        double squares = 0;
        for (int i = 0; i < size; i++) {
            g[i] = random.nextGaussian();
            squares += g[i] * g[i];
        }
        for (int i = 0; i < size; i++) {
            to[at + i] = (float) (g[i] / Math.sqrt(squares));
        }
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
        inputs.forward(plan, null, null, null);
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
        Tensor dy = Tensor.zeros(steps, batch, model.rnn().outputs());
        readout.backward(dy, model.gradients());
        return new Subject(model.rnn(), kind, inputs, dy, null);
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

    /**
     * Returns ‖∂L/∂h_t‖ as [run][t][b], the runs in the order of h0 and t in the order in which each of
     * them reads, from one backward pass of the engine.
     */
    public double[][][] norms(Workers workers) {
        Plan plan = rnn.planner(steps(), batch()).workers(workers).keepAdjointNorms().build();
        inputs.forward(plan, null, null, null);
        plan.backward(dy, dhn, null, null, null);
        int directions = rnn.directions().count();
        double[][][] norms = new double[rnn.layers() * directions][steps()][batch()];
        for (int run = 0; run < norms.length; run++) {
            plan.adjointNorms(run, norms[run]);
            if (run % directions == 1) {
                Collections.reverse(Arrays.asList(norms[run]));
            }
        }
        return norms;
    }
}
