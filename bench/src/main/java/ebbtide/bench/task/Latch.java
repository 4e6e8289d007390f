package ebbtide.bench.task;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Draws;
import ebbtide.bench.data.Objective;
import ebbtide.bench.data.Outputs;
import ebbtide.bench.data.Window;

/**
 * The latching problem. Source: Y. Bengio, P. Simard, P. Frasconi, "Learning long-term dependencies with
 * gradient descent is difficult", IEEE Transactions on Neural Networks 5(2), 1994.
 *
 * <p>One input line, two classes. The first L = 3 steps carry the class, all others noise from the
 * normal distribution of mean 0 and variance 0.2. At the last of T steps the output is to be 0.8 for one
 * class and −0.8 for the other, by squared error: one bit, kept for T − L steps against noise.
 *
 * <p>In the paper the values of the first L inputs are themselves trained, one set per class. Here they
 * are +1 and −1, and the trained input weight does that work for both classes with one sign each; it
 * scales the noise along with the signal. The paper trains one tanh unit; hidden units are free here, and
 * the output is linear. The task is solved when fewer than 1 % of 1,000 fresh sequences end with the
 * wrong sign; that threshold is ours.
 */
final class Latch implements Task {
    private static final int SIGNAL = 3;
    private static final double DEVIATION = Math.sqrt(0.2);
    private static final float TARGET = 0.8f;

    private final int length;

    Latch(int length) {
        if (length <= SIGNAL) {
            throw new BadInput(
                    "--length: expected at least %d for the latching problem, got %d; raise it",
                    SIGNAL + 1, length);
        }
        this.length = length;
    }

    @Override
    public String name() {
        return "latch";
    }

    @Override
    public int steps() {
        return length;
    }

    @Override
    public boolean tokens() {
        return false;
    }

    @Override
    public int inputs() {
        return 1;
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
        float sign = draws.below(2) == 0 ? 1f : -1f;
        for (int t = 0; t < length; t++) {
            float noise = (float) (DEVIATION * draws.gaussian());
            window.x[t * batch + b] = t < SIGNAL ? sign : noise;
        }
        int last = (length - 1) * batch + b;
        window.values[last] = sign * TARGET;
        window.mask[last] = 1f;
    }

    @Override
    public int answers() {
        return 1;
    }

    @Override
    public int right(Window window, int b, Outputs outputs) {
        int last = (length - 1) * window.batch + b;
        return outputs.at(last, 0) * window.values[last] > 0 ? 1 : 0;
    }

    /** Returns 0.64: always answering 0. */
    @Override
    public double baseline() {
        return (double) TARGET * TARGET;
    }

    @Override
    public int testSequences() {
        return 1000;
    }

    @Override
    public String criterion() {
        return "fewer than 1 % of 1000 test sequences with the wrong sign";
    }

    @Override
    public boolean solved(double rightShare) {
        return rightShare > 0.99;
    }
}
