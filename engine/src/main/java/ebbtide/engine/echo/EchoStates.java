package ebbtide.engine.echo;

import ebbtide.engine.random.Generator;

/**
 * The state of a network on its way through a series: x(n), and the output y(n) that feeds back.
 * Series are flat arrays, step after step.
 *
 * <p>Not safe for use by several threads.
 */
public final class EchoStates {
    private static final double[] NONE = {};

    private final EchoStateNetwork network;
    private final double[] x;
    private final double[] y;
    private final double[] sums;
    /** (1, u(n), x(n)). */
    private final double[] features;
    private final Generator noise;

    private EchoStates(EchoStateNetwork network, Generator noise) {
        this.network = network;
        this.x = new double[network.units()];
        this.y = new double[network.outputs()];
        this.sums = new double[network.units()];
        this.features = new double[network.features()];
        this.noise = noise;
    }

    /** Starts from x = 0, y = 0, without noise. */
    public static EchoStates of(EchoStateNetwork network) {
        return new EchoStates(network, null);
    }

    /** Starts from x = 0, y = 0, with the network's noise, drawn from a seed. */
    public static EchoStates noisy(EchoStateNetwork network, long seed) {
        return new EchoStates(network, Generator.of(seed));
    }

    /** Returns a copy of x. */
    public double[] state() {
        return x.clone();
    }

    /** Goes on from state {@code x} and output {@code y}. */
    public void restore(double[] x, double[] y) {
        Numbers.length("state", this.x.length, x.length);
        Numbers.length("output", this.y.length, y.length);
        System.arraycopy(x, 0, this.x, 0, x.length);
        System.arraycopy(y, 0, this.y, 0, y.length);
    }

    /**
     * Teacher forcing: steps through a series, each with the true output of the step before.
     *
     * @param u inputs [steps, inputs]; empty for a network without
     * @param targets outputs [steps, outputs]
     * @throws IllegalArgumentException unless the lengths fit
     */
    public void force(double[] u, double[] targets) {
        collect(u, targets, 0, null);
    }

    /**
     * Teacher forcing that also adds (features, targets) of the steps from {@code washout} on to the
     * sums of a read-out.
     *
     * @param washout steps in which the network forgets where it started, left out of the sums
     * @throws IllegalArgumentException unless the lengths fit and the numbers are finite
     */
    public void collect(double[] u, double[] targets, int washout, RidgeReadout readout) {
        Numbers.atLeast(0, "washout", washout);
        int steps = steps(u, targets);
        Numbers.finite("targets", targets, 0, targets.length);
        for (int n = 0; n < steps; n++) {
            step(u, n);
            if (readout != null && n >= washout) {
                readout.add(features(u, n), targets, n * y.length);
            }
            System.arraycopy(targets, n * y.length, y, 0, y.length);
        }
    }

    /**
     * Free run: each step feeds back the network's own output.
     *
     * @param weights V, as {@link RidgeReadout#solve} gives it
     * @param u inputs [steps, inputs]; empty for a network without
     * @param steps at least 0
     * @return the outputs [steps, outputs]
     * @throws IllegalArgumentException unless the lengths fit
     */
    public double[] run(double[][] weights, double[] u, int steps) {
        Numbers.atLeast(0, "steps", steps);
        Numbers.length("inputs", (long) steps * network.inputs(), u.length);
        Numbers.length("read-out", y.length, weights.length);
        for (double[] row : weights) {
            Numbers.length("read-out of an output", features.length, row.length);
        }
        double[] outputs = new double[Math.multiplyExact(steps, y.length)];
        for (int n = 0; n < steps; n++) {
            step(u, n);
            features(u, n);
            for (int o = 0; o < y.length; o++) {
                double sum = 0;
                for (int f = 0; f < features.length; f++) {
                    sum += weights[o][f] * features[f];
                }
                y[o] = sum;
                outputs[n * y.length + o] = sum;
            }
        }
        return outputs;
    }

    /** Free run of a network without inputs. */
    public double[] run(double[][] weights, int steps) {
        return run(weights, NONE, steps);
    }

    private int steps(double[] u, double[] targets) {
        int steps = targets.length / y.length;
        Numbers.length("targets", (long) steps * y.length, targets.length);
        Numbers.length("inputs", (long) steps * network.inputs(), u.length);
        Numbers.finite("inputs", u, 0, u.length);
        return steps;
    }

    private void step(double[] u, int n) {
        network.step(x, sums, u, n * network.inputs(), y, noise);
    }

    private double[] features(double[] u, int n) {
        int inputs = network.inputs();
        features[0] = 1;
        System.arraycopy(u, n * inputs, features, 1, inputs);
        System.arraycopy(x, 0, features, 1 + inputs, x.length);
        return features;
    }
}
