package ebbtide.engine;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import java.util.List;

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
    /** The network that this is a layer of, in one direction, or null. */
    private final Rnn whole;

    private final int firstRun;
    private long packedVersion = -1;

    Rnn(RnnBuilder builder, Parameters parameters) {
        cell = builder.cell();
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
        whole = null;
        firstRun = 0;
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

    private Rnn(Rnn whole, int run) {
        this.whole = whole;
        firstRun = run;
        runs = new LayerWeights[] {whole.runs[run]};
        cell = whole.cell;
        inputs = runs[0].inputs;
        hidden = whole.hidden;
        tokens = whole.tokens && run < whole.directions.count();
        kernels = whole.kernels;
        parameters = whole.parameters;
        history = whole.history;
        layerCount = 1;
        directions = Directions.FORWARD;
        residual = false;
        regularization = whole.regularization.withDropout(0);
    }

    /** One layer in one direction, by itself; the weights are shared. */
    Rnn run(int run) {
        return new Rnn(this, run);
    }

    /** Which run of the whole network the first one is. */
    int firstRun() {
        return firstRun;
    }

    /** Whether this is a layer's second direction by itself. */
    boolean reversed() {
        return whole != null && firstRun % whole.directions.count() > 0;
    }

    /** The end of the names of a layer's and direction's parameters: _l0, _l0_reverse, _l1 … */
    static String suffix(int run, Directions directions) {
        String layer = "_l" + run / directions.count();
        return run % directions.count() == 0 ? layer : layer + "_reverse";
    }

    /** Describes a network with the logistic sigmoid. */
    public static RnnBuilder sigmoid(int inputs, int hidden) {
        return elman(Activation.SIGMOID, inputs, hidden);
    }

    /** Describes a network with tanh. */
    public static RnnBuilder tanh(int inputs, int hidden) {
        return elman(Activation.TANH, inputs, hidden);
    }

    /** Describes a network with max(z, 0). */
    public static RnnBuilder relu(int inputs, int hidden) {
        return elman(Activation.RELU, inputs, hidden);
    }

    /** Describes a linear network. */
    public static RnnBuilder identity(int inputs, int hidden) {
        return elman(Activation.IDENTITY, inputs, hidden);
    }

    /**
     * Describes a network.
     *
     * @throws IllegalArgumentException if a size is below 1
     */
    public static RnnBuilder elman(Activation activation, int inputs, int hidden) {
        return new RnnBuilder(new ElmanCell(activation, List.of(1)), inputs, hidden);
    }

    /**
     * Describes a network of leaky units, h_t = (1 − α)·h_{t−1} + α·φ(W·x_t + U·h_{t−1} + b) (H. Jaeger
     * et al., Neural Networks 20(3), 2007).
     *
     * @param rates α of each unit, in [0, 1]; one rate stands for all
     */
    public static RnnBuilder leaky(Activation activation, int inputs, int hidden, float... rates) {
        LeakyCell cell = LeakyCell.fixed(activation, Shapes.positive("hidden", hidden), rates);
        return new RnnBuilder(cell, inputs, hidden);
    }

    /**
     * Describes a network of leaky units whose rates are learned: α = σ(ρ) of a parameter {@code
     * leak_l0} [H].
     *
     * @param start the rate of every unit at the start, in (0, 1)
     * @throws IllegalArgumentException if {@code start} is out of range
     */
    public static RnnBuilder learnedLeak(
            Activation activation, int inputs, int hidden, float start) {
        return new RnnBuilder(LeakyCell.learned(activation, start), inputs, hidden);
    }

    /** Describes a network of residual recurrence, h_t = h_{t−1} + φ(W·x_t + U·h_{t−1} + b). */
    public static RnnBuilder residual(Activation activation, int inputs, int hidden) {
        return new RnnBuilder(new ResidualCell(activation), inputs, hidden);
    }

    /** Describes a network of LSTM cells as PyTorch defines them. */
    public static RnnBuilder lstm(int inputs, int hidden) {
        return new RnnBuilder(new LstmCell(0f, 0), inputs, hidden);
    }

    /** Describes a network of GRU cells as PyTorch defines them: the reset gate after the product. */
    public static RnnBuilder gru(int inputs, int hidden) {
        return new RnnBuilder(new GruCell(), inputs, hidden);
    }

    /**
     * Describes a network of GRU cells as the paper of 2014 defines them (K. Cho et al., EMNLP): the
     * reset gate before the product, n = tanh(W·x + U·(r ⊙ h) + b).
     */
    public static RnnBuilder gruResetFirst(int inputs, int hidden) {
        return new RnnBuilder(new ResetFirstGruCell(), inputs, hidden);
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
    public Planner planner(int steps, int batch) {
        return new Planner(this, steps, batch);
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
        if (whole != null) {
            return whole.pack();
        }
        if (packedVersion != parameters.version()) {
            for (LayerWeights run : runs) {
                run.pack(parameters.array());
            }
            packedVersion = parameters.version();
        }
        return packedVersion;
    }
}
