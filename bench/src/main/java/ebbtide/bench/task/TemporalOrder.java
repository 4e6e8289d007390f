package ebbtide.bench.task;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Draws;
import ebbtide.bench.data.Objective;
import ebbtide.bench.data.Outputs;
import ebbtide.bench.data.Window;

/**
 * The temporal order problem. Sources: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training
 * recurrent neural networks", ICML 2013, section 4.1, after Hochreiter and Schmidhuber 1997, experiment
 * 6a; places as in the authors' program (github.com/pascanur/trainingRNNs, tempOrder.py).
 *
 * <p>A sequence of T symbols holds A or B at one random place in [T/10, 2T/10), A or B at one in
 * [5T/10, 6T/10), and distractors drawn uniformly from c, d, e, f elsewhere. After the last symbol the
 * network is to name the class AA, BA, AB or BB, by softmax.
 *
 * <p>The task is solved when fewer than 1 % of 10,000 fresh sequences are classified wrongly.
 */
final class TemporalOrder implements Task {
    private static final int SYMBOLS = 6;
    private static final int CLASSES = 4;

    private final int length;

    TemporalOrder(int length) {
        if (length < 10) {
            throw new BadInput(
                    "--length: expected at least 10 for temporal order, got %d; raise it", length);
        }
        this.length = length;
    }

    @Override
    public String name() {
        return "temporal-order";
    }

    @Override
    public int steps() {
        return length;
    }

    @Override
    public boolean tokens() {
        return true;
    }

    @Override
    public int inputs() {
        return SYMBOLS;
    }

    @Override
    public int outputs() {
        return CLASSES;
    }

    @Override
    public Objective objective() {
        return Objective.CROSS_ENTROPY;
    }

    @Override
    public void draw(Draws draws, Window window, int b) {
        int batch = window.batch;
        for (int t = 0; t < length; t++) {
            window.tokens[t * batch + b] = 2 + draws.below(SYMBOLS - 2);
        }
        int tenth = length / 10;
        int first = draws.below(2);
        int second = draws.below(2);
        window.tokens[(tenth + draws.below(tenth)) * batch + b] = first;
        window.tokens[(length / 2 + draws.below(tenth)) * batch + b] = second;
        int last = (length - 1) * batch + b;
        window.classes[last] = first + 2 * second;
        window.mask[last] = 1f;
    }

    @Override
    public int answers() {
        return 1;
    }

    @Override
    public int right(Window window, int b, Outputs outputs) {
        int last = (length - 1) * window.batch + b;
        return outputs.largest(last) == window.classes[last] ? 1 : 0;
    }

    /** Returns ln 4: all classes equally likely. */
    @Override
    public double baseline() {
        return Math.log(CLASSES);
    }

    @Override
    public int testSequences() {
        return 10_000;
    }

    @Override
    public String criterion() {
        return "fewer than 1 % of 10000 test sequences wrong";
    }

    @Override
    public boolean solved(double rightShare) {
        return rightShare > 0.99;
    }
}
