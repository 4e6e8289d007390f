package ebbtide.engine.optim;

import ebbtide.engine.Gradients;
import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Updates;
import java.util.List;
import java.util.function.Consumer;

/**
 * Changes parameters by their gradients. An optimiser is made for one {@link Layout}; its state
 * (for example Adam's moments) is flat arrays of that layout plus the number of updates so far, and
 * can be saved and restored: a training that was stopped and resumed gives the same bits as one
 * that was not. The definitions are PyTorch's ({@code torch.optim}, 2.13).
 *
 * <p>{@link #step} allocates nothing. Not safe for use by several threads.
 */
public abstract sealed class Optimizer permits Sgd, Momentum, RmsProp, Adam {
    /**
     * One array of the state.
     *
     * @param name unique within the optimiser, for example {@code momentum}
     * @param values the optimiser's own array, in the layout of the parameters
     */
    public record State(String name, float[] values) {}

    private final String name;
    private final Layout layout;
    private final List<State> states;
    // Made once: a lambda that captured its step's gradients would be an allocation a step.
    private final Consumer<float[]> edit = this::apply;
    private long updates;
    private float[] gradients;
    private double learningRate;

    /** The elementwise kernels. */
    final Updates kernels;

    Optimizer(String name, Kernels kernels, Layout layout, String... states) {
        this.name = name;
        this.kernels = kernels.updates();
        this.layout = layout;
        this.states =
                List.of(states).stream().map(s -> new State(s, new float[layout.size()])).toList();
    }

    /**
     * Returns the optimiser that the command line calls {@code name}, with PyTorch's defaults:
     * {@code sgd}, {@code momentum} and {@code nesterov} (μ = 0.9, as everyone sets it; PyTorch has
     * no default), {@code rmsprop} (α = 0.99, ε = 1e-8), {@code adam} (0.9, 0.999, 1e-8), {@code
     * adamw} (the same, λ = 0.01).
     *
     * @throws IllegalArgumentException if no optimiser has that name
     */
    public static Optimizer named(String name, Kernels kernels, Layout layout) {
        return switch (name) {
            case "sgd" -> new Sgd(kernels, layout, 0);
            case "momentum" -> new Momentum(kernels, layout, 0.9, false, 0);
            case "nesterov" -> new Momentum(kernels, layout, 0.9, true, 0);
            case "rmsprop" -> new RmsProp(kernels, layout, 0.99, 1e-8, 0);
            case "adam" -> Adam.adam(kernels, layout, 0.9, 0.999, 1e-8, 0);
            case "adamw" -> Adam.adamw(kernels, layout, 0.9, 0.999, 1e-8, 0.01);
            default ->
                throw new IllegalArgumentException(
                        "unknown optimizer '%s'; choose sgd, momentum, nesterov, rmsprop, adam or adamw"
                                .formatted(name));
        };
    }

    /** Returns the name that {@link #named} knows. */
    public final String name() {
        return name;
    }

    /** Returns the layout of the parameters that this optimiser was made for. */
    public final Layout layout() {
        return layout;
    }

    /** Returns how many updates this optimiser has made. */
    public final long updates() {
        return updates;
    }

    /** Returns the arrays of the state, themselves and not copies; empty for plain SGD. */
    public final List<State> state() {
        return states;
    }

    /**
     * Makes one update. The gradients are left as they are.
     *
     * @param learningRate of this update, as a {@link Schedule} gives it; finite, not negative
     * @throws IllegalArgumentException if the layouts differ or the rate is out of range; nothing
     *     is changed then
     * @throws IllegalStateException while a plan runs on the parameters; nothing is changed then
     */
    public final void step(Parameters parameters, Gradients gradients, double learningRate) {
        requireLayouts(parameters, gradients);
        requireRange("learning rate", learningRate, 0, Float.MAX_VALUE);
        this.gradients = gradients.array();
        this.learningRate = learningRate;
        parameters.edit(edit);
    }

    /**
     * Continues from a saved state.
     *
     * @param updates what {@link #updates} gave
     * @param saved what {@link #state} gave, in any order; the values are copied
     * @throws IllegalArgumentException if names or lengths are not this optimiser's; nothing is
     *     changed then
     */
    public final void restore(long updates, List<State> saved) {
        if (updates < 0) {
            throw new IllegalArgumentException(
                    "%s: expected a number of updates of at least 0, got %d".formatted(name,
                            updates));
        }
        List<String> expected = states.stream().map(State::name).sorted().toList();
        List<String> found = saved.stream().map(State::name).sorted().toList();
        if (!expected.equals(found)) {
            throw new IllegalArgumentException(
                    "state of %s: expected %s, got %s; resume with the optimizer that was saved"
                            .formatted(name, expected, found));
        }
        for (State state : saved) {
            if (state.values().length != layout.size()) {
                throw new IllegalArgumentException(
                        "state %s of %s: expected %d floats, got %d; resume with the model that was saved"
                                .formatted(state.name(), name, layout.size(),
                                        state.values().length));
            }
        }
        for (State state : saved) {
            for (State own : states) {
                if (own.name().equals(state.name())) {
                    System.arraycopy(state.values(), 0, own.values(), 0, layout.size());
                }
            }
        }
        this.updates = updates;
    }

    private void apply(float[] parameters) {
        updates++;
        update(parameters, gradients, layout.size(), learningRate, updates);
    }

    /**
     * Updates n parameters p by their gradients g. The padding of rows takes part: it is zero in
     * both and stays zero.
     *
     * @param t number of this update, the first is 1
     */
    abstract void update(float[] p, float[] g, int n, double lr, long t);

    /** The values of state {@code i}, in the order of the constructor. */
    final float[] values(int i) {
        return states.get(i).values();
    }

    /** Throws unless low ≤ value ≤ high; NaN fails. */
    static void requireRange(String what, double value, double low, double high) {
        if (!(low <= value && value <= high)) {
            throw new IllegalArgumentException(
                    "%s: expected %s to %s, got %s".formatted(what, low, high, value));
        }
    }

    final void requireLayouts(Parameters parameters, Gradients gradients) {
        requireLayout("parameters", parameters.layout());
        requireLayout("gradients", gradients.layout());
    }

    private void requireLayout(String what, Layout other) {
        if (other != layout && !other.slots().equals(layout.slots())) {
            throw new IllegalArgumentException(
                    "%s: expected the layout this optimizer was made for (%d floats), got another (%d floats)"
                            .formatted(what, layout.size(), other.size()));
        }
    }
}
