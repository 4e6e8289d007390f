package ebbtide.engine;

import java.util.Arrays;

/**
 * The regulariser of R. Pascanu, T. Mikolov and Y. Bengio (ICML 2013, section 3.3), which asks
 * gradients to keep their norm on the way back through time: Ω = 1/B·Σ_b Σ_t (‖v_t‖/‖δ_t‖ − 1)², where
 * δ_t = ∂L/∂h_t of a sequence, and v_t = δ_t·∂h_t/∂h_{t−1} is what of it reaches h_{t−1}, t from the
 * second step of a direction on. As in the paper the gradient is the immediate one, states and δ taken as
 * given: ∂Ω/∂U = 2/B·Σ (‖v‖/‖δ‖ − 1)/(‖v‖·‖δ‖)·dzᵀ·v. Steps whose δ or v is 0 count nothing.
 *
 * <p>For cells whose one state meets one matrix U, in one direction or both: the paper's own, Elman cells,
 * where v = dz·U with dz = δ ⊙ φ′(z); leaky units, v = (1 − α) ⊙ δ + dz·U, rates taken as given; and
 * residual recurrence, v = δ + dz·U. The paper has no Ω for gates, a second state or several delays; and
 * layer normalisation, recurrent dropout and zoneout would change v. Runs on the calling thread and
 * allocates nothing after it is made.
 */
public final class FlowRegularizer {
    private final Rnn rnn;
    private final Plan plan;
    private final Layer[] layers;

    /**
     * Regularises the passes of a plan.
     *
     * @throws IllegalArgumentException if the network has other cells, or what changes v, or the plan
     *     does not keep adjoints
     */
    public FlowRegularizer(Rnn rnn, Plan plan) {
        Regularization rates = rnn.regularization();
        if (!takes(rnn.cell()) || rates.recurrent() > 0 || rates.zones()) {
            throw new IllegalArgumentException(
                    "the regulariser of gradient flow needs Elman cells without skip connections, leaky"
                            + " units or residual recurrence, without recurrent dropout and zoneout;"
                            + " leave it or them out");
        }
        Workspace workspace = plan.workspace();
        KeptAdjoints kept = workspace.runs[0].kept;
        if (kept == null || !kept.choice.values()) {
            throw new IllegalArgumentException(
                    "the regulariser needs ∂L/∂h of every step; plan with keepAdjoints()");
        }
        this.rnn = rnn;
        this.plan = plan;
        layers = new Layer[workspace.runs.length];
        WeightGradients products =
                new WeightGradients(
                        rnn.kernels(), workspace.active, rnn.hidden(), 1, rnn.hidden());
        FusedProduct product = new FusedProduct(rnn.kernels());
        for (int i = 0; i < layers.length; i++) {
            layers[i] =
                    new Layer(
                            workspace.active, rnn.weights()[i], workspace.runs[i], product,
                            products);
        }
    }

    /**
     * Adds weight·∂Ω/∂U of the plan's last backward pass to the gradients.
     *
     * @return Ω, the sum over the layers and directions
     */
    public double add(double weight, Gradients gradients) {
        if (gradients.layout() != rnn.parameters().layout()) {
            throw new IllegalArgumentException(
                    "gradients belong to another network; use gradients() of this one");
        }
        plan.requireBackward();
        double omega = 0;
        for (Layer layer : layers) {
            omega += layer.add(weight, gradients.array());
        }
        return omega;
    }

    private static boolean takes(Cell cell) {
        return cell instanceof ElmanCell && cell.delays().size() == 1
                || cell instanceof LeakyCell
                || cell instanceof ResidualCell;
    }

    /** One layer in one direction: dz_t as the backward pass left it, scaled in a copy, and v_t. */
    private static final class Layer {
        private final ActiveRows active;
        private final LayerWeights weights;
        private final LayerState state;
        private final FusedProduct product;
        private final WeightGradients products;
        private final Term[] back;
        private final Epilogue.Store store;
        private final StepRows reached;
        private final StepRows scaled;
        /** What of δ passes U by, unit by unit. */
        private final float[] past;

        Layer(
                ActiveRows active,
                LayerWeights weights,
                LayerState state,
                FusedProduct product,
                WeightGradients products) {
            this.active = active;
            this.weights = weights;
            this.state = state;
            this.product = product;
            this.products = products;
            back = new Term[] {weights.back(0, 0)};
            product.reserve(back);
            store = new Epilogue.Store(weights.hidden);
            int step = active.batch * state.stride;
            reached = new StepRows(new float[active.steps * step], 0, step, state.stride);
            scaled = new StepRows(new float[active.steps * step], 0, step, state.stride);
            past = new float[weights.hidden];
        }

        double add(double weight, float[] gradient) {
            double omega = 0;
            for (int i = 0; i < weights.hidden; i++) {
                past[i] = switch (weights.cell) {
                    case LeakyCell leaky -> 1 - weights.extras[i];
                    case ResidualCell residual -> 1;
                    default -> 0;
                };
            }
            for (int t = 0; t < active.steps; t++) {
                int before = state.axis.writer(state.axis.before(t, 1));
                int rows = Math.min(active.at(t), active.at(before));
                back[0].at(state.gradients, t, 0, rows);
                store.at(reached, t, 0, null);
                product.run(
                        back, rows, 0, back[0].factors[0].panels(), 1, store);
                for (int row = 0; row < rows; row++) {
                    omega += scale(weight, t, row);
                }
                for (int row = rows; row < active.at(t); row++) {
                    // The first step of a sequence: nothing precedes it.
                    int at = scaled.index(t, row);
                    Arrays.fill(scaled.data, at, at + weights.hidden, 0f);
                }
            }
            Layout.Slot u = weights.u[0];
            for (int done = 0; done < active.steps;) {
                done = products.block(state.axis, done);
                products.packLeft(scaled, 0, 0, weights.hidden);
                products.packRight(reached, 0, weights.hidden);
                products.add(
                        0, weights.hidden, weights.hidden, gradient, u.offset(), u.stride());
            }
            return omega / active.batch;
        }

        /** Scales a row of dz by what it adds to the gradient; returns its part of Ω. */
        private double scale(double weight, int t, int row) {
            int at = reached.index(t, row);
            int kept = state.kept.index(t, row);
            for (int i = 0; i < weights.hidden; i++) {
                reached.data[at + i] += past[i] * state.kept.values[kept + i];
            }
            double delta = norm(state.kept.values, kept);
            double v = norm(reached.data, at);
            boolean counts = delta > 0 && v > 0;
            double excess = counts ? v / delta - 1 : 0;
            double factor =
                    counts ? 2 * weight * excess / (v * delta) / active.batch : 0;
            int dz = state.gradients.index(t, row) + back[0].segments[0];
            for (int i = 0; i < weights.hidden; i++) {
                scaled.data[at + i] = (float) (factor * state.gradients.data[dz + i]);
            }
            return excess * excess;
        }

        private double norm(float[] values, int at) {
            double sum = 0;
            for (int i = 0; i < weights.hidden; i++) {
                sum += (double) values[at + i] * values[at + i];
            }
            return Math.sqrt(sum);
        }
    }
}
