package ebbtide.bench.flow;

import ebbtide.engine.Plan;
import ebbtide.engine.Tensor;
import ebbtide.engine.Tokens;
import java.util.Arrays;

/**
 * What a network reads: floats [T, B, I] or tokens [T, B].
 *
 * @param x floats, or null
 * @param tokens tokens, or null
 */
record Inputs(Tensor x, Tokens tokens) {
    static Inputs of(Tensor x) {
        return new Inputs(x, null);
    }

    static Inputs of(Tokens tokens) {
        return new Inputs(null, tokens);
    }

    int steps() {
        return x != null ? x.steps() : tokens.steps();
    }

    int rows() {
        return x != null ? x.rows() : tokens.rows();
    }

    /** Runs {@code plan} over this; {@code y} receives the outputs, or is null. */
    void forward(Plan plan, Tensor h0, Tensor c0, Tensor y) {
        if (x != null) {
            plan.forward(x, h0, c0, y, null, null);
        } else {
            plan.forward(tokens, h0, c0, y, null, null);
        }
    }

    /** Returns what the first row reads at step {@code t}; a token is itself, as a one-hot vector. */
    double[] row(int t, int inputs) {
        double[] row = new double[inputs];
        if (x == null) {
            row[tokens.at(t, 0)] = 1;
        } else {
            Arrays.setAll(row, i -> x.at(t, 0, i));
        }
        return row;
    }

    /** Returns a copy of one sequence with its last step first. */
    Inputs reversed() {
        if (x == null) {
            int[] turned = new int[steps()];
            Arrays.setAll(turned, t -> tokens.at(turned.length - 1 - t, 0));
            return of(Tokens.of(turned, turned.length, 1));
        }
        Tensor turned = Tensor.zeros(steps(), 1, x.features());
        for (int t = 0; t < steps(); t++) {
            System.arraycopy(
                    x.data(), x.index(steps() - 1 - t, 0), turned.data(), turned.index(t, 0),
                    x.features());
        }
        return of(turned);
    }

    /** Returns {@code copies} times the sequence of {@code row}. */
    Inputs repeat(int row, int copies) {
        if (x != null) {
            Tensor all = Tensor.zeros(steps(), copies, x.features());
            for (int t = 0; t < steps(); t++) {
                for (int r = 0; r < copies; r++) {
                    System.arraycopy(
                            x.data(), x.index(t, row), all.data(), all.index(t, r), x.features());
                }
            }
            return of(all);
        }
        int[] all = new int[steps() * copies];
        for (int i = 0; i < all.length; i++) {
            all[i] = tokens.at(i / copies, row);
        }
        return of(Tokens.of(all, steps(), copies));
    }

    /** Returns a view of step {@code t} alone. */
    Inputs step(int t) {
        return x != null
                ? of(new Tensor(
                        x.data(), x.index(t, 0), 1, x.rows(), x.features(), x.stepStride(),
                        x.rowStride()))
                : of(new Tokens(
                        tokens.data(), tokens.index(t, 0), 1, tokens.rows(), tokens.stepStride()));
    }
}
