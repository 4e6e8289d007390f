package ebbtide.bench.flow;

import ebbtide.engine.Excerpt;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One layer in one direction along one sequence, as a network of its own: it reads what the layer reads,
 * in the direction's order, so that step t follows step t − 1 whichever way it goes.
 *
 * @param layer its number, from 0
 * @param reverse whether it reads the sequence from its end
 * @param rnn one layer, reading forward
 * @param kind its cells
 * @param inputs one sequence
 * @param crossed whether its gradient comes through two directions of a layer above, and so enters at
 *     every step
 */
record Recurrence(
        int layer, boolean reverse, Rnn rnn, CellKind kind, Inputs inputs, boolean crossed) {
    /** Returns a network of one layer that reads forward. */
    static Recurrence of(Rnn rnn, CellKind kind, Inputs inputs) {
        return new Recurrence(0, false, rnn, kind, inputs, false);
    }

    /** Returns all recurrences of a network along its first sequence, in the order of h0. */
    static List<Recurrence> all(Subject subject) {
        Rnn rnn = subject.rnn();
        Inputs inputs = subject.inputs().repeat(0, 1);
        int directions = rnn.directions().count();
        List<Recurrence> all = new ArrayList<>();
        for (int layer = 0; layer < rnn.layers(); layer++) {
            Inputs read = layer == 0 ? inputs : outputs(Excerpt.bottom(rnn, layer), inputs);
            for (int direction = 0; direction < directions; direction++) {
                all.add(
                        new Recurrence(
                                layer, direction == 1,
                                Excerpt.recurrence(rnn, layer, direction), subject.kind(),
                                direction == 1 ? read.reversed() : read,
                                directions == 2 && layer + 1 < rnn.layers()));
            }
        }
        return all;
    }

    private static Inputs outputs(Rnn rnn, Inputs inputs) {
        Plan plan = rnn.plan(inputs.steps(), 1);
        Tensor y = Tensor.zeros(inputs.steps(), 1, rnn.outputs());
        inputs.forward(plan, null, null, y);
        return Inputs.of(y);
    }

    /** Returns T. */
    int steps() {
        return inputs.steps();
    }

    /** Returns the states s_0 to s_T. */
    StateBlock[] states() {
        Plan plan = rnn.plan(steps(), 1);
        inputs.forward(plan, null, null, null);
        StateBlock[] states = new StateBlock[steps() + 1];
        for (int t = 0; t < states.length; t++) {
            states[t] = StateBlock.of(rnn, 1);
            plan.state(t, states[t].h(), states[t].c());
        }
        return states;
    }

    /** Returns the share α of its state that each unit renews. */
    double[] rates() {
        double[] rates = new double[rnn.hidden()];
        Arrays.fill(rates, kind.leak());
        if (rnn.parameters().layout().has("leak_l0")) {
            float[] rho = rnn.parameters().read("leak_l0");
            Arrays.setAll(rates, i -> 1 / (1 + Math.exp(-rho[i])));
        }
        return rates;
    }

    /**
     * Returns the theorem's bound on the factor of a step, or NaN.
     *
     * @param largest σ₁(U), or the sum over all delays
     */
    double bound(double largest) {
        double[] rates = rates();
        double kept = kind.adds() ? 1 : 1 - Arrays.stream(rates).min().orElseThrow();
        return kept + Arrays.stream(rates).max().orElseThrow() * kind.slope() * largest;
    }
}
