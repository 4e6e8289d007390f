package ebbtide.bench.train;

import ebbtide.bench.data.Objective;
import ebbtide.bench.data.Outputs;
import ebbtide.bench.data.Source;
import ebbtide.bench.data.Window;
import ebbtide.engine.Gradients;
import ebbtide.engine.LinearPlan;
import ebbtide.engine.Model;
import ebbtide.engine.Parameters;
import ebbtide.engine.Plan;
import ebbtide.engine.Planner;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Tokens;
import ebbtide.engine.Workers;
import ebbtide.engine.loss.MeanSquaredError;
import ebbtide.engine.loss.SoftmaxCrossEntropy;
import ebbtide.kernels.Kernels;

/**
 * A recurrent model with read-out and loss, planned for the windows of one source. After construction
 * nothing here allocates. Not safe for use by several threads.
 */
final class Network {
    private final Model model;
    private final Plan plan;
    private final LinearPlan readout;
    private final boolean tokens;
    private final Window window;
    private final Tensor x;
    private final Tokens symbols;
    private final Tokens classes;
    private final Tensor values;
    private final Tensor mask;
    private final Outputs outputs;
    private final SoftmaxCrossEntropy crossEntropy;
    private final MeanSquaredError squaredError;

    /**
     * Plans {@code model} for the windows of {@code source}.
     *
     * @param clipAdjoint limit of the adjoint at every time step, 0 for none
     * @param keepAdjoints whether the plan keeps the adjoints of each backward pass
     * @param keepNorms whether it keeps their norms
     */
    Network(
            Model model,
            Source source,
            Kernels kernels,
            Workers workers,
            float clipAdjoint,
            boolean keepAdjoints,
            boolean keepNorms) {
        int steps = source.steps();
        int batch = source.batch();
        int width = source.outputs();
        Planner planner = model.rnn().planner(steps, batch).workers(workers);
        this.model = model;
        planner = clipAdjoint > 0 ? planner.clipAdjoint(clipAdjoint) : planner;
        planner = keepAdjoints ? planner.keepAdjoints() : planner;
        this.plan = (keepNorms ? planner.keepAdjointNorms() : planner).build();
        this.readout = model.readout().plan(steps, batch, workers);
        this.tokens = source.tokens();
        this.window = new Window(source);
        boolean classify = source.objective() == Objective.CROSS_ENTROPY;
        x = tokens ? null : Tensor.of(window.x, steps, batch, source.inputs());
        symbols = tokens ? Tokens.of(window.tokens, steps, batch) : null;
        classes = classify ? Tokens.of(window.classes, steps, batch) : null;
        values = classify ? null : Tensor.of(window.values, steps, batch, width);
        mask = Tensor.of(window.mask, steps, batch, 1);
        outputs = new Outputs(readout.output().data(), readout.output().rowStride(), width);
        crossEntropy =
                classify ? new SoftmaxCrossEntropy(kernels, workers, steps, batch, width) : null;
        squaredError =
                classify ? null : new MeanSquaredError(kernels, workers, steps, batch, width);
    }

    /** Returns the recurrent part. */
    Rnn rnn() {
        return model.rnn();
    }

    /** Returns the plan of the recurrent part. */
    Plan plan() {
        return plan;
    }

    /** Returns the window that {@link #forward} reads. */
    Window window() {
        return window;
    }

    /** Returns the outputs of the last {@link #forward}, until {@link #backward} replaces them. */
    Outputs outputs() {
        return outputs;
    }

    /** Returns the parameters. */
    Parameters parameters() {
        return model.parameters();
    }

    /** Returns new gradients of the parameters. */
    Gradients newGradients() {
        return model.gradients();
    }

    /** Returns a new state that is zero. */
    Carried newState() {
        return new Carried(model.rnn(), window.batch);
    }

    /** Draws what the next {@link #forward} drops. */
    void drawMasks(long seed) {
        plan.drawMasks(seed);
    }

    /** Nothing is dropped until {@link #drawMasks}. */
    void clearMasks() {
        plan.clearMasks();
    }

    /** Runs the window from state {@code carried}, or from zero where the window is fresh. */
    void forward(Carried carried) {
        Tensor h0 = window.fresh ? null : carried.h();
        Tensor c0 = window.fresh ? null : carried.c();
        if (tokens) {
            plan.forward(symbols, h0, c0, null, null, null);
        } else {
            plan.forward(x, h0, c0, null, null, null);
        }
        readout.forward(plan.output());
    }

    /** Returns the mean loss of the last {@link #forward}. */
    float loss() {
        return loss(null);
    }

    /** Adds the gradients of the last {@link #forward} and returns its mean loss. */
    float backward(Gradients gradients) {
        float mean = loss(readout.output());
        readout.backward(plan.outputGradient(), gradients);
        plan.backward(plan.outputGradient(), null, null, null, gradients);
        return mean;
    }

    private float loss(Tensor gradient) {
        return crossEntropy != null
                ? crossEntropy.compute(readout.output(), classes, mask, null, gradient)
                : squaredError.compute(readout.output(), values, mask, null, gradient);
    }

    /** Copies the state after {@code step} steps of the last {@link #forward}. */
    void state(int step, Carried to) {
        plan.state(step, to.h(), to.c());
    }
}
