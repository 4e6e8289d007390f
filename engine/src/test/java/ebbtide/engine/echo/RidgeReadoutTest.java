package ebbtide.engine.echo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.random.Generator;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RidgeReadoutTest {
    private static final MathContext DIGITS = new MathContext(80);

    private static double[][] rows(int count, int features, long seed) {
        Generator random = Generator.of(seed);
        double[][] rows = new double[count][features];
        for (double[] row : rows) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        return rows;
    }

    private static RidgeReadout sums(double[][] x, double[][] y) {
        RidgeReadout readout = new RidgeReadout(x[0].length, y[0].length);
        for (int n = 0; n < x.length; n++) {
            readout.add(x[n], y[n], 0);
        }
        return readout;
    }

    /** (S + λI)·v = r by Gauss and Jordan, in decimals of 80 digits: the normal equations, exactly. */
    private static double[] exact(double[][] x, double[][] y, int output, double ridge) {
        int n = x[0].length;
        BigDecimal[][] a = new BigDecimal[n][n + 1];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= n; j++) {
                BigDecimal sum = i == j ? new BigDecimal(ridge) : BigDecimal.ZERO;
                for (int row = 0; row < x.length; row++) {
                    double other = j < n ? x[row][j] : y[row][output];
                    sum = sum.add(new BigDecimal(x[row][i]).multiply(new BigDecimal(other)));
                }
                a[i][j] = sum;
            }
        }
        for (int p = 0; p < n; p++) {
            for (int i = 0; i < n; i++) {
                BigDecimal factor = a[i][p].divide(a[p][p], DIGITS);
                for (int j = p; i != p && j <= n; j++) {
                    a[i][j] = a[i][j].subtract(factor.multiply(a[p][j]), DIGITS);
                }
            }
        }
        double[] solution = new double[n];
        Arrays.setAll(solution, i -> a[i][n].divide(a[i][i], DIGITS).doubleValue());
        return solution;
    }

    @Test
    void solvesTheNormalEquations() {
        double[][] x = rows(40, 12, 1);
        double[][] y = rows(40, 2, 2);
        for (double ridge : new double[] {0, 1e-6, 3}) {
            double[][] found = sums(x, y).solve(ridge);
            for (int o = 0; o < 2; o++) {
                assertArrayEquals(exact(x, y, o, ridge), found[o], 1e-15, "ridge " + ridge);
            }
        }
    }

    /** Columns that differ by 1e-10: float64 sums cannot tell them apart, pairs of float64 can. */
    @Test
    void resolvesWhatFloat64SumsLose() {
        double[][] x = rows(60, 8, 1);
        double[][] y = rows(60, 1, 2);
        for (double[] row : x) {
            for (int f = 4; f < 8; f++) {
                row[f] = row[f - 4] + 1e-10 * row[f];
            }
        }
        double[] expected = exact(x, y, 0, 0);
        double[] found = sums(x, y).solve(0)[0];
        for (int f = 0; f < 8; f++) {
            assertTrue(Math.abs(expected[f]) > 1e6, "the case is meant to be near singular");
            assertEquals(expected[f], found[f], 1e-9 * Math.abs(expected[f]));
        }
    }

    @Test
    void piecesGiveTheBitsOfOnePass() {
        EchoStateNetwork network = EchoStateNetwork.builder(1, 20, 1).feedbackScaling(0.3).build(1);
        Narma10 series = Narma10.series(300, 5);
        RidgeReadout whole = new RidgeReadout(network.features(), 1);
        EchoStates.of(network).collect(series.inputs(), series.targets(), 40, whole);
        RidgeReadout pieces = new RidgeReadout(network.features(), 1);
        EchoStates states = EchoStates.of(network);
        int washout = 40;
        for (int from = 0; from < 300; from += 70) {
            int to = Math.min(300, from + 70);
            states.collect(
                    Arrays.copyOfRange(series.inputs(), from, to),
                    Arrays.copyOfRange(series.targets(), from, to), washout, pieces);
            washout = 0;
        }
        assertEquals(260, whole.rows());
        assertEquals(260, pieces.rows());
        assertArrayEquals(whole.solve(1e-9)[0], pieces.solve(1e-9)[0]);
    }

    @Test
    void saysWhenTheMatrixIsSingular() {
        RidgeReadout few = sums(rows(5, 12, 1), rows(5, 1, 2));
        ArithmeticException e = assertThrows(ArithmeticException.class, () -> few.solve(0));
        assertTrue(e.getMessage().contains("raise the ridge"), e.getMessage());
        assertTrue(e.getMessage().contains("12 features from 5 rows"), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
        assertEquals(12, few.solve(1e-3)[0].length, "the sums are as they were");
        RidgeReadout none = new RidgeReadout(3, 1);
        assertThrows(ArithmeticException.class, () -> none.solve(0));
    }

    @Test
    void refusesBadRowsAndKeepsItsSums() {
        double[][] x = rows(20, 3, 1);
        double[][] y = rows(20, 1, 2);
        RidgeReadout readout = sums(x, y);
        double[] before = readout.solve(0)[0];
        double[] bad = {1, Double.NaN, 2};
        assertThrows(IllegalArgumentException.class, () -> readout.add(bad, y[0], 0));
        assertThrows(IllegalArgumentException.class, () -> readout.add(x[0], y[0], 1));
        assertThrows(IllegalArgumentException.class, () -> readout.add(new double[2], y[0], 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> readout.add(x[0], new double[] {Double.POSITIVE_INFINITY}, 0));
        assertThrows(IllegalArgumentException.class, () -> readout.solve(-1));
        assertThrows(IllegalArgumentException.class, () -> readout.solve(Double.NaN));
        assertArrayEquals(before, readout.solve(0)[0]);
    }
}
