package ebbtide.bench.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Directions;
import ebbtide.engine.Rnn;
import ebbtide.engine.RnnBuilder;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.init.Initializers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jacobians of one step, of every cell: the engine going back against the equations differentiated
 * forward in double, and what is made of them.
 */
class EveryCellTest {
    private static final Progress SILENT = (share, doing) -> {
    };
    private static final int T = 40;
    private static final int I = 3;

    /** Every cell that a network can have here. */
    enum Cells {
        TANH, SIGMOID, RELU, SKIP, LEAKY, LEARNED_LEAK, RESIDUAL, LSTM, PEEPHOLES, PROJECTION, GRU,
        GRU_RESET_FIRST;

        Recurrence of(int hidden) {
            RnnBuilder builder = switch (this) {
                case SIGMOID -> Rnn.sigmoid(I, hidden);
                case RELU -> Rnn.elman(Activation.RELU, I, hidden);
                case SKIP -> Rnn.tanh(I, hidden).skip(3);
                case LEAKY -> Rnn.leaky(Activation.TANH, I, hidden, 0.3f);
                case LEARNED_LEAK -> Rnn.learnedLeak(Activation.TANH, I, hidden, 0.3f);
                case RESIDUAL -> Rnn.residual(Activation.TANH, I, hidden);
                case LSTM -> Rnn.lstm(I, hidden);
                case PEEPHOLES -> Rnn.lstm(I, hidden).peepholes();
                case PROJECTION -> Rnn.lstm(I, hidden).projection(hidden - 2);
                case GRU -> Rnn.gru(I, hidden);
                case GRU_RESET_FIRST -> Rnn.gruResetFirst(I, hidden);
                default -> Rnn.tanh(I, hidden);
            };
            Rnn rnn = builder.recurrentInitializer(Initializers.uniform(0.6)).build(3);
            Generator random = Generator.of(5);
            rnn.parameters().layout().slots().stream()
                    .filter(s -> s.name().matches("weight_c._l0|leak_l0"))
                    .forEach(s -> rnn.parameters().write(s.name(), gaussian(random, hidden)));
            return Recurrence.of(rnn, kind(),
                    Inputs.of(Tensor.of(gaussian(random, T * I), T, 1, I)));
        }

        private CellKind kind() {
            return switch (this) {
                case SKIP -> new CellKind("tanh", 1, false, List.of(1, 3));
                case LEAKY -> new CellKind("tanh", 0.3, false, List.of(1));
                case RESIDUAL -> new CellKind("tanh", 1, true, List.of(1));
                case LEARNED_LEAK -> CellKind.of("tanh");
                case PEEPHOLES, PROJECTION -> CellKind.of("lstm");
                case GRU_RESET_FIRST -> CellKind.of("gru-reset-first");
                default -> CellKind.of(name().toLowerCase());
            };
        }
    }

    private static float[] gaussian(Generator random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(Cells.class)
    void theEngineGoesBackByTheTransposedOfTheEquations(Cells cell) {
        Recurrence recurrence = cell.of(6);
        int size = StateBlock.size(recurrence.rnn());
        StateBlock[] states = recurrence.states();
        ForwardStep forward = new ForwardStep(recurrence, states, size, Workers.single());
        BackStep back = new BackStep(recurrence, states, size, Workers.single());
        for (int t : new int[] {1, 2, 7, T}) {
            DMatrixRMaj jacobian = CommonOps_DDRM.identity(size);
            forward.apply(t, jacobian);
            DMatrixRMaj transposed = CommonOps_DDRM.identity(size);
            back.apply(t, transposed);
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    assertEquals(
                            jacobian.get(i, j), transposed.get(j, i), 3e-6,
                            "step " + t + " at " + i + ", " + j);
                }
            }
        }
    }

    /** All exponents sum to the mean of ln |det J_t|, after the steps that only turn the directions. */
    @ParameterizedTest
    @EnumSource(value = Cells.class, mode = EnumSource.Mode.EXCLUDE, names = {"RELU", "PROJECTION"})
    void exponentsSumToTheLogarithmOfTheDeterminant(Cells cell) {
        Recurrence recurrence = cell.of(4);
        int size = StateBlock.size(recurrence.rnn());
        ForwardStep forward =
                new ForwardStep(recurrence, recurrence.states(), size, Workers.single());
        double sum = 0;
        int counted = T - T / 5;
        for (int t = 1; t <= counted; t++) {
            DMatrixRMaj jacobian = CommonOps_DDRM.identity(size);
            forward.apply(t, jacobian);
            sum += Math.log(Math.abs(CommonOps_DDRM.det(jacobian))) / counted;
        }
        double[] found = Lyapunov.of(recurrence, size, 1, Workers.single(), SILENT);
        assertEquals(sum, Arrays.stream(found).sum(), 2e-3);
    }

    /** h_t = u·h_{t−1} + v·h_{t−2}: the exponents are the logs of the roots of λ² = u·λ + v. */
    @Test
    void exponentsOfASkipConnectionAreThoseOfItsRoots() {
        Rnn rnn = Rnn.identity(1, 1).skip(2).build(0);
        rnn.parameters().edit(flat -> Arrays.fill(flat, 0f));
        rnn.parameters().write("weight_hh_l0", new float[] {0.5f});
        rnn.parameters().write("weight_skip_l0", new float[] {0.3f});
        CellKind kind = new CellKind("identity", 1, false, List.of(1, 2));
        double[] found = Lyapunov.of(
                Recurrence.of(rnn, kind, Inputs.of(Tensor.zeros(200, 1, 1))), 2, 1,
                Workers.single(), SILENT);
        double root = Math.sqrt(0.25 * 0.25 + 0.3);
        assertArrayEquals(
                new double[] {Math.log(0.25 + root), Math.log(root - 0.25)}, found, 1e-5);
    }

    @Test
    void eitherDirectionHasItsOwnFlow() {
        Rnn rnn = Rnn.identity(1, 1).directions(Directions.SUMMED).build(0);
        rnn.parameters().write("weight_hh_l0", new float[] {0.8f});
        rnn.parameters().write("weight_hh_l0_reverse", new float[] {1.1f});
        Subject subject = Subject.noise(rnn, CellKind.of("identity"), 21, 2, 1, 4);
        List<LayerFlow> flows = Analysis.of(subject, 1, Workers.single(), SILENT).layers();
        assertEquals(2, flows.size());
        assertEquals(0.8, flows.get(0).verdict().measured(), 1e-6);
        assertEquals(1.1, flows.get(1).verdict().measured(), 1e-6);
        assertEquals(Math.log(1.1), flows.get(1).exponents()[0], 1e-6);
        assertEquals(Math.pow(1.1, 20), flows.get(1).singularValues()[12][0], 1e-4);
        assertTrue(flows.get(1).reverse());
    }

    /** What a layer reads is what the one below gives, in both directions. */
    @Test
    void aRecurrenceInAStackHasTheStatesOfTheWhole() {
        Rnn rnn = Rnn.gru(I, 4).layers(2).directions(Directions.CONCATENATED).build(2);
        Subject subject = Subject.noise(rnn, CellKind.of("gru"), 9, 1, 1, 4);
        Tensor y = Tensor.zeros(9, 1, 8);
        subject.inputs().forward(rnn.plan(9, 1), null, null, y);
        StateBlock[] reverse = Recurrence.all(subject).get(3).states();
        for (int t = 0; t < 9; t++) {
            for (int i = 0; i < 4; i++) {
                assertEquals(y.at(t, 0, 4 + i), reverse[9 - t].get(0, i), 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Cells.class, names = {"TANH", "SKIP", "LSTM", "PROJECTION", "GRU_RESET_FIRST"})
    void leadingValuesOfProductsAreThoseOfTheDenseOnes(Cells cell) {
        Recurrence recurrence = cell.of(40);
        int[] lags = {1, 5, 20};
        double[][] dense = JacobianProducts.singularValues(
                JacobianProducts.of(recurrence, lags, Workers.single(), SILENT), SILENT);
        double[][] found =
                JacobianMap.leadingValues(recurrence, lags, Workers.single(), SILENT);
        for (int n = 0; n < lags.length; n++) {
            assertEquals(8, found[n].length);
            for (int i = 0; i < 4 && dense[n][i] > 1e-5 * dense[n][0]; i++) {
                double within = (i == 0 ? 1e-4 : 1e-3) * dense[n][0];
                assertEquals(dense[n][i], found[n][i], within, lags[n] + ": " + i);
            }
        }
    }

    @Test
    void leadingValuesOfALargeMatrixAreThoseOfTheDenseOne() {
        Rnn rnn = Rnn.tanh(1, 150).recurrentInitializer(Initializers.parse("radius=0.9")).build(1);
        Recurrence recurrence =
                Recurrence.of(rnn, CellKind.of("tanh"), Inputs.of(Tensor.zeros(2, 1, 1)));
        double[] dense =
                Recurrent.of(recurrence, 150, Workers.single(), SILENT).getFirst().singularValues();
        Recurrent leading = Recurrent.of(recurrence, 149, Workers.single(), SILENT).getFirst();
        assertEquals(8, leading.singularValues().length);
        for (int i = 0; i < 4; i++) {
            assertEquals(dense[i], leading.singularValues()[i], 1e-4 * dense[0]);
        }
        assertEquals(0.9, leading.radius(), 1e-4);
    }

    @Test
    void theBoundKnowsLearnedRatesAndStatesThatAreAddedTo() {
        assertEquals(1 + 0.7, Cells.RESIDUAL.of(3).bound(0.7), 1e-12);
        Recurrence learned = Cells.LEARNED_LEAK.of(3);
        learned.rnn().parameters().write("leak_l0", new float[] {0, (float) Math.log(3), 0});
        assertEquals(0.5 + 0.75 * 0.7, learned.bound(0.7), 1e-6);
    }
}
