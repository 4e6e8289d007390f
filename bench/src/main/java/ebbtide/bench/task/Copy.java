package ebbtide.bench.task;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Draws;
import ebbtide.bench.data.Objective;
import ebbtide.bench.data.Outputs;
import ebbtide.bench.data.Window;

/**
 * The copying memory problem. Source: M. Arjovsky, A. Shah, Y. Bengio, "Unitary evolution recurrent
 * neural networks", ICML 2016, section 5.1.
 *
 * <p>Symbols a₀ … a₇ carry data, a₈ is blank, a₉ is the delimiter. An input has T + 20 symbols: ten
 * drawn uniformly from a₀ … a₇, then T − 1 blanks, the delimiter, and ten blanks. The output has T + 10
 * blanks followed by the ten drawn symbols. The loss is the mean cross-entropy over all T + 20 steps; a
 * network without memory reaches 10·ln 8 / (T + 20) by answering blanks, then guessing.
 *
 * <p>The paper compares losses with that baseline and states no threshold. Here the task is solved when
 * fewer than 1 % of the symbols to recall are wrong in 1,000 fresh sequences.
 */
final class Copy implements Task {
    private static final int DATA = 8;
    private static final int BLANK = 8;
    private static final int DELIMITER = 9;
    private static final int RECALLED = 10;

    private final int blanks;

    Copy(int blanks) {
        if (blanks < 1) {
            throw new BadInput(
                    "--length: expected at least 1 for the copying problem, got %d; raise it",
                    blanks);
        }
        this.blanks = blanks;
    }

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public int steps() {
        return blanks + 2 * RECALLED;
    }

    @Override
    public boolean tokens() {
        return true;
    }

    @Override
    public int inputs() {
        return DELIMITER + 1;
    }

    @Override
    public int outputs() {
        return DELIMITER + 1;
    }

    @Override
    public Objective objective() {
        return Objective.CROSS_ENTROPY;
    }

    @Override
    public void draw(Draws draws, Window window, int b) {
        int batch = window.batch;
        for (int t = 0; t < steps(); t++) {
            window.tokens[t * batch + b] = BLANK;
            window.classes[t * batch + b] = BLANK;
            window.mask[t * batch + b] = 1f;
        }
        for (int i = 0; i < RECALLED; i++) {
            int symbol = draws.below(DATA);
            window.tokens[i * batch + b] = symbol;
            window.classes[(steps() - RECALLED + i) * batch + b] = symbol;
        }
        window.tokens[(RECALLED + blanks - 1) * batch + b] = DELIMITER;
    }

    @Override
    public int answers() {
        return RECALLED;
    }

    @Override
    public int right(Window window, int b, Outputs outputs) {
        int right = 0;
        for (int t = steps() - RECALLED; t < steps(); t++) {
            int row = t * window.batch + b;
            right += outputs.largest(row) == window.classes[row] ? 1 : 0;
        }
        return right;
    }

    @Override
    public double baseline() {
        return RECALLED * Math.log(DATA) / steps();
    }

    @Override
    public int testSequences() {
        return 1000;
    }

    @Override
    public String criterion() {
        return "fewer than 1 % of the symbols to recall wrong in 1000 test sequences";
    }

    @Override
    public boolean solved(double rightShare) {
        return rightShare > 0.99;
    }
}
