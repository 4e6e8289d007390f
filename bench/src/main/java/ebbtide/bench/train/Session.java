package ebbtide.bench.train;

import ebbtide.bench.data.Score;
import ebbtide.bench.data.Source;
import ebbtide.engine.Gradients;
import ebbtide.engine.FlowRegularizer;
import ebbtide.engine.Layout;
import ebbtide.engine.Model;
import ebbtide.engine.Workers;
import ebbtide.engine.optim.Clip;
import ebbtide.engine.optim.NonFiniteGradientException;
import ebbtide.engine.optim.Optimizer;
import ebbtide.engine.optim.OrthogonalStep;
import ebbtide.engine.optim.Schedule;
import ebbtide.kernels.Kernels;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A training: the model, the optimiser, the carried state and the count of updates. Truncated
 * backpropagation through time runs windows of k2 steps, each from the state that the window before it
 * had k1 steps after its start. Not safe for use by several threads.
 */
public final class Session {
    /** Sets the masks of neighbouring seeds far apart: 2^64 divided by the golden ratio. */
    private static final long MASKS = 0x9E3779B97F4A7C15L;

    private final Model model;
    private final Kernels kernels;
    private final Workers workers;
    private final FlowObserver observer;
    private final Source source;
    private final Recipe recipe;
    private final Network network;
    private final double[][][] norms;
    private final FlowRegularizer flow;
    private final Optimizer optimizer;
    private final OrthogonalStep orthogonal;
    private final Schedule schedule;
    private final Clip clip;
    private final Gradients gradients;
    private final Carried carried;
    private final Carried carriedInValidation;
    private final Best best = new Best();
    private long update;
    private long validated;
    private double loss = Double.NaN;
    private Origin origin;

    /** Creates a training of {@code model} that has made no update. */
    public Session(Model model, Source source, Recipe recipe, Kernels kernels, Workers workers) {
        this(model, source, recipe, kernels, workers, null);
    }

    /**
     * Creates a training of {@code model} that has made no update.
     *
     * @param observer sees its gradients, or null
     */
    public Session(
            Model model,
            Source source,
            Recipe recipe,
            Kernels kernels,
            Workers workers,
            FlowObserver observer) {
        this.source = source;
        this.recipe = recipe;
        this.model = model;
        this.kernels = kernels;
        this.workers = workers;
        this.observer = observer;
        network = new Network(
                model, source, kernels, workers, recipe.clipAdjoint(),
                recipe.flowWeight() > 0, observer != null);
        norms = observer == null
                ? null
                : new double[model.rnn().layers() * model.rnn().directions().count()][source
                        .steps()][source
                                .batch()];
        flow = recipe.flowWeight() > 0
                ? new FlowRegularizer(model.rnn(), network.plan()) : null;
        optimizer = Optimizer.named(recipe.optimizer(), kernels, model.parameters().layout());
        orthogonal = recipe.orthogonal()
                ? new OrthogonalStep(optimizer, recurrent(model)) : null;
        schedule = schedule(recipe);
        clip = new Clip(kernels);
        gradients = network.newGradients();
        carried = network.newState();
        carriedInValidation = network.newState();
    }

    private static List<String> recurrent(Model model) {
        return model.parameters().layout().slots().stream()
                .map(Layout.Slot::name)
                .filter(name -> name.startsWith("weight_hh"))
                .toList();
    }

    private static Schedule schedule(Recipe recipe) {
        long rest = Math.max(1, recipe.steps() - recipe.warmup());
        double rate = recipe.rate();
        Schedule main = switch (recipe.schedule()) {
            case "constant" -> Schedule.constant(rate);
            case "step" -> Schedule.step(rate, 0.1, Math.max(1, rest / 3));
            case "cosine" -> Schedule.cosine(rate, 0, rest);
            default -> throw new IllegalArgumentException("unknown schedule " + recipe.schedule());
        };
        return Schedule.warmup(recipe.warmup(), main);
    }

    /** Makes one update; allocates nothing. */
    public void step() {
        read(network);
        network.forward(carried);
        source.judge().watch(network.window(), network.outputs());
        gradients.zero();
        float mean = network.backward(gradients);
        if (flow != null) {
            flow.add(recipe.flowWeight(), gradients);
        }
        if (observer != null && observer.wants(update)) {
            observe();
        }
        if (!Float.isFinite(mean)) {
            origin = findOrigin();
        }
        clip();
        if (source.shift() > 0) {
            network.state(source.shift(), carried);
        }
        double rate = schedule.rate(update);
        if (orthogonal != null) {
            orthogonal.step(network.parameters(), gradients, rate, rate);
        } else {
            optimizer.step(network.parameters(), gradients, rate);
        }
        loss = mean;
        update++;
    }

    /** Prepares a network for the present update: its window and, where it has them, its masks. */
    private void read(Network to) {
        source.train(update, to.window());
        if (recipe.structure().drops()) {
            to.drawMasks(recipe.seed() * MASKS + update);
        }
    }

    private void clip() {
        try {
            if (recipe.clipValue() > 0) {
                clip.byValue(gradients, recipe.clipValue());
            }
            if (recipe.clipNorm() > 0) {
                clip.byGlobalNorm(gradients, recipe.clipNorm());
            }
        } catch (NonFiniteGradientException e) {
            origin = findOrigin();
            throw e;
        }
    }

    private void observe() {
        for (int run = 0; run < norms.length; run++) {
            network.plan().adjointNorms(run, norms[run]);
        }
        observer.observe(update, norms);
    }

    /** Computes the present update once more, to the same bits, and looks at everything. */
    private Origin findOrigin() {
        Network again =
                new Network(model, source, kernels, workers, recipe.clipAdjoint(), true, false);
        read(again);
        return Origin.find(update, again, carried);
    }

    /** Returns where the training stopped being finite, or null if it has not. */
    public Origin origin() {
        return origin;
    }

    /**
     * Scores the validation windows and keeps the weights if they are the best so far.
     *
     * @param stop asked between windows
     * @return the score, or null if {@code stop} said so
     */
    public Score validate(BooleanSupplier stop) {
        Score score = source.score();
        for (int i = 0; i < source.validationWindows(); i++) {
            if (stop.getAsBoolean()) {
                return null;
            }
            source.validation(i, network.window());
            add(score, source.shift() > 0);
        }
        validated = update;
        best.offer(score.loss(), network.parameters());
        return score;
    }

    /** Scores the test windows, or returns null if {@code stop} said so. */
    public Score test(BooleanSupplier stop) {
        Score score = source.score();
        for (int i = 0; i < source.testWindows(); i++) {
            if (stop.getAsBoolean()) {
                return null;
            }
            source.test(i, network.window());
            add(score, false);
        }
        return score;
    }

    private void add(Score score, boolean carry) {
        network.clearMasks();
        network.forward(carriedInValidation);
        if (carry) {
            network.state(source.steps(), carriedInValidation);
        }
        score.add(network.window(), network.outputs(), network.loss());
    }

    /** Returns the source. */
    public Source source() {
        return source;
    }

    /** Returns the recipe. */
    public Recipe recipe() {
        return recipe;
    }

    /** Returns the number of updates made. */
    public long update() {
        return update;
    }

    /** Returns at which update the last validation was, 0 before the first. */
    public long validated() {
        return validated;
    }

    /** Returns the loss of the last update, NaN before the first. */
    public double loss() {
        return loss;
    }

    /** Returns the best weights so far. */
    public Best best() {
        return best;
    }

    Network network() {
        return network;
    }

    Optimizer optimizer() {
        return optimizer;
    }

    Carried carried() {
        return carried;
    }

    void restoreCounters(long update, long validated, double loss) {
        this.update = update;
        this.validated = validated;
        this.loss = loss;
    }
}
