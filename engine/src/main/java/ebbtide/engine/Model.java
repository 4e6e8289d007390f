package ebbtide.engine;

import ebbtide.engine.random.Generator;

/**
 * A recurrent network with a linear read-out over one set of parameters, which is what is trained,
 * clipped, saved and resumed as a whole.
 */
public final class Model {
    private final Rnn rnn;
    private final Linear readout;

    private Model(Rnn rnn, Linear readout) {
        this.rnn = rnn;
        this.readout = readout;
    }

    /**
     * Builds a model whose parameters are drawn from {@code seed}.
     *
     * @param network the recurrent part
     * @param outputs O, the features of the read-out
     */
    public static Model build(RnnBuilder network, int outputs, long seed) {
        Layout.Builder layout = new Layout.Builder();
        network.declare(layout);
        Linear.declare(layout, network.outputs(), outputs);
        Parameters parameters = new Parameters(layout.build());
        parameters.edit(
                flat -> {
                    Generator random = Generator.of(seed);
                    network.initialize(parameters.layout(), flat, random);
                    Linear.initialize(parameters.layout(), flat, random);
                });
        return new Model(
                network.build(parameters),
                new Linear(network.kernels, parameters, network.outputs(), outputs));
    }

    /** Returns the recurrent part. */
    public Rnn rnn() {
        return rnn;
    }

    /** Returns the read-out. */
    public Linear readout() {
        return readout;
    }

    /** Returns the parameters of both parts. */
    public Parameters parameters() {
        return rnn.parameters();
    }

    /** Returns new gradients in the parameters' layout, all zero. */
    public Gradients gradients() {
        return rnn.gradients();
    }
}
