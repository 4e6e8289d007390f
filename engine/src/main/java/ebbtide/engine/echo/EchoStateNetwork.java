package ebbtide.engine.echo;

import ebbtide.engine.random.Generator;
import java.util.Arrays;

/**
 * An echo state network: a fixed, random, sparse reservoir, of which only a linear read-out is
 * trained. With inputs u [inputs], states x [units], outputs y [outputs], all float64:
 *
 * <pre>
 *   x(n+1) = (1 − C·a)·x(n) + C·tanh(W·x(n) + Win·u(n+1) + Wfb·y(n) + b + ν(n))
 *   y(n+1) = V·(1, u(n+1), x(n+1))
 * </pre>
 *
 * W is sparse, its largest |eigenvalue| given; Win, Wfb, b are uniform in ± their scaling; ν, uniform
 * in ± the noise, is there while training only. C is the time constant and a the decay of Jaeger's
 * leaky integrator with step 1; {@link Builder#leakRate} is C = α, a = 1. The sum adds its terms in
 * the written order.
 *
 * <p>Float64, unlike the rest of the engine: a forecast 84 steps ahead to 1e-4 feeds its own output
 * back 84 times, and float32's rounding of 6e-8 grows on the way past what the read-out resolves; see
 * also {@link RidgeReadout}. The tanh is {@code StrictMath}'s, so that states are the same bits on
 * every machine.
 *
 * <p>Sources: H. Jaeger, "The echo state approach to analysing and training recurrent neural
 * networks", GMD report 148, 2001, equations 21 and 24; H. Jaeger, H. Haas, "Harnessing
 * nonlinearity", Science 304, 2004; M. Lukoševičius, "A practical guide to applying echo state
 * networks", in: Neural networks: tricks of the trade, Springer 2012, equations 2 to 4.
 *
 * <p>Immutable; safe for use by several threads, each with {@link EchoStates} of its own.
 */
public final class EchoStateNetwork {
    private final int inputs;
    private final int units;
    private final int outputs;
    private final double keep;
    private final double gain;
    private final double noise;
    private final Reservoir reservoir;
    private final double[] inputWeights;
    private final double[] feedbackWeights;
    private final double[] bias;

    private EchoStateNetwork(Builder from, long seed) {
        inputs = from.inputs;
        units = from.units;
        outputs = from.outputs;
        keep = 1 - from.timeConstant * from.decay;
        gain = from.timeConstant;
        noise = from.noise;
        // A stream for each matrix: another scaling or size of one leaves the others as they are.
        reservoir = Reservoir.random(units, from.connections, from.radius, Generator.of(seed, 0));
        inputWeights = uniform(units * inputs, from.inputScaling, Generator.of(seed, 1));
        feedbackWeights = uniform(units * outputs, from.feedbackScaling, Generator.of(seed, 2));
        bias = uniform(units, from.biasScaling, Generator.of(seed, 3));
    }

    private static double[] uniform(int count, double scaling, Generator random) {
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            weights[i] = scaling * (2 * random.nextDouble() - 1);
        }
        return weights;
    }

    /**
     * Starts a description of a network.
     *
     * @param inputs at least 0; a network without inputs lives on its feedback
     * @throws IllegalArgumentException if units or outputs are below 1, or one array cannot hold the
     *     weights
     */
    public static Builder builder(int inputs, int units, int outputs) {
        return new Builder(inputs, units, outputs);
    }

    /** The description of a network; every setting has a default. */
    public static final class Builder {
        private final int inputs;
        private final int units;
        private final int outputs;
        private int connections;
        private double radius = 0.9;
        private double timeConstant = 1;
        private double decay = 1;
        private double inputScaling = 1;
        private double biasScaling;
        private double feedbackScaling;
        private double noise;

        private Builder(int inputs, int units, int outputs) {
            this.inputs = Numbers.atLeast(0, "inputs", inputs);
            this.units = Numbers.atLeast(1, "units", units);
            this.outputs = Numbers.atLeast(1, "outputs", outputs);
            long largest = units * (long) Math.max(units, Math.max(inputs, outputs));
            if (largest > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(
                        "%d weights are more than one array holds (2^31 - 9); use fewer units"
                                .formatted(largest));
            }
            this.connections = Math.min(units, 10);
        }

        /** Sets the connections that each unit receives, 1 to units (default: 10, or all). */
        public Builder connections(int connections) {
            Numbers.range("connections", connections, 1, units);
            this.connections = connections;
            return this;
        }

        /** Sets the connections by their density: density·units for each unit, at least 1. */
        public Builder density(double density) {
            Numbers.range("density", density, Double.MIN_VALUE, 1);
            return connections((int) Math.max(1, StrictMath.round(density * units)));
        }

        /** Sets the largest |eigenvalue| of W, 0 to 1000 (default: 0.9). */
        public Builder spectralRadius(double radius) {
            this.radius = Numbers.range("spectral radius", radius, 0, 1000);
            return this;
        }

        /** Sets Lukoševičius's leak rate α in (0, 1]: C = α, a = 1 (default: 1, no leak). */
        public Builder leakRate(double rate) {
            return leakyIntegrator(Numbers.range("leak rate", rate, Double.MIN_VALUE, 1), 1);
        }

        /**
         * Sets Jaeger's leaky integrator: C in (0, 1], a in [0, 1] (default: 1 and 1). His
         * Mackey-Glass network has 0.44 and 0.9.
         */
        public Builder leakyIntegrator(double timeConstant, double decay) {
            this.timeConstant = Numbers.range("time constant", timeConstant, Double.MIN_VALUE, 1);
            this.decay = Numbers.range("decay", decay, 0, 1);
            return this;
        }

        /** Sets the largest |weight| from an input, at least 0 (default: 1). */
        public Builder inputScaling(double scaling) {
            this.inputScaling = Numbers.range("input scaling", scaling, 0, 1e6);
            return this;
        }

        /** Sets the largest |bias|, at least 0 (default: 0). */
        public Builder biasScaling(double scaling) {
            this.biasScaling = Numbers.range("bias scaling", scaling, 0, 1e6);
            return this;
        }

        /** Sets the largest |weight| from an output back, at least 0 (default: 0, no feedback). */
        public Builder feedbackScaling(double scaling) {
            this.feedbackScaling = Numbers.range("feedback scaling", scaling, 0, 1e6);
            return this;
        }

        /**
         * Sets the largest |ν|, at least 0 (default: 0). Noise while training makes free runs
         * stable, and less precise: Jaeger used 1e-5 for τ = 30 and none for τ = 17.
         */
        public Builder noise(double noise) {
            this.noise = Numbers.range("noise", noise, 0, 1e6);
            return this;
        }

        /**
         * Draws the network. Scaling the reservoir takes 50·units³ operations, see {@link
         * ebbtide.engine.init.SpectralRadius#of}.
         *
         * @param seed the same seed gives the same weights on every machine
         * @throws IllegalArgumentException if the drawn reservoir has no cycle (few connections, few
         *     units)
         */
        public EchoStateNetwork build(long seed) {
            return new EchoStateNetwork(this, seed);
        }
    }

    /** Returns the number of inputs. */
    public int inputs() {
        return inputs;
    }

    /** Returns the number of units. */
    public int units() {
        return units;
    }

    /** Returns the number of outputs. */
    public int outputs() {
        return outputs;
    }

    /** Returns the number of features that the read-out sees: 1 + inputs + units. */
    public int features() {
        return 1 + inputs + units;
    }

    /** Returns W as a dense matrix [units, units], row (receiving unit) after row. */
    public double[] reservoirWeights() {
        return reservoir.dense();
    }

    /** Returns Win, [units, inputs]. */
    public double[] inputWeights() {
        return inputWeights.clone();
    }

    /** Returns Wfb, [units, outputs]. */
    public double[] feedbackWeights() {
        return feedbackWeights.clone();
    }

    /** Returns b, [units]. */
    public double[] bias() {
        return bias.clone();
    }

    /** One step: x becomes x(n+1). {@code noisy} is null for a step without noise. */
    void step(double[] x, double[] sums, double[] u, int from, double[] y, Generator noisy) {
        Arrays.fill(sums, 0);
        reservoir.addProduct(x, sums);
        for (int i = 0; i < units; i++) {
            double sum = sums[i] + dot(inputWeights, i * inputs, u, from, inputs);
            sum += dot(feedbackWeights, i * outputs, y, 0, outputs);
            sum += bias[i];
            if (noisy != null && noise > 0) {
                sum += noise * (2 * noisy.nextDouble() - 1);
            }
            x[i] = keep * x[i] + gain * StrictMath.tanh(sum);
        }
    }

    private static double dot(double[] a, int fromA, double[] b, int fromB, int count) {
        double sum = 0;
        for (int k = 0; k < count; k++) {
            sum += a[fromA + k] * b[fromB + k];
        }
        return sum;
    }
}
