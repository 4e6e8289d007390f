package ebbtide.bench.validate;

import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;

/** Where a NaN came in: the first time step, layer and tensor that hold one. */
record FirstNaN(String tensor, int step, int layer) {

    /**
     * Looks for it after a forward pass: in the inputs, then in the states step by step.
     *
     * @return null where there is none
     */
    static FirstNaN of(Plan plan, Rnn rnn, Tensor x) {
        for (int t = 0; t < plan.steps(); t++) {
            if (hasNaN(x, t)) {
                return new FirstNaN("x", t, 0);
            }
            int layer = inStates(plan, rnn, t + 1);
            if (layer >= 0) {
                return new FirstNaN("h", t, layer);
            }
        }
        return null;
    }

    private static int inStates(Plan plan, Rnn rnn, int slot) {
        Tensor h = Tensor.zeros(rnn.states(), plan.batch(), rnn.features());
        plan.state(slot, h);
        for (int layer = 0; layer < h.steps(); layer++) {
            if (hasNaN(h, layer)) {
                return layer;
            }
        }
        return -1;
    }

    private static boolean hasNaN(Tensor tensor, int step) {
        for (int row = 0; row < tensor.rows(); row++) {
            for (int f = 0; f < tensor.features(); f++) {
                if (Float.isNaN(tensor.at(step, row, f))) {
                    return true;
                }
            }
        }
        return false;
    }
}
