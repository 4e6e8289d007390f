package ebbtide.bench.flow;

import ebbtide.engine.Workers;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * J(n) = ∂h_T/∂h_{T−n} as a map, by products with the Jacobians of one step: nothing of size H² is formed.
 * Columns are scaled to a norm of 1 at every step, so that none underflows on the way.
 */
final class JacobianMap implements LinearMap {
    /** Products with J a lag; with blocks of 8 columns a space of 48 directions. */
    private static final int ROUNDS = 6;

    private final ForwardStep forward;
    private final BackStep back;
    private final int size;
    private final int features;
    private final int last;
    private final int lag;

    private JacobianMap(
            ForwardStep forward, BackStep back, int size, int features, int last, int lag) {
        this.forward = forward;
        this.back = back;
        this.size = size;
        this.features = features;
        this.last = last;
        this.lag = lag;
    }

    /** Returns the leading singular values of J(n) for each n of {@code lags}. */
    static double[][] leadingValues(
            Recurrence recurrence, int[] lags, Workers workers, Progress progress) {
        StateBlock[] states = recurrence.states();
        int features = recurrence.rnn().features();
        int columns = Math.min(LeadingValues.BLOCK, features);
        ForwardStep forward = new ForwardStep(recurrence, states, columns, workers);
        BackStep back = new BackStep(recurrence, states, columns, workers);
        double[][] values = new double[lags.length][];
        double all = Arrays.stream(lags).sum();
        double done = 0;
        for (int n = 0; n < lags.length; n++) {
            progress.at(done / all, "leading singular values of the Jacobian products");
            values[n] = LeadingValues.of(
                    new JacobianMap(
                            forward, back, StateBlock.size(recurrence.rnn()), features,
                            recurrence.steps(), lags[n]),
                    features, ROUNDS);
            JacobianProducts.hideRounding(values[n], features);
            done += lags[n];
        }
        return values;
    }

    @Override
    public DMatrixRMaj times(DMatrixRMaj v) {
        return along(v, (t, s) -> forward.apply(last - lag + 1 + t, s));
    }

    @Override
    public DMatrixRMaj transposedTimes(DMatrixRMaj v) {
        return along(v, (t, s) -> back.apply(last - t, s));
    }

    /** One step of {@link #lag}. */
    private interface Step {
        void apply(int i, DMatrixRMaj s);
    }

    /** Takes directions of h through the steps as directions of whole states. */
    private DMatrixRMaj along(DMatrixRMaj v, Step step) {
        DMatrixRMaj s = new DMatrixRMaj(size, v.numCols);
        System.arraycopy(v.data, 0, s.data, 0, v.data.length);
        double[] norms = new double[v.numCols];
        Arrays.fill(norms, 1);
        for (int i = 0; i < lag; i++) {
            step.apply(i, s);
            for (int d = 0; d < norms.length; d++) {
                norms[d] *= normalise(s, d);
            }
        }
        DMatrixRMaj h = new DMatrixRMaj(features, v.numCols);
        for (int i = 0; i < features; i++) {
            for (int d = 0; d < norms.length; d++) {
                h.set(i, d, s.get(i, d) * norms[d]);
            }
        }
        return h;
    }

    /** Scales a column to a norm of 1; returns the norm it had. */
    private static double normalise(DMatrixRMaj s, int column) {
        double squares = 0;
        for (int i = 0; i < s.numRows; i++) {
            squares += s.get(i, column) * s.get(i, column);
        }
        double norm = Math.sqrt(squares);
        for (int i = 0; norm > 0 && i < s.numRows; i++) {
            s.set(i, column, s.get(i, column) / norm);
        }
        return norm;
    }
}
