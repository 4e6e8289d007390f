package ebbtide.bench.flow;

import ebbtide.bench.data.Source;
import ebbtide.bench.data.Window;
import ebbtide.engine.echo.EchoStateNetwork;
import ebbtide.engine.echo.EchoStates;
import ebbtide.engine.echo.RidgeReadout;
import java.util.Arrays;

/**
 * An echo state network on the temporal order problem: no gradient goes through time at all. The
 * read-out learns, from the state at the end of each sequence, a 1 for its class and 0 for the others.
 * The input is so weak that tanh is all but linear, and the spectral radius is 1: the longest memory that
 * a reservoir has. With an input of 0.5 and a radius of 0.99 it stays at chance over 50 steps.
 */
final class EchoOrder {
    private static final double RIDGE = 1e-12;

    private final Source source;
    private final Window window;
    private final EchoStateNetwork network;
    private final double[] still;

    EchoOrder(Source source, int units, long seed) {
        this.source = source;
        window = new Window(source);
        network = EchoStateNetwork.builder(source.inputs(), units, source.outputs())
                .connections(Math.min(units, 10))
                .spectralRadius(1)
                .inputScaling(1e-3)
                .build(seed);
        still = new double[source.steps() * source.outputs()];
    }

    /** Returns (1, 0, x(T)) of sequence b of the window: the last input says nothing of the order. */
    private double[] features(int b) {
        int inputs = source.inputs();
        double[] u = new double[window.steps * inputs];
        for (int t = 0; t < window.steps; t++) {
            u[t * inputs + window.tokens[t * window.batch + b]] = 1;
        }
        EchoStates states = EchoStates.of(network);
        states.force(u, still);
        double[] features = new double[network.features()];
        features[0] = 1;
        System.arraycopy(states.state(), 0, features, 1 + inputs, network.units());
        return features;
    }

    private int target(int b) {
        return window.classes[(window.steps - 1) * window.batch + b];
    }

    /** Learns from {@code windows} windows of training data; returns the share of right answers. */
    double accuracy(int windows, int tests, Progress progress) {
        RidgeReadout readout = new RidgeReadout(network.features(), source.outputs());
        for (int i = 0; i < windows; i++) {
            progress.at((double) i / (windows + tests), "echo state network");
            source.train(i, window);
            for (int b = 0; b < window.batch; b++) {
                double[] y = new double[source.outputs()];
                y[target(b)] = 1;
                readout.add(features(b), y, 0);
            }
        }
        double[][] weights = readout.solve(RIDGE);
        int right = 0;
        for (int i = 0; i < tests; i++) {
            progress.at((double) (windows + i) / (windows + tests), "echo state network");
            source.test(i, window);
            for (int b = 0; b < window.batch; b++) {
                right += largest(weights, features(b)) == target(b) ? 1 : 0;
            }
        }
        return (double) right / (tests * window.batch);
    }

    private static int largest(double[][] weights, double[] features) {
        double[] scores = Arrays.stream(weights).mapToDouble(row -> {
            double sum = 0;
            for (int f = 0; f < features.length; f++) {
                sum += row[f] * features[f];
            }
            return sum;
        }).toArray();
        int best = 0;
        for (int c = 1; c < scores.length; c++) {
            best = scores[c] > scores[best] ? c : best;
        }
        return best;
    }
}
