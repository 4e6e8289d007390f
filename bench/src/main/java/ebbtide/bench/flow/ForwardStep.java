package ebbtide.bench.flow;

import ebbtide.engine.Rnn;
import ebbtide.engine.Workers;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * Products with J_t = ∂s_t/∂s_{t−1} for the whole state s, each cell's step differentiated as its
 * equations stand: the matrices by the engine, what is unit by unit in double. {@link BackStep} is the
 * transposed, by other code.
 */
final class ForwardStep {
    private final Recurrence recurrence;
    private final Rnn rnn;
    private final StateBlock[] states;
    private final Gates[] gates;
    private final double[] rates;
    private final int hidden;
    private final int features;
    /** U and the matrices of skip connections. */
    private final MatrixProduct[] recurrent;
    private final MatrixProduct projection;

    ForwardStep(Recurrence recurrence, StateBlock[] states, int directions, Workers workers) {
        this.recurrence = recurrence;
        this.states = states;
        rnn = recurrence.rnn();
        hidden = rnn.hidden();
        features = rnn.features();
        gates = recurrence.kind().gated() ? Gates.of(recurrence, states) : null;
        rates = recurrence.rates();
        List<Integer> delays = recurrence.kind().delays();
        recurrent = new MatrixProduct[delays.size()];
        for (int i = 0; i < recurrent.length; i++) {
            String name = i == 0
                    ? "weight_hh_l0"
                    : "weight_skip" + (i == 1 ? "" : Integer.toString(i)) + "_l0";
            recurrent[i] = new MatrixProduct(
                    rnn.parameters().read(name), features, directions, workers);
        }
        projection = rnn.parameters().layout().has("weight_hr_l0")
                ? new MatrixProduct(
                        rnn.parameters().read("weight_hr_l0"), hidden, directions, workers)
                : null;
    }

    /** v ← J_t·v, t from 1, v with a direction in each column. */
    void apply(int t, DMatrixRMaj v) {
        DMatrixRMaj z = recurrent[0].times(v, 0);
        switch (recurrence.kind().name()) {
            case "lstm" -> lstm(gates[t - 1], states[t - 1], states[t], z, v);
            case "gru" -> gru(gates[t - 1], states[t - 1], z, v);
            case "gru-reset-first" -> resetFirst(gates[t - 1], states[t - 1], z, v);
            default -> plain(t, z, v);
        }
    }

    private void plain(int t, DMatrixRMaj z, DMatrixRMaj v) {
        for (int k = 1; k < recurrent.length; k++) {
            DMatrixRMaj more =
                    recurrent[k].times(v, (recurrence.kind().delays().get(k) - 1) * features);
            for (int i = 0; i < z.data.length; i++) {
                z.data[i] += more.data[i];
            }
        }
        for (int d = 0; d < v.numCols; d++) {
            for (int i = v.numRows - 1; i >= hidden; i--) {
                v.set(i, d, v.get(i - hidden, d));
            }
            for (int i = 0; i < hidden; i++) {
                double slope =
                        Saturation.slope(recurrence, rates[i], states[t - 1], states[t], i);
                double kept = recurrence.kind().adds() ? 1 : 1 - rates[i];
                v.set(i, d, kept * v.get(i, d) + rates[i] * slope * z.get(i, d));
            }
        }
    }

    private void lstm(
            Gates gate, StateBlock before, StateBlock after, DMatrixRMaj z, DMatrixRMaj v) {
        double[][] a = gate.values();
        double[][] s = gate.slopes();
        float[] in = peephole("weight_ci_l0");
        float[] forget = peephole("weight_cf_l0");
        float[] out = peephole("weight_co_l0");
        DMatrixRMaj outputs = new DMatrixRMaj(hidden, v.numCols);
        for (int d = 0; d < v.numCols; d++) {
            for (int i = 0; i < hidden; i++) {
                double c = v.get(features + i, d);
                double next = a[1][i] * c
                        + before.c().at(0, 0, i) * s[1][i]
                                * (z.get(hidden + i, d) + forget[i] * c)
                        + a[2][i] * s[0][i] * (z.get(i, d) + in[i] * c)
                        + a[0][i] * s[2][i] * z.get(2 * hidden + i, d);
                double tanh = Math.tanh(after.c().at(0, 0, i));
                outputs.set(
                        i, d,
                        a[3][i] * (1 - tanh * tanh) * next
                                + tanh * s[3][i] * (z.get(3 * hidden + i, d) + out[i] * next));
                v.set(features + i, d, next);
            }
        }
        DMatrixRMaj h = projection == null ? outputs : projection.times(outputs, 0);
        System.arraycopy(h.data, 0, v.data, 0, h.data.length);
    }

    private float[] peephole(String name) {
        return rnn.parameters().layout().has(name)
                ? rnn.parameters().read(name)
                : new float[hidden];
    }

    private void gru(Gates gate, StateBlock before, DMatrixRMaj z, DMatrixRMaj v) {
        for (int d = 0; d < v.numCols; d++) {
            for (int i = 0; i < hidden; i++) {
                double candidate = gate.slopes()[0][i] * z.get(i, d) * gate.product()[i]
                        + gate.values()[0][i] * z.get(2 * hidden + i, d);
                v.set(i, d, mixed(gate, before, z, v, i, d, candidate));
            }
        }
    }

    private void resetFirst(Gates gate, StateBlock before, DMatrixRMaj z, DMatrixRMaj v) {
        DMatrixRMaj kept = new DMatrixRMaj(hidden, v.numCols);
        for (int d = 0; d < v.numCols; d++) {
            for (int i = 0; i < hidden; i++) {
                kept.set(
                        i, d,
                        gate.slopes()[0][i] * z.get(i, d) * before.get(0, i)
                                + gate.values()[0][i] * v.get(i, d));
            }
        }
        DMatrixRMaj candidates = recurrent[0].times(kept, 0);
        for (int d = 0; d < v.numCols; d++) {
            for (int i = 0; i < hidden; i++) {
                v.set(
                        i, d,
                        mixed(gate, before, z, v, i, d, candidates.get(2 * hidden + i, d)));
            }
        }
    }

    /** h_t = (1 − z)·n + z·h_{t−1}; {@code candidate} is how n's argument moves. */
    private double mixed(
            Gates gate,
            StateBlock before,
            DMatrixRMaj z,
            DMatrixRMaj v,
            int i,
            int d,
            double candidate) {
        double update = gate.values()[1][i];
        return update * v.get(i, d)
                + (1 - update) * gate.slopes()[2][i] * candidate
                + gate.slopes()[1][i] * z.get(hidden + i, d)
                        * (before.get(0, i) - gate.values()[2][i]);
    }
}
