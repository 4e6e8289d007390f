package ebbtide.bench.flow;

import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * The leading Lyapunov exponents of one layer along one sequence, the growth rates of the products of
 * its Jacobians: k orthonormal directions Q go back a step, Z = J_tᵀ·Q, and are made orthonormal again,
 * Z = Q·R; the exponents are the means of ln |R_ii|. The engine computes Z, so any cell will do, whatever
 * its size: k rows of a batch start backward with the columns of Q. Where the cell has a second state c,
 * the directions live in (h, c). Skip connections see more than one step back: not for them.
 *
 * <p>Backwards, as the gradient goes: the spectrum of the transposed product is the same. The first
 * fifth of the steps only turns the directions. Source: G. Benettin, L. Galgani, A. Giorgilli, J.
 * Strelcyn, Meccanica 15, 1980; for recurrent networks R. Vogt et al., "On Lyapunov exponents for RNNs",
 * Frontiers in Applied Mathematics and Statistics 8, 2022.
 */
final class Lyapunov {
    private static final long STREAM = 8;
    private static final int TURNING = 5;

    private final Rnn rnn;
    private final int layer;
    private final int count;
    private final Plan whole;
    private final Plan step;
    private final Inputs copies;
    private final Tensor[] one;
    private final Tensor[] many;
    private final Tensor[] gradient;
    private final Tensor[] result;

    private Lyapunov(Rnn rnn, Inputs inputs, int layer, int count, Workers workers) {
        this.rnn = rnn;
        this.layer = layer;
        this.count = count;
        whole = rnn.plan(inputs.steps(), 1);
        inputs.forward(whole, null, null);
        step = rnn.planner(1, count).workers(workers).build();
        copies = inputs.repeat(0, count);
        one = states(1);
        many = states(count);
        gradient = states(count);
        result = states(count);
    }

    private Tensor[] states(int rows) {
        Tensor h = Tensor.zeros(rnn.layers(), rows, rnn.hidden());
        Tensor c = rnn.hasCellState() ? Tensor.zeros(rnn.layers(), rows, rnn.hidden()) : null;
        return new Tensor[] {h, c};
    }

    /** Returns the {@code count} largest exponents per step, along the one sequence of the inputs. */
    static double[] of(
            Rnn rnn,
            Inputs inputs,
            int layer,
            int count,
            long seed,
            Workers workers,
            Progress progress) {
        int parts = rnn.hasCellState() ? 2 : 1;
        int directions = Math.min(count, parts * rnn.hidden());
        Lyapunov run = new Lyapunov(rnn, inputs, layer, directions, workers);
        DMatrixRMaj q = Matrices.orthonormal(
                parts * rnn.hidden(), directions, Generator.of(seed, STREAM));
        double[] sums = new double[directions];
        int steps = inputs.steps();
        int turning = steps / TURNING;
        for (int t = steps - 1; t >= 0; t--) {
            progress.at(1 - (double) t / steps, "Lyapunov spectrum");
            run.back(t, q);
            double[] growth = Matrices.orthonormalise(q);
            for (int i = 0; t < steps - turning && i < directions; i++) {
                sums[i] += Math.log(growth[i]);
            }
        }
        double[] exponents = Arrays.stream(sums).map(s -> -s / (steps - turning)).sorted()
                .map(s -> -s).toArray();
        return exponents;
    }

    /** q ← J_tᵀ·q. */
    private void back(int t, DMatrixRMaj q) {
        whole.state(t, one[0], one[1]);
        for (int part = 0; part < 2; part++) {
            for (int row = 0; many[part] != null && row < count; row++) {
                for (int l = 0; l < rnn.layers(); l++) {
                    System.arraycopy(
                            one[part].data(), one[part].index(l, 0), many[part].data(),
                            many[part].index(l, row), rnn.hidden());
                }
                for (int i = 0; i < rnn.hidden(); i++) {
                    gradient[part].data()[gradient[part].index(layer, row) + i] =
                            (float) q.get(part * rnn.hidden() + i, row);
                }
            }
        }
        copies.step(t).forward(step, many[0], many[1]);
        step.backward(null, gradient[0], gradient[1], null, result[0], result[1], null);
        for (int part = 0; part < 2; part++) {
            for (int row = 0; result[part] != null && row < count; row++) {
                for (int i = 0; i < rnn.hidden(); i++) {
                    q.set(part * rnn.hidden() + i, row, result[part].at(layer, row, i));
                }
            }
        }
    }
}
