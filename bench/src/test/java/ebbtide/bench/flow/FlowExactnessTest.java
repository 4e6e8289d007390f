package ebbtide.bench.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.RnnBuilder;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.init.Initializers;
import ebbtide.engine.random.Generator;
import java.util.Arrays;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every quantity against one computed in another way, in double, on small networks. */
class FlowExactnessTest {
    private static final Progress SILENT = (share, doing) -> {
    };
    private static final int T = 7;
    private static final int H = 5;
    private static final int I = 3;

    private static RnnBuilder builder(String cell, int inputs, int hidden) {
        return switch (cell) {
            case "lstm" -> Rnn.lstm(inputs, hidden);
            case "gru" -> Rnn.gru(inputs, hidden);
            default -> Rnn.elman(
                    ebbtide.kernels.Activation.valueOf(cell.toUpperCase()), inputs, hidden);
        };
    }

    private static Subject subject(String cell, int steps, int batch) {
        Rnn rnn = builder(cell, I, H).recurrentInitializer(Initializers.uniform(0.9)).build(3);
        return Subject.noise(rnn, CellKind.of(cell), steps, batch, 1, 4);
    }

    private static Recurrence first(Subject subject) {
        return Recurrence.all(subject).getFirst();
    }

    /** States h_0 to h_T of sequence b in double, and the Jacobians ∂h_t/∂h_{t−1}. */
    private static DMatrixRMaj[] jacobians(Subject subject, int b) {
        Rnn rnn = subject.rnn();
        CellKind kind = subject.kind();
        float[] w = rnn.parameters().read("weight_ih_l0");
        float[] u = rnn.parameters().read("weight_hh_l0");
        float[] bi = rnn.parameters().read("bias_ih_l0");
        float[] bh = rnn.parameters().read("bias_hh_l0");
        double[] h = new double[H];
        DMatrixRMaj[] all = new DMatrixRMaj[subject.steps()];
        for (int t = 0; t < all.length; t++) {
            double[] next = new double[H];
            all[t] = new DMatrixRMaj(H, H);
            for (int i = 0; i < H; i++) {
                double z = bi[i] + bh[i];
                for (int j = 0; j < I; j++) {
                    z += w[i * I + j] * subject.inputs().x().at(t, b, j);
                }
                for (int j = 0; j < H; j++) {
                    z += u[i * H + j] * h[j];
                }
                double slope;
                switch (kind.name()) {
                    case "tanh" -> {
                        next[i] = Math.tanh(z);
                        slope = 1 / Math.pow(Math.cosh(z), 2);
                    }
                    case "sigmoid" -> {
                        next[i] = 1 / (1 + Math.exp(-z));
                        slope = Math.exp(-z) / Math.pow(1 + Math.exp(-z), 2);
                    }
                    case "relu" -> {
                        next[i] = Math.max(z, 0);
                        slope = z > 0 ? 1 : 0;
                    }
                    default -> {
                        next[i] = z;
                        slope = 1;
                    }
                }
                for (int j = 0; j < H; j++) {
                    all[t].set(i, j, slope * u[i * H + j]);
                }
            }
            h = next;
        }
        return all;
    }

    private static void assertClose(double expected, double actual, double scale, String what) {
        assertTrue(
                Math.abs(expected - actual) <= 2e-5 * scale,
                "%s: expected %s, got %s".formatted(what, expected, actual));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tanh", "sigmoid", "relu", "identity"})
    void curveAndProductsAreThoseOfExplicitJacobians(String cell) {
        Subject subject = subject(cell, T, 3);
        double[][] norms = subject.norms(Workers.single())[0];
        for (int b = 0; b < 3; b++) {
            DMatrixRMaj[] jacobians = jacobians(subject, b);
            DMatrixRMaj product = CommonOps_DDRM.identity(H);
            for (int t = T - 1; t >= 0; t--) {
                double squares = 0;
                for (int j = 0; j < H; j++) {
                    double sum = 0;
                    for (int i = 0; i < H; i++) {
                        sum += subject.dhn().at(0, b, i) * product.get(i, j);
                    }
                    squares += sum * sum;
                }
                assertClose(Math.sqrt(squares), norms[t][b], norms[t][b], "norm at " + t);
                if (b == 0 && t < T - 1) {
                    DMatrixRMaj found = JacobianProducts.of(
                            first(subject), new int[] {T - 1 - t}, Workers.single(), SILENT)[0];
                    double scale = CommonOps_DDRM.elementMaxAbs(product);
                    for (int e = 0; e < H * H; e++) {
                        assertClose(product.data[e], found.data[e], scale, "product at " + t);
                    }
                }
                DMatrixRMaj longer = new DMatrixRMaj(H, H);
                CommonOps_DDRM.mult(product, jacobians[t], longer);
                product = longer;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lstm", "gru"})
    void productsOfGatedCellsAreFiniteDifferences(String cell) {
        Subject subject = subject(cell, T, 1);
        Rnn rnn = subject.rnn();
        int lag = 2;
        DMatrixRMaj found = JacobianProducts.of(
                first(subject), new int[] {lag}, Workers.single(), SILENT)[0];
        Plan whole = rnn.plan(T, 1);
        subject.inputs().forward(whole, null, null, null);
        Tensor h = Tensor.zeros(1, 1, H);
        Tensor c = rnn.hasCellState() ? Tensor.zeros(1, 1, H) : null;
        float by = 1e-2f;
        for (int j = 0; j < H; j++) {
            double[] difference = new double[H];
            for (int sign = -1; sign <= 1; sign += 2) {
                whole.state(T - lag, h, c);
                h.data()[j] += sign * by;
                Tensor state = Tensor.of(h.data().clone(), 1, 1, H);
                Tensor memory = c == null ? null : Tensor.of(c.data().clone(), 1, 1, H);
                Plan step = rnn.plan(1, 1);
                for (int t = T - lag; t < T; t++) {
                    subject.inputs().step(t).forward(step, state, memory, null);
                    step.state(1, state, memory);
                }
                for (int i = 0; i < H; i++) {
                    difference[i] += sign * state.data()[i] / (2.0 * by);
                }
            }
            for (int i = 0; i < H; i++) {
                assertEquals(difference[i], found.get(i, j), 2e-4, i + ", " + j);
            }
        }
    }

    /** Lyapunov exponents of h_t = U·h_{t−1} are the logs of |λ|. */
    @Test
    void exponentsOfALinearRecurrenceAreLogsOfEigenvalues() {
        double[] lambda = {1.1, -0.9, 0.6, 0.3, -0.05};
        DMatrixRMaj q = Matrices.orthonormal(H, H, Generator.of(5));
        Rnn rnn = Rnn.identity(1, H).build(0);
        float[] u = new float[H * H];
        for (int i = 0; i < H * H; i++) {
            for (int k = 0; k < H; k++) {
                u[i] += (float) (q.get(i / H, k) * lambda[k] * q.get(i % H, k));
            }
        }
        rnn.parameters().write("weight_hh_l0", u);
        Inputs nothing = Inputs.of(Tensor.zeros(300, 1, 1));
        Recurrence linear = Recurrence.of(rnn, CellKind.of("identity"), nothing);
        double[] found = Lyapunov.of(linear, H, 1, Workers.single(), SILENT);
        double[] expected = Arrays.stream(lambda).map(l -> Math.log(Math.abs(l))).toArray();
        assertArrayEquals(expected, found, 1e-4);
        // The leading part alone, with fewer directions, is the same.
        double[] two = Lyapunov.of(linear, 2, 1, Workers.single(), SILENT);
        assertArrayEquals(Arrays.copyOf(expected, 2), two, 1e-4);
        Recurrent matrix = Recurrent.of(linear, H, Workers.single(), SILENT).getFirst();
        assertEquals(1.1, matrix.radius(), 1e-6);
        assertEquals(1.1, matrix.largest(), 1e-6);
        assertEquals(0.05, matrix.singularValues()[H - 1], 1e-6);
        assertEquals(-0.9, matrix.eigenvalues()[1][0], 1e-6);
    }

    /** The exponents of all directions sum to the mean of ln |det J_t|. */
    @Test
    void exponentsSumToTheMeanLogarithmOfTheDeterminant() {
        Subject subject = subject("tanh", 50, 1);
        double[] found = Lyapunov.of(
                first(subject), H, 1, Workers.single(), SILENT);
        double sum = 0;
        DMatrixRMaj[] jacobians = jacobians(subject, 0);
        for (int t = 0; t < 40; t++) {
            sum += Math.log(Math.abs(CommonOps_DDRM.det(jacobians[t]))) / 40;
        }
        assertEquals(sum, Arrays.stream(found).sum(), 1e-4);
    }

    /** An LSTM whose gates are shut but for the forget gate keeps c by a constant factor. */
    @Test
    void exponentsOfAnLstmIncludeItsCells() {
        Rnn rnn = Rnn.lstm(1, 2).build(0);
        rnn.parameters().edit(flat -> Arrays.fill(flat, 0f));
        rnn.parameters().write(
                "bias_ih_l0", new float[] {-50, -50, (float) Math.log(3), 0, 0, 0, 0, 0});
        double[] found = Lyapunov.of(
                Recurrence.of(rnn, CellKind.of("lstm"), Inputs.of(Tensor.zeros(60, 1, 1))), 4, 1,
                Workers.single(), SILENT);
        assertEquals(Math.log(0.75), found[0], 1e-5);
        assertEquals(Math.log(0.5), found[1], 1e-5);
        assertTrue(found[2] < -10, "h does not last: " + found[2]);
    }

    @ParameterizedTest
    @CsvSource({"0.8, vanishes", "1, is carried", "1.3, explodes"})
    void aScalarRecurrenceInClosedForm(double u, String fate) {
        Rnn rnn = Rnn.identity(1, 1).build(0);
        rnn.parameters().write("weight_hh_l0", new float[] {(float) u});
        Subject subject = Subject.noise(rnn, CellKind.of("identity"), 31, 2, 1, 4);
        Curve curve = new Curve(subject.norms(Workers.single())[0]);
        assertEquals(Math.pow(u, 30), curve.mean(0), 1e-4 * Math.pow(u, 30));
        assertEquals(30 * Math.pow(u - 1, 2), curve.omega(), 1e-5);
        assertEquals(u, curve.rate(), 1e-6);
        LayerFlow flow =
                Analysis.of(subject, 1, Workers.single(), SILENT).layers().getFirst();
        assertEquals(u, flow.verdict().predicted(), 1e-6);
        assertEquals(Math.log(u), flow.exponents()[0], 1e-6);
        assertTrue(flow.verdict().words().contains("gradient " + fate), flow.verdict().words());
        assertTrue(flow.verdict().words().startsWith(u < 1 ? "Must" : "Can"));
        assertTrue(flow.verdict().withinBound());
    }

    /** States beyond float32: no figure, and no failure. */
    @Test
    void anOverflowingRecurrenceHasNoExponent() {
        Rnn rnn = Rnn.identity(1, 1).build(0);
        rnn.parameters().write("weight_hh_l0", new float[] {100});
        Subject subject = Subject.noise(rnn, CellKind.of("identity"), 40, 2, 1, 4);
        LayerFlow flow =
                Analysis.of(subject, 1, Workers.single(), SILENT).layers().getFirst();
        assertEquals("explodes", Verdict.fate(flow.curve().change()));
    }

    @Test
    void quantilesAreLinearBetweenNeighbours() {
        double[] values = {4, 1, 3, 2, 5};
        assertEquals(3, Curve.quantile(values, 0.5));
        assertEquals(1.2, Curve.quantile(values, 0.05), 1e-12);
        assertEquals(5, Curve.quantile(values, 1));
    }

    @Test
    void saturationCountsFlatSlopes() {
        Rnn tanh = Rnn.tanh(1, 4).build(0);
        tanh.parameters().edit(flat -> Arrays.fill(flat, 0f));
        // tanh(1.7) has a slope of 0.125, tanh(1.9) one of 0.085.
        tanh.parameters().write("bias_ih_l0", new float[] {1.7f, 1.9f, -1.9f, 0});
        Inputs nothing = Inputs.of(Tensor.zeros(3, 1, 1));
        assertEquals(
                Map.of("units", 0.5),
                Saturation.of(Recurrence.of(tanh, CellKind.of("tanh"), nothing)));
        Rnn lstm = Rnn.lstm(1, 2).build(0);
        lstm.parameters().edit(flat -> Arrays.fill(flat, 0f));
        lstm.parameters().write("bias_hh_l0", new float[] {0, 4, 4, 4, 0, 0, 0, 0});
        assertEquals(
                Map.of("input", 0.5, "forget", 1.0, "cell", 0.0, "output", 0.0),
                Saturation.of(Recurrence.of(lstm, CellKind.of("lstm"), nothing)));
        Rnn gru = Rnn.gru(1, 1).build(0);
        gru.parameters().edit(flat -> Arrays.fill(flat, 0f));
        // The reset gate at 1/2 halves what the hidden bias brings: tanh(1.5), not tanh(3).
        gru.parameters().write("bias_hh_l0", new float[] {0, 9, 3});
        assertEquals(
                Map.of("reset", 0.0, "update", 1.0, "new", 0.0),
                Saturation.of(Recurrence.of(gru, CellKind.of("gru"), nothing)));
    }
}
