package ebbtide.engine;

import ebbtide.engine.init.Initializer;
import ebbtide.engine.init.Initializers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;

/**
 * An Elman network of one or more layers, h_t = φ(W·x_t + b_ih + U·h_{t−1} + b_hh) (J. Elman, "Finding
 * structure in time", Cognitive Science 14, 1990), with its parameters under PyTorch's names: {@code
 * weight_ih_l0} [H, I], {@code weight_hh_l0} [H, H], {@code bias_ih_l0} [H], {@code bias_hh_l0} [H],
 * and so on for each layer. The two biases enter as their rounded sum.
 *
 * <p>The network owns the packed weights; {@linkplain #plan plans} share them. Plans of one network may
 * run in different threads at the same time.
 */
public final class Rnn {
    private final Activation activation;
    private final int inputs;
    private final int hidden;
    private final boolean tokens;
    private final Kernels kernels;
    private final Parameters parameters;
    private final LayerWeights[] layers;
    private long packedVersion = -1;

    private Rnn(Builder builder, Parameters parameters) {
        activation = builder.activation;
        inputs = builder.inputs;
        hidden = builder.hidden;
        tokens = builder.tokens;
        kernels = builder.kernels;
        this.parameters = parameters;
        layers = new LayerWeights[builder.layers];
        for (int layer = 0; layer < layers.length; layer++) {
            layers[layer] =
                    new LayerWeights(
                            parameters.layout(),
                            layer,
                            layer == 0 ? inputs : hidden,
                            hidden,
                            tokens && layer == 0);
        }
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
        return new Builder(activation, inputs, hidden);
    }

    /** What a network is to be. */
    public static final class Builder {
        private final Activation activation;
        private final int inputs;
        private final int hidden;
        private int layers = 1;
        private boolean tokens;
        private Kernels kernels = KernelSelection.selected().kernels();
        private Initializer inputInit;
        private Initializer recurrentInit;

        private Builder(Activation activation, int inputs, int hidden) {
            this.activation = activation;
            this.inputs = Shapes.positive("inputs", inputs);
            this.hidden = Shapes.positive("hidden", hidden);
            inputInit = recurrentInit = Initializers.uniform(1 / Math.sqrt(hidden));
        }

        /** Stacks {@code layers} layers; each reads the states of the one below. Default 1. */
        public Builder layers(int layers) {
            this.layers = Shapes.positive("layers", layers);
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
            for (int layer = 0; layer < layers; layer++) {
                LayerWeights.declare(layout, layer, layer == 0 ? inputs : hidden, hidden);
            }
        }

        /** Builds the network on parameters whose layout {@link #declare} has added to. */
        Rnn build(Parameters parameters) {
            return new Rnn(this, parameters);
        }

        void initialize(Layout layout, float[] flat, Generator random) {
            Initializer bias = Initializers.uniform(1 / Math.sqrt(hidden));
            for (int layer = 0; layer < layers; layer++) {
                fill(layout.slot("weight_ih_l" + layer), inputInit, layout, flat, random);
                fill(layout.slot("weight_hh_l" + layer), recurrentInit, layout, flat, random);
                fill(layout.slot("bias_ih_l" + layer), bias, layout, flat, random);
                fill(layout.slot("bias_hh_l" + layer), bias, layout, flat, random);
            }
        }

        int hidden() {
            return hidden;
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

    /** Returns φ. */
    public Activation activation() {
        return activation;
    }

    /** Returns I, the floats of an input row, or the number of tokens. */
    public int inputs() {
        return inputs;
    }

    /** Returns H. */
    public int hidden() {
        return hidden;
    }

    /** Returns the number of layers. */
    public int layers() {
        return layers.length;
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

    LayerWeights[] weights() {
        return layers;
    }

    /** Packs the weights if they were edited since the last time; the caller holds the parameters. */
    synchronized long pack() {
        if (packedVersion != parameters.version()) {
            for (LayerWeights layer : layers) {
                layer.pack(kernels, parameters.array());
            }
            packedVersion = parameters.version();
        }
        return packedVersion;
    }
}
