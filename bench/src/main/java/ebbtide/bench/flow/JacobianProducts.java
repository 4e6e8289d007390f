package ebbtide.bench.flow;

import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import java.util.Arrays;
import java.util.TreeSet;
import org.ejml.data.DMatrixRMaj;

/**
 * The products J(n) = ∂h_T/∂h_{T−n} of a recurrence, without ever forming a one-step Jacobian: a batch
 * of rows reads the same sequence, row i starts backward with the i-th unit vector as ∂L/∂h_T, and its
 * ∂L/∂h_{T−n} is row i of J(n). That holds for every cell; for an LSTM it is the part from h to h, for skip
 * connections the sum over all paths. Where H is large, {@link JacobianMap} takes the place of this.
 */
final class JacobianProducts {
    private static final int ROWS = 64;
    private static final int LAGS = 18;
    /** Unit round-off of float32. */
    private static final double ROUND_OFF = 0x1p-24;

    private JacobianProducts() {
    }

    /** Returns steps back to look at, dense at first, T − 1 the last. */
    static int[] lags(int steps) {
        TreeSet<Integer> lags = new TreeSet<>();
        for (int i = 0; i < LAGS; i++) {
            lags.add((int) Math.round(Math.pow(steps - 1.0, (double) i / (LAGS - 1))));
        }
        lags.removeIf(n -> n < 1 || n >= steps);
        return lags.stream().mapToInt(n -> n).toArray();
    }

    /** Returns J(n) for each n of {@code lags}. */
    static DMatrixRMaj[] of(
            Recurrence recurrence, int[] lags, Workers workers, Progress progress) {
        Rnn rnn = recurrence.rnn();
        int features = rnn.features();
        int steps = recurrence.steps();
        int rows = Math.min(ROWS, features);
        DMatrixRMaj[] products = new DMatrixRMaj[lags.length];
        Arrays.setAll(products, n -> new DMatrixRMaj(features, features));
        Plan plan = rnn.planner(steps, rows).workers(workers).keepAdjoints().build();
        Inputs copies = recurrence.inputs().repeat(0, rows);
        Tensor seed = Tensor.zeros(1, rows, features);
        for (int from = 0; from < features; from += rows) {
            progress.at((double) from / features, "Jacobian products");
            int count = Math.min(rows, features - from);
            Arrays.fill(seed.data(), 0f);
            for (int r = 0; r < count; r++) {
                seed.data()[seed.index(0, r) + from + r] = 1f;
            }
            copies.forward(plan, null, null, null);
            plan.backward(null, seed, null, null, null);
            Tensor adjoint = plan.adjoint(0);
            for (int n = 0; n < lags.length; n++) {
                for (int r = 0; r < count; r++) {
                    for (int i = 0; i < features; i++) {
                        products[n].set(from + r, i, adjoint.at(steps - 1 - lags[n], r, i));
                    }
                }
            }
        }
        return products;
    }

    /** Returns the singular values of each product, the largest first; see {@link #hideRounding}. */
    static double[][] singularValues(DMatrixRMaj[] products, Progress progress) {
        double[][] values = new double[products.length][];
        for (int n = 0; n < values.length; n++) {
            progress.at((double) n / values.length, "singular values of the Jacobian products");
            values[n] = Matrices.singularValues(products[n]);
            hideRounding(values[n], values[n].length);
        }
        return values;
    }

    /** Makes singular values NaN that float32 cannot tell from rounding of the largest, H·2⁻²⁴·σ₁. */
    static void hideRounding(double[] values, int hidden) {
        double floor = values[0] * ROUND_OFF * hidden;
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] >= floor ? values[i] : Double.NaN;
        }
    }
}
