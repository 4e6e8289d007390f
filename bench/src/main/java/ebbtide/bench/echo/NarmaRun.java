package ebbtide.bench.echo;

import ebbtide.engine.echo.EchoStateNetwork;
import ebbtide.engine.echo.EchoStates;
import ebbtide.engine.echo.Narma10;
import ebbtide.engine.echo.RidgeReadout;
import ebbtide.engine.random.Generator;

/**
 * NARMA10 by an echo state network and by a linear model of the inputs, trained and tested on the
 * same series: 3,000 steps of training and 3,000 of test, the first 200 of each left out. Both know
 * u(0) to u(n) and give y(n+1); neither is told past targets. NRMSE = √(mean squared error / variance
 * of the targets), over the test steps.
 *
 * <p>The linear baseline is ridge regression on 1 and the last 50 inputs: the best that a memory
 * without nonlinearity can do, since the influence of older inputs has faded.
 */
public final class NarmaRun {
    private static final int STEPS = 3000;
    private static final int WASHOUT = 200;
    private static final int LAGS = 50;
    private static final int UNITS = 400;
    private static final double RIDGE = 1e-8;

    private final long seed;
    private final Narma10 training;
    private final Narma10 test;

    /** Draws training and test series. */
    public NarmaRun(long seed) {
        this.seed = seed;
        training = Narma10.series(STEPS, Generator.of(seed, 20).nextLong());
        test = Narma10.series(STEPS, Generator.of(seed, 21).nextLong());
    }

    /** Returns the NRMSE of an echo state network of 400 units. */
    public double network() {
        EchoStateNetwork network = EchoStateNetwork.builder(1, UNITS, 1)
                .connections(10)
                .spectralRadius(0.9)
                .inputScaling(0.3)
                .biasScaling(0.2)
                .build(seed);
        RidgeReadout readout = new RidgeReadout(network.features(), 1);
        EchoStates.of(network).collect(training.inputs(), training.targets(), WASHOUT, readout);
        // Without feedback weights a free run is a forecast step by step.
        double[] forecast =
                EchoStates.of(network).run(readout.solve(RIDGE), test.inputs(), STEPS);
        return Scores.nrmse(forecast, test.targets(), WASHOUT);
    }

    /** Returns the NRMSE of the linear baseline. */
    public double linear() {
        RidgeReadout readout = new RidgeReadout(1 + LAGS, 1);
        for (int n = WASHOUT; n < STEPS; n++) {
            readout.add(lags(training, n), training.targets(), n);
        }
        double[] weights = readout.solve(RIDGE)[0];
        double[] forecast = new double[STEPS];
        for (int n = WASHOUT; n < STEPS; n++) {
            double[] lags = lags(test, n);
            for (int k = 0; k < lags.length; k++) {
                forecast[n] += weights[k] * lags[k];
            }
        }
        return Scores.nrmse(forecast, test.targets(), WASHOUT);
    }

    /** (1, u(n), u(n−1), .., u(n−49)). */
    private static double[] lags(Narma10 series, int n) {
        double[] lags = new double[1 + LAGS];
        lags[0] = 1;
        for (int k = 0; k < LAGS; k++) {
            lags[1 + k] = series.inputs()[n - k];
        }
        return lags;
    }
}
