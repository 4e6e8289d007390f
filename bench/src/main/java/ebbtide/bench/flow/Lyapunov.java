package ebbtide.bench.flow;

import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * The leading Lyapunov exponents of a recurrence, the growth rates of the products of its Jacobians: k
 * orthonormal directions Q go back a step, Z = J_tᵀ·Q, and are made orthonormal again, Z = Q·R; the
 * exponents are the means of ln |R_ii|. The engine computes Z, so any cell will do, whatever its size. The
 * directions live in the whole state: (h, c) where there are cell states, and with skip connections the
 * states of all delays, whose step is the companion form of the recurrence.
 *
 * <p>Backwards, as the gradient goes: the spectrum of the transposed product is the same. The first
 * fifth of the steps only turns the directions. Source: G. Benettin, L. Galgani, A. Giorgilli, J.
 * Strelcyn, Meccanica 15, 1980; for recurrent networks R. Vogt et al., "On Lyapunov exponents for RNNs",
 * Frontiers in Applied Mathematics and Statistics 8, 2022.
 */
final class Lyapunov {
    private static final long STREAM = 8;
    private static final int TURNING = 5;

    private Lyapunov() {
    }

    /** Returns the {@code count} largest exponents per step. */
    static double[] of(
            Recurrence recurrence, int count, long seed, Workers workers, Progress progress) {
        int size = StateBlock.size(recurrence.rnn());
        int directions = Math.min(count, size);
        BackStep step = new BackStep(recurrence, recurrence.states(), directions, workers);
        DMatrixRMaj q = Matrices.orthonormal(size, directions, Generator.of(seed, STREAM));
        double[] sums = new double[directions];
        int steps = recurrence.steps();
        int turning = steps / TURNING;
        for (int t = steps; t > 0; t--) {
            progress.at(1 - (double) t / steps, "Lyapunov spectrum");
            step.apply(t, q);
            double[] growth = Matrices.orthonormalise(q);
            for (int i = 0; t <= steps - turning && i < directions; i++) {
                sums[i] += Math.log(growth[i]);
            }
        }
        return Arrays.stream(sums).map(s -> -s / (steps - turning)).sorted().map(s -> -s)
                .toArray();
    }
}
