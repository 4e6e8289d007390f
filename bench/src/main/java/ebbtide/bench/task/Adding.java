package ebbtide.bench.task;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Draws;
import ebbtide.bench.data.Judge;
import ebbtide.bench.data.Objective;
import ebbtide.bench.data.Outputs;
import ebbtide.bench.data.Window;

/**
 * The adding problem. Source: S. Hochreiter, J. Schmidhuber, "Long short-term memory", Neural
 * Computation 9(8), 1997, section 5.4, experiment 4.
 *
 * <p>A sequence has a random length between T and T + T/10. Each step is a pair: a value drawn uniformly
 * from [−1, 1] and a marker. Two pairs are marked 1: one of the first ten (its value is X₁), then one of
 * the first T/2 − 1 that are still unmarked (X₂). The first and the last pair have the marker −1 unless
 * marked, all others 0. Where the first pair is the marked one, its value is set to 0. Only the last step
 * has a target: 0.5 + (X₁ + X₂)/4.
 *
 * <p>An answer is right if it is less than 0.04 off. The task is solved when the 2,000 most recent
 * training sequences were answered right and their mean absolute error is below 0.01. (The paper says
 * "average training error" without more; over a run of right answers the mean of squares would be below
 * 0.01 by itself.) The final test has 2,560 sequences, as in the paper's tables.
 *
 * <p>As against the paper, the output is linear and learning is by batches: the 2,000 sequences are
 * looked at after whole batches. Sequences shorter than the window are followed by zeros, which no loss
 * and no gradient sees.
 */
final class Adding implements Task {
    private static final int EARLY = 10;
    private static final float TOLERANCE = 0.04f;

    private final int length;

    Adding(int length) {
        if (length < 2 * EARLY) {
            throw new BadInput(
                    "--length: expected at least %d for the adding problem, got %d; raise it",
                    2 * EARLY, length);
        }
        this.length = length;
    }

    @Override
    public String name() {
        return "adding";
    }

    @Override
    public int steps() {
        return length + length / 10;
    }

    @Override
    public boolean tokens() {
        return false;
    }

    @Override
    public int inputs() {
        return 2;
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public Objective objective() {
        return Objective.SQUARED_ERROR;
    }

    @Override
    public void draw(Draws draws, Window window, int b) {
        int batch = window.batch;
        int steps = length + draws.below(length / 10 + 1);
        for (int t = 0; t < steps; t++) {
            window.x[2 * (t * batch + b)] = draws.symmetric();
        }
        int first = draws.below(EARLY);
        int second = draws.below(length / 2 - 1);
        // Counting only pairs that are still unmarked steps over the first one.
        second += second >= first ? 1 : 0;
        int last = (steps - 1) * batch + b;
        window.x[2 * b + 1] = -1f;
        window.x[2 * last + 1] = -1f;
        float sum = mark(window, first, b) + mark(window, second, b);
        window.values[last] = 0.5f + sum / 4f;
        window.mask[last] = 1f;
    }

    private static float mark(Window window, int t, int b) {
        int pair = 2 * (t * window.batch + b);
        if (t == 0) {
            window.x[pair] = 0f;
        }
        window.x[pair + 1] = 1f;
        return window.x[pair];
    }

    @Override
    public int answers() {
        return 1;
    }

    @Override
    public int right(Window window, int b, Outputs outputs) {
        return error(window, b, outputs) < TOLERANCE ? 1 : 0;
    }

    private float error(Window window, int b, Outputs outputs) {
        int row = b + (length - 1) * window.batch;
        while (window.mask[row] == 0f) {
            row += window.batch;
        }
        return Math.abs(outputs.at(row, 0) - window.values[row]);
    }

    /** Returns the variance of the target: always answering 0.5. */
    @Override
    public double baseline() {
        double firstPairMarked = 1.0 / EARLY + (1 - 1.0 / EARLY) / (length / 2 - 1);
        return (2 - firstPairMarked) / 3 / 16;
    }

    @Override
    public int testSequences() {
        return 2560;
    }

    @Override
    public String criterion() {
        return "the last 2000 training sequences within 0.04, their mean error below 0.01";
    }

    @Override
    public Judge judge() {
        return new RecentErrors(2000, TOLERANCE, 0.01, this::error);
    }
}
