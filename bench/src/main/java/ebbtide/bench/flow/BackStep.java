package ebbtide.bench.flow;

import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Workers;
import org.ejml.data.DMatrixRMaj;

/**
 * Products with J_tᵀ, J_t = ∂s_t/∂s_{t−1} for the whole state s: the engine goes back over one step from
 * a batch of directions.
 */
final class BackStep {
    private final StateBlock[] states;
    private final Inputs copies;
    private final Plan step;
    private final int directions;
    private final StateBlock before;
    private final StateBlock gradient;
    private final StateBlock result;

    BackStep(Recurrence recurrence, StateBlock[] states, int directions, Workers workers) {
        Rnn rnn = recurrence.rnn();
        this.states = states;
        this.directions = directions;
        copies = recurrence.inputs().repeat(0, directions);
        step = rnn.planner(1, directions).workers(workers).build();
        before = StateBlock.of(rnn, directions);
        gradient = StateBlock.of(rnn, directions);
        result = StateBlock.of(rnn, directions);
    }

    /** q ← J_tᵀ·q, t from 1, q with a direction in each column. */
    void apply(int t, DMatrixRMaj q) {
        before.fill(states[t - 1]);
        for (int row = 0; row < directions; row++) {
            for (int i = 0; i < q.numRows; i++) {
                gradient.set(row, i, q.get(i, row));
            }
        }
        copies.step(t - 1).forward(step, before.h(), before.c(), null);
        step.backward(
                null, gradient.h(), gradient.c(), null, result.h(), result.c(), null);
        for (int row = 0; row < directions; row++) {
            for (int i = 0; i < q.numRows; i++) {
                q.set(i, row, result.get(row, i));
            }
        }
    }
}
