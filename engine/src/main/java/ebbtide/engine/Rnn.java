package ebbtide.engine;

import ebbtide.engine.init.Initializer;
import ebbtide.engine.init.Initializers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A recurrent network of one or more layers of one kind of cell, with its parameters under PyTorch's
 * names: {@code weight_ih_l0} [G·H, I], {@code weight_hh_l0} [G·H, H], {@code bias_ih_l0} [G·H], {@code
 * bias_hh_l0} [G·H] for G gates, and so on for each layer. The two biases of a gate enter as their
 * rounded sum.
 *
 * <p>The network owns the packed weights; {@linkplain #plan plans} share them. Plans of one network may
 * run in different threads at the same time.
 */
public final class Rnn {
    private final Cell cell;
    private final int inputs;
    private final int hidden;
    private final boolean tokens;
    private final Kernels kernels;
    private final Parameters parameters;
    private final int layerCount;
    private final Directions directions;
    private final boolean residual;
    private final Regularization regularization;
    private final LayerWeights[] runs;
    private final int history;
    private long packedVersion = -1;

    private Rnn(Builder builder, Parameters parameters) {
        cell = builder.cell;
        inputs = builder.inputs;
        hidden = builder.hidden;
        tokens = builder.tokens;
        kernels = builder.kernels;
        this.parameters = parameters;
        history = cell.history();
        layerCount = builder.layers;
        directions = builder.directions;
        residual = builder.residual;
        regularization = builder.regularization;
        runs = new LayerWeights[layerCount * directions.count()];
        for (int run = 0; run < runs.length; run++) {
            runs[run] =
                    new LayerWeights(
                            cell,
                            kernels,
                            parameters.layout(),
                            suffix(run, directions),
                            hidden,
                            tokens && run < directions.count());
        }
    }

    /** The end of the names of a layer's and direction's parameters: _l0, _l0_reverse, _l1 … */
    static String suffix(int run, Directions directions) {
        String layer = "_l" + run / directions.count();
        return run % directions.count() == 0 ? layer : layer + "_reverse";
    }

    /** Describes a network with the logistic sigmoid. */
    public static Builder sigmoid(int inputs, int hidden) {
        return elman(Activation.SIGMOID, inputs, hidden);
    }

    /** Describes a network with tanh. */
    public static Builder tanh(int inputs, int hidden) {
        return elman(Activation.TANH, inputs, hidden);
    }

    /** Describes a network with max(z, 0). */
    public static Builder relu(int inputs, int hidden) {
        return elman(Activation.RELU, inputs, hidden);
    }

    /** Describes a linear network. */
    public static Builder identity(int inputs, int hidden) {
        return elman(Activation.IDENTITY, inputs, hidden);
    }

    /**
     * Describes a network.
     *
     * @throws IllegalArgumentException if a size is below 1
     */
    public static Builder elman(Activation activation, int inputs, int hidden) {
        return new Builder(new ElmanCell(activation, List.of(1)), inputs, hidden);
    }

    /**
     * Describes a network of leaky units, h_t = (1 − α)·h_{t−1} + α·φ(W·x_t + U·h_{t−1} + b) (H. Jaeger
     * et al., Neural Networks 20(3), 2007).
     *
     * @param rates α of each unit, in [0, 1]; one rate stands for all
     */
    public static Builder leaky(Activation activation, int inputs, int hidden, float... rates) {
        Shapes.positive("hidden", hidden);
        if (rates.length != 1 && rates.length != hidden) {
            throw new IllegalArgumentException(
                    "rates: expected 1 or %d, got %d".formatted(hidden, rates.length));
        }
        float[] padded = new float[Panels.padded(hidden)];
        for (int i = 0; i < hidden; i++) {
            float rate = rates[rates.length == 1 ? 0 : i];
            if (!(rate >= 0 && rate <= 1)) {
                throw new IllegalArgumentException(
                        "rate of unit %d: expected a number in [0, 1], got %s".formatted(i, rate));
            }
            padded[i] = rate;
        }
        return new Builder(new LeakyCell(activation, padded, false), inputs, hidden);
    }

    /**
     * Describes a network of leaky units whose rates are learned: α = σ(ρ) of a parameter {@code
     * leak_l0} [H].
     *
     * @param start the rate of every unit at the start, in (0, 1)
     * @throws IllegalArgumentException if {@code start} is out of range
     */
    public static Builder learnedLeak(
            Activation activation, int inputs, int hidden, float start) {
        if (!(start > 0 && start < 1)) {
            throw new IllegalArgumentException(
                    "rate at the start: expected a number above 0 and below 1, got " + start);
        }
        return new Builder(new LeakyCell(activation, new float[] {start}, true), inputs, hidden);
    }

    /** Describes a network of residual recurrence, h_t = h_{t−1} + φ(W·x_t + U·h_{t−1} + b). */
    public static Builder residual(Activation activation, int inputs, int hidden) {
        return new Builder(new ResidualCell(activation), inputs, hidden);
    }

    /**
     * Describes a network of Elman cells with layer normalisation (J. Ba et al., 2016): h_t = φ(g ⊙
     * LN(W·x_t + b_ih + U·h_{t−1}) + b_hh), with a gain {@code gain_l0} [H] that starts at 1.
     */
    public static Builder normalized(Activation activation, int inputs, int hidden) {
        return new Builder(new NormalizedCell(activation), inputs, hidden);
    }

    /** Describes a network of LSTM cells as PyTorch defines them. */
    public static Builder lstm(int inputs, int hidden) {
        return new Builder(new LstmCell(0f, 0), inputs, hidden);
    }

    /** Describes a network of GRU cells as PyTorch defines them: the reset gate after the product. */
    public static Builder gru(int inputs, int hidden) {
        return new Builder(new GruCell(), inputs, hidden);
    }

    /**
     * Describes a network of GRU cells as the paper of 2014 defines them (K. Cho et al., EMNLP): the
     * reset gate before the product, n = tanh(W·x + U·(r ⊙ h) + b).
     */
    public static Builder gruResetFirst(int inputs, int hidden) {
        return new Builder(new ResetFirstGruCell(), inputs, hidden);
    }

    /** What a network is to be. */
    public static final class Builder {
        private Cell cell;
        private final int inputs;
        private final int hidden;
        private int layers = 1;
        private Directions directions = Directions.FORWARD;
        private boolean residual;
        private Regularization regularization = Regularization.NONE;
        private boolean tokens;
        private Kernels kernels = KernelSelection.selected().kernels();
        private Initializer inputInit;
        private Initializer recurrentInit;

        private Builder(Cell cell, int inputs, int hidden) {
            this.cell = cell;
            this.inputs = Shapes.positive("inputs", inputs);
            this.hidden = Shapes.positive("hidden", hidden);
            inputInit = recurrentInit = Initializers.uniform(1 / Math.sqrt(hidden));
        }

        /** Stacks {@code layers} layers; each reads the states of the one below. Default 1. */
        public Builder layers(int layers) {
            this.layers = Shapes.positive("layers", layers);
            return this;
        }

        /** In which directions layers read; default {@link Directions#FORWARD}. */
        public Builder directions(Directions directions) {
            this.directions = directions;
            return this;
        }

        /** Adds to the outputs of every layer but the first what the layer read. Default: no. */
        public Builder residual(boolean residual) {
            this.residual = residual;
            return this;
        }

        /**
         * Drops outputs of every layer but the last with this probability, anew at every step, and
         * scales what remains by 1/(1 − rate); in passes for which {@link Plan#drawMasks} was called.
         *
         * @throws IllegalArgumentException unless rate is in [0, 1)
         */
        public Builder dropout(float rate) {
            regularization =
                    new Regularization(
                            rate, regularization.recurrent(), regularization.zoneout());
            return this;
        }

        /**
         * Drops the states that U multiplies with this probability, the same units at every step (Y.
         * Gal, Z. Ghahramani, NIPS 2016); otherwise as {@link #dropout}.
         */
        public Builder recurrentDropout(float rate) {
            regularization =
                    new Regularization(
                            regularization.dropout(), rate, regularization.zoneout());
            return this;
        }

        /**
         * Lets units keep their state with this probability, chosen anew at every step (D. Krueger et
         * al., ICLR 2017); without masks states are the mean, h_t = rate·h_{t−1} + (1 − rate)·h̃_t.
         */
        public Builder zoneout(float rate) {
            regularization =
                    new Regularization(
                            regularization.dropout(), regularization.recurrent(), rate);
            return this;
        }

        /**
         * Adds to an Elman cell connections that skip {@code delays} steps, each with a matrix of its
         * own: {@code weight_skip_l0}, {@code weight_skip2_l0} and so on.
         *
         * @throws IllegalArgumentException if a delay is below 2
         * @throws IllegalStateException if the cell is not an Elman cell
         */
        public Builder skip(int... delays) {
            if (!(cell instanceof ElmanCell elman)) {
                throw new IllegalStateException("skip connections belong to Elman cells");
            }
            List<Integer> all = new ArrayList<>(List.of(1));
            for (int delay : delays) {
                if (delay < 2) {
                    throw new IllegalArgumentException(
                            "delay of a skip connection: expected at least 2, got %d"
                                    .formatted(delay));
                }
                all.add(delay);
            }
            cell = new ElmanCell(elman.activation(), List.copyOf(all));
            return this;
        }

        /**
         * Raises the bias of an LSTM's forget gates at the start.
         *
         * @throws IllegalStateException if the cell is not an LSTM
         */
        public Builder forgetBias(float bias) {
            return lstm(lstm -> new LstmCell(bias, lstm.chronoSteps()));
        }

        /**
         * Starts the biases of an LSTM for dependencies of up to {@code steps} steps (C. Tallec, Y.
         * Ollivier, "Can recurrent neural networks warp time?", ICLR 2018).
         *
         * @throws IllegalArgumentException if {@code steps} is below 3
         * @throws IllegalStateException if the cell is not an LSTM
         */
        public Builder chrono(int steps) {
            if (steps < 3) {
                throw new IllegalArgumentException(
                        "steps of chrono initialisation: expected at least 3, got %d"
                                .formatted(steps));
            }
            return lstm(lstm -> new LstmCell(lstm.forgetBias(), steps));
        }

        /**
         * Lets the gates of an LSTM look at the cell state (F. Gers, J. Schmidhuber, IJCNN 2000)
         * through weights {@code weight_ci_l0}, {@code weight_cf_l0} and {@code weight_co_l0} [H],
         * which start at 0.
         *
         * @throws IllegalStateException if the cell is not an LSTM without projection
         */
        public Builder peepholes() {
            cell = new PeepholeLstmCell(plainLstm());
            return this;
        }

        /**
         * Projects the H outputs of an LSTM to fewer states by {@code weight_hr_l0} [P, H] (H. Sak et
         * al., Interspeech 2014; PyTorch's proj_size). The projection starts as U does.
         *
         * @throws IllegalArgumentException unless 0 &lt; states &lt; H
         * @throws IllegalStateException if the cell is not an LSTM without peepholes
         */
        public Builder projection(int states) {
            if (states < 1 || states >= hidden) {
                throw new IllegalArgumentException(
                        "states of the projection: expected 1 to %d, got %d"
                                .formatted(hidden - 1, states));
            }
            cell = new ProjectedLstmCell(plainLstm(), states);
            return this;
        }

        private LstmCell plainLstm() {
            if (cell instanceof LstmCell lstm) {
                return lstm;
            }
            throw new IllegalStateException(
                    "peepholes and projections belong to LSTM cells, one or the other");
        }

        private Builder lstm(UnaryOperator<LstmCell> change) {
            cell =
                    switch (cell) {
                        case LstmCell lstm -> change.apply(lstm);
                        case PeepholeLstmCell peephole ->
                            new PeepholeLstmCell(change.apply(peephole.lstm()));
                        case ProjectedLstmCell projected ->
                            new ProjectedLstmCell(
                                    change.apply(projected.lstm()), projected.projection());
                        default ->
                            throw new IllegalStateException("forget gates belong to LSTM cells");
                    };
            return this;
        }

        /** Inputs are tokens from 0 to inputs − 1, each standing for a one-hot vector. */
        public Builder tokens(boolean tokens) {
            this.tokens = tokens;
            return this;
        }

        /** Uses these kernels instead of those selected at start-up. */
        public Builder kernels(Kernels kernels) {
            this.kernels = kernels;
            return this;
        }

        /** How W starts. Default: uniform in ±1/√H, as in PyTorch. Biases always start so. */
        public Builder inputInitializer(Initializer initializer) {
            this.inputInit = initializer;
            return this;
        }

        /** How U starts. Default: uniform in ±1/√H, as in PyTorch. */
        public Builder recurrentInitializer(Initializer initializer) {
            this.recurrentInit = initializer;
            return this;
        }

        /** Builds the network with parameters of its own, drawn from {@code seed}. */
        public Rnn build(long seed) {
            Layout.Builder layout = new Layout.Builder();
            declare(layout);
            Rnn rnn = build(new Parameters(layout.build()));
            rnn.parameters
                    .edit(flat -> initialize(rnn.parameters.layout(), flat, Generator.of(seed)));
            return rnn;
        }

        /** Adds the network's tensors to a layout that other parts of a model share. */
        void declare(Layout.Builder layout) {
            for (int run = 0; run < layers * directions.count(); run++) {
                boolean first = run < directions.count();
                LayerWeights.declare(
                        cell, layout, suffix(run, directions), first ? inputs : outputs(), hidden);
            }
        }

        int outputs() {
            return directions.outputs(cell.features(hidden));
        }

        /** Builds the network on parameters whose layout {@link #declare} has added to. */
        Rnn build(Parameters parameters) {
            return new Rnn(this, parameters);
        }

        void initialize(Layout layout, float[] flat, Generator random) {
            Initializer bias = Initializers.uniform(1 / Math.sqrt(hidden));
            for (int run = 0; run < layers * directions.count(); run++) {
                String suffix = suffix(run, directions);
                fillGates(layout.slot("weight_ih" + suffix), inputInit, layout, flat, random);
                for (int i = 0; i < cell.delays().size(); i++) {
                    Layout.Slot u = layout.slot(LayerWeights.recurrentName(i, suffix));
                    fillGates(u, recurrentInit, layout, flat, random);
                }
                if (cell.features(hidden) < hidden) {
                    fill(
                            layout.slot("weight_hr" + suffix),
                            recurrentInit,
                            layout,
                            flat,
                            random);
                }
                fill(layout.slot("bias_ih" + suffix), bias, layout, flat, random);
                fill(layout.slot("bias_hh" + suffix), bias, layout, flat, random);
                cell.initialize(layout, flat, suffix, random);
            }
        }

        /** Fills a matrix gate by gate: each gate's H rows are a matrix of their own. */
        private void fillGates(
                Layout.Slot slot, Initializer init, Layout layout, float[] flat, Generator random) {
            float[] dense = new float[slot.elements()];
            float[] gate = new float[hidden * slot.columns()];
            for (int g = 0; g < cell.gates(); g++) {
                init.fill(gate, hidden, slot.columns(), random);
                System.arraycopy(gate, 0, dense, g * gate.length, gate.length);
            }
            layout.write(flat, slot.name(), dense);
        }

        Kernels kernels() {
            return kernels;
        }
    }

    /** Fills one tensor of a flat array. */
    static void fill(
            Layout.Slot slot, Initializer init, Layout layout, float[] flat, Generator random) {
        float[] dense = new float[slot.elements()];
        init.fill(dense, slot.rows(), slot.columns(), random);
        layout.write(flat, slot.name(), dense);
    }

    /** Returns the parameters. */
    public Parameters parameters() {
        return parameters;
    }

    /** Returns new gradients in the parameters' layout, all zero. */
    public Gradients gradients() {
        return new Gradients(parameters.layout());
    }

    /** Returns whether the cells carry a second state c besides h. */
    public boolean hasCellState() {
        return cell.hasCellState();
    }

    Cell cell() {
        return cell;
    }

    /** Returns I, the floats of an input row, or the number of tokens. */
    public int inputs() {
        return inputs;
    }

    /** Returns H. */
    public int hidden() {
        return hidden;
    }

    /** Returns the floats of a state: H, or fewer where states are projected. */
    public int features() {
        return cell.features(hidden);
    }

    /** Returns the features of an output: those of a state, or twice as many. */
    public int outputs() {
        return directions.outputs(features());
    }

    /** Returns in which directions layers read. */
    public Directions directions() {
        return directions;
    }

    /**
     * Returns the states that a sequence begins and ends with: layers·directions, times the longest
     * delay.
     */
    public int states() {
        return runs.length * history;
    }

    boolean residual() {
        return residual;
    }

    Regularization regularization() {
        return regularization;
    }

    /** Returns the number of layers. */
    public int layers() {
        return layerCount;
    }

    /** Returns whether inputs are tokens. */
    public boolean tokens() {
        return tokens;
    }

    /** Returns the kernels in use. */
    public Kernels kernels() {
        return kernels;
    }

    /** Plans passes over {@code steps} steps of {@code batch} sequences on the calling thread alone. */
    public Plan plan(int steps, int batch) {
        return planner(steps, batch).build();
    }

    /** Describes a plan: threads, clipping of the adjoint, cancellation. */
    public Plan.Builder planner(int steps, int batch) {
        return new Plan.Builder(this, steps, batch);
    }

    /**
     * Runs step by step, {@code batch} sequences side by side, from states of zero.
     *
     * @throws IllegalStateException for a network of two directions
     */
    public Stepper stepper(int batch) {
        return new Stepper(this, batch);
    }

    LayerWeights[] weights() {
        return runs;
    }

    /** Packs the weights if they were edited since the last time; the caller holds the parameters. */
    synchronized long pack() {
        if (packedVersion != parameters.version()) {
            for (LayerWeights run : runs) {
                run.pack(parameters.array());
            }
            packedVersion = parameters.version();
        }
        return packedVersion;
    }
}
