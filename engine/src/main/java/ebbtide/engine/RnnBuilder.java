package ebbtide.engine;

import ebbtide.engine.init.Initializer;
import ebbtide.engine.init.Initializers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.util.function.UnaryOperator;

/** What a network is to be; {@link Rnn} describes the kinds. */
public final class RnnBuilder {
    private Cell cell;
    private boolean layerNorm;
    final int inputs;
    final int hidden;
    int layers = 1;
    Directions directions = Directions.FORWARD;
    boolean residual;
    Regularization regularization = Regularization.NONE;
    boolean tokens;
    Kernels kernels = KernelSelection.selected().kernels();
    private Initializer inputInit;
    private Initializer recurrentInit;

    RnnBuilder(Cell cell, int inputs, int hidden) {
        this.cell = cell;
        this.inputs = Shapes.positive("inputs", inputs);
        this.hidden = Shapes.positive("hidden", hidden);
        inputInit = recurrentInit = Initializers.uniform(1 / Math.sqrt(hidden));
    }

    /** Stacks {@code layers} layers; each reads the states of the one below. Default 1. */
    public RnnBuilder layers(int layers) {
        this.layers = Shapes.positive("layers", layers);
        return this;
    }

    /** In which directions layers read; default {@link Directions#FORWARD}. */
    public RnnBuilder directions(Directions directions) {
        this.directions = directions;
        return this;
    }

    /** Adds to the outputs of every layer but the first what the layer read. Default: no. */
    public RnnBuilder residual(boolean residual) {
        this.residual = residual;
        return this;
    }

    /**
     * Drops outputs of every layer but the last with this probability, anew at every step, and
     * scales what remains by 1/(1 − rate); in passes for which {@link Plan#drawMasks} was called.
     *
     * @throws IllegalArgumentException unless rate is in [0, 1)
     */
    public RnnBuilder dropout(float rate) {
        regularization = regularization.withDropout(rate);
        return this;
    }

    /**
     * Drops the states that U multiplies with this probability, the same units at every step (Y.
     * Gal, Z. Ghahramani, NIPS 2016); otherwise as {@link #dropout}.
     */
    public RnnBuilder recurrentDropout(float rate) {
        regularization = regularization.withRecurrent(rate);
        return this;
    }

    /**
     * Lets units keep their state with this probability, chosen anew at every step (D. Krueger et
     * al., ICLR 2017); without masks states are the mean, h_t = rate·h_{t−1} + (1 − rate)·h̃_t.
     */
    public RnnBuilder zoneout(float rate) {
        regularization = regularization.withZoneout(rate);
        return this;
    }

    /**
     * Lets units of an LSTM keep their cell state with this probability, apart from {@link #zoneout},
     * which is of h; otherwise as that.
     *
     * @throws IllegalStateException when the network is built, unless it is of LSTM cells without
     *     peepholes
     */
    public RnnBuilder cellZoneout(float rate) {
        regularization = regularization.withCellZoneout(rate);
        return this;
    }

    /**
     * Normalises what the cells' pointwise parts read, by layers (J. Ba, J. Kiros, G. Hinton, 2016):
     * Elman and leaky cells φ(g ⊙ LN(W·x_t + b_ih + U·h_{t−1}) + b_hh) with {@code gain_l0} [H]; LSTM
     * and GRU each product alone, g_ih ⊙ LN(W·x_t) + b_ih and g_hh ⊙ LN(U·h_{t−1}) + b_hh with {@code
     * gain_ih_l0} and {@code gain_hh_l0} [G·H], and an LSTM o ⊙ tanh(g_c ⊙ LN(c_t) + b_c) with {@code
     * gain_c_l0} and {@code bias_c_l0} [H]. Default: no.
     *
     * @throws IllegalStateException when the network is built, if it is of other cells
     */
    public RnnBuilder layerNorm(boolean layerNorm) {
        this.layerNorm = layerNorm;
        return this;
    }

    /** The kind of cell that all of this describes. */
    Cell cell() {
        if (regularization.cellZoneout() > 0
                && (!cell.hasCellState() || cell instanceof PeepholeLstmCell)) {
            throw new IllegalStateException(
                    "zoneout of cell states is for LSTM cells without peepholes; leave it out");
        }
        if (!layerNorm) {
            return cell;
        }
        return switch (cell) {
            case ElmanCell elman when elman.delays().size() == 1 -> new NormalizedCell(elman);
            case LeakyCell leaky -> new NormalizedCell(leaky);
            case LstmCell lstm -> new NormalizedGatesCell(lstm);
            case GruCell gru -> new NormalizedGatesCell(gru);
            default ->
                throw new IllegalStateException(
                        "layer normalisation is defined for Elman cells without skip connections, leaky"
                                + " units, LSTM without peepholes and projection, and GRU that resets"
                                + " after the product; choose one of them");
        };
    }

    /**
     * Adds to an Elman cell connections that skip {@code delays} steps, each with a matrix of its
     * own: {@code weight_skip_l0}, {@code weight_skip2_l0} and so on.
     *
     * @throws IllegalArgumentException if a delay is below 2
     * @throws IllegalStateException if the cell is not an Elman cell
     */
    public RnnBuilder skip(int... delays) {
        if (!(cell instanceof ElmanCell elman)) {
            throw new IllegalStateException("skip connections belong to Elman cells");
        }
        cell = elman.withSkips(delays);
        return this;
    }

    /**
     * Raises the bias of an LSTM's forget gates at the start.
     *
     * @throws IllegalStateException if the cell is not an LSTM
     */
    public RnnBuilder forgetBias(float bias) {
        return lstm(lstm -> new LstmCell(bias, lstm.chronoSteps()));
    }

    /**
     * Starts the biases of an LSTM for dependencies of up to {@code steps} steps (C. Tallec, Y.
     * Ollivier, "Can recurrent neural networks warp time?", ICLR 2018).
     *
     * @throws IllegalArgumentException if {@code steps} is below 3
     * @throws IllegalStateException if the cell is not an LSTM
     */
    public RnnBuilder chrono(int steps) {
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
    public RnnBuilder peepholes() {
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
    public RnnBuilder projection(int states) {
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

    private RnnBuilder lstm(UnaryOperator<LstmCell> change) {
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
    public RnnBuilder tokens(boolean tokens) {
        this.tokens = tokens;
        return this;
    }

    /** Uses these kernels instead of those selected at start-up. */
    public RnnBuilder kernels(Kernels kernels) {
        this.kernels = kernels;
        return this;
    }

    /** How W starts. Default: uniform in ±1/√H, as in PyTorch. Biases always start so. */
    public RnnBuilder inputInitializer(Initializer initializer) {
        this.inputInit = initializer;
        return this;
    }

    /** How U starts. Default: uniform in ±1/√H, as in PyTorch. */
    public RnnBuilder recurrentInitializer(Initializer initializer) {
        this.recurrentInit = initializer;
        return this;
    }

    /** Builds the network with parameters of its own, drawn from {@code seed}. */
    public Rnn build(long seed) {
        Layout.Builder layout = new Layout.Builder();
        declare(layout);
        Rnn rnn = build(new Parameters(layout.build()));
        rnn.parameters()
                .edit(flat -> initialize(rnn.parameters().layout(), flat, Generator.of(seed)));
        return rnn;
    }

    /** Adds the network's tensors to a layout that other parts of a model share. */
    void declare(Layout.Builder layout) {
        for (int run = 0; run < layers * directions.count(); run++) {
            boolean first = run < directions.count();
            LayerWeights.declare(
                    cell(), layout, Rnn.suffix(run, directions), first ? inputs : outputs(),
                    hidden);
        }
    }

    int outputs() {
        return directions.outputs(cell().features(hidden));
    }

    /** Builds the network on parameters whose layout {@link #declare} has added to. */
    Rnn build(Parameters parameters) {
        return new Rnn(this, parameters);
    }

    /** Draws the network's parameters. */
    void initialize(Layout layout, float[] flat, Generator random) {
        StartingWeights start = new StartingWeights(layout, flat, random);
        for (int run = 0; run < layers * directions.count(); run++) {
            start.fill(cell(), hidden, Rnn.suffix(run, directions), inputInit, recurrentInit);
        }
    }
}
