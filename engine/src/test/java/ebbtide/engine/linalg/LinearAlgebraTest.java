package ebbtide.engine.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.init.Orthogonal;
import ebbtide.engine.random.Generator;
import java.util.Arrays;
import java.util.Random;
import org.ejml.data.Complex_F64;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The default algorithms beside EJML's and beside closed forms. */
class LinearAlgebraTest {
    private static final LinearAlgebra JAVA = LinearAlgebra.java();

    private static double[] gaussian(int count, long seed) {
        return new Random(seed).doubles(count, -1, 1).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 9, 35, 64, 130})
    void eigenvaluesOfRandomMatrices(int n) {
        double[] a = gaussian(n * n, n);
        var peer = DecompositionFactory_DDRM.eig(n, false);
        assertTrue(peer.decompose(new DMatrixRMaj(n, n, true, a.clone())));
        double[] real = new double[n];
        double[] imaginary = new double[n];
        for (int i = 0; i < n; i++) {
            Complex_F64 value = peer.getEigenvalue(i);
            real[i] = value.real;
            imaginary[i] = value.imaginary;
        }
        assertEach(real, imaginary, JAVA.eigenvalues(a, n), 1e-11);
    }

    /** Each expected value is close to one of those found, and no two to the same. */
    private static void assertEach(
            double[] real, double[] imaginary, Eigenvalues found, double limit) {
        assertEquals(real.length, found.count());
        boolean[] taken = new boolean[real.length];
        for (int i = 0; i < real.length; i++) {
            int nearest = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < real.length; j++) {
                double distance = Math.hypot(
                        real[i] - found.real()[j], imaginary[i] - found.imaginary()[j]);
                if (!taken[j] && distance < least) {
                    nearest = j;
                    least = distance;
                }
            }
            assertTrue(least <= limit,
                    "%s + %si: nearest %s".formatted(real[i], imaginary[i], least));
            taken[nearest] = true;
        }
    }

    /** A cyclic permutation has the roots of unity: all of one modulus, where plain QR stands still. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 16, 65})
    void rootsOfUnity(int n) {
        double[] cyclic = new double[n * n];
        double[] real = new double[n];
        double[] imaginary = new double[n];
        for (int i = 0; i < n; i++) {
            cyclic[i * n + (i + 1) % n] = 1;
            real[i] = Math.cos(2 * Math.PI * i / n);
            imaginary[i] = Math.sin(2 * Math.PI * i / n);
        }
        assertEach(real, imaginary, JAVA.eigenvalues(cyclic, n), 1e-13);
    }

    @Test
    void eigenvaluesInKnownPlaces() {
        assertArrayEquals(new double[3], JAVA.eigenvalues(new double[9], 3).real());
        Eigenvalues triangular = JAVA.eigenvalues(new double[] {2, 9, 9, 0, -5, 9, 0, 0, 1}, 3);
        assertArrayEquals(new double[] {-5, 2, 1}, triangular.real(), 1e-14);
        assertEquals(5, triangular.spectralRadius());
        Eigenvalues pair = JAVA.eigenvalues(new double[] {0, -2, 2, 0}, 2);
        assertArrayEquals(new double[] {2, -2}, pair.imaginary());
        // A Jordan block: the n-th root of the rounding is all that can be asked.
        double[] jordan = {1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1};
        assertEach(new double[] {1, 1, 1, 1}, new double[4], JAVA.eigenvalues(jordan, 4), 1e-3);
        float[] turn = new float[40 * 40];
        new Orthogonal().fill(turn, 40, 40, Generator.of(2));
        double[] widened = new double[turn.length];
        Arrays.setAll(widened, i -> turn[i]);
        Eigenvalues ofTurn = JAVA.eigenvalues(widened, 40);
        for (int i = 0; i < 40; i++) {
            assertEquals(1, ofTurn.modulus(i), 1e-6);
        }
    }

    /** One size for all, from the smallest floats to the largest. */
    @ParameterizedTest
    @ValueSource(ints = {-900, -500, 300, 1000})
    void scalingByAPowerOfTwo(int exponent) {
        double[] a = gaussian(12 * 9, 3);
        double[] scaled = Arrays.stream(a).map(x -> Math.scalb(x, exponent)).toArray();
        double[] expected = JAVA.singularValues(a, 12, 9);
        double[] found = JAVA.singularValues(scaled, 12, 9);
        for (int i = 0; i < 9; i++) {
            assertEquals(Math.scalb(expected[i], exponent), found[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "3, 3", "5, 2", "9, 35", "64, 64", "70, 33"})
    void singularValuesOfRandomMatrices(int rows, int columns) {
        double[] a = gaussian(rows * columns, rows + columns);
        var peer = DecompositionFactory_DDRM.svd(rows, columns, false, false, true);
        assertTrue(peer.decompose(new DMatrixRMaj(rows, columns, true, a.clone())));
        double[] expected =
                Arrays.stream(peer.getSingularValues()).limit(Math.min(rows, columns)).sorted()
                        .toArray();
        double[] found = JAVA.singularValues(a, rows, columns);
        assertEquals(expected.length, found.length);
        for (int i = 0; i < found.length; i++) {
            assertEquals(expected[found.length - 1 - i], found[i], 1e-13 * found[0]);
        }
    }

    /** diag(1, 1e-8, … 1e-40)·(a rotation): small values keep their figures. */
    @Test
    void singularValuesOfAProduct() {
        double cos = Math.cos(1);
        double sin = Math.sin(1);
        double[] a = {cos, -sin, 1e-40 * sin, 1e-40 * cos};
        assertArrayEquals(new double[] {1, 1e-40}, JAVA.singularValues(a, 2, 2), 1e-15);
        assertEquals(1e-40, JAVA.singularValues(a, 2, 2)[1], 1e-54);
        assertArrayEquals(new double[2], JAVA.singularValues(new double[6], 3, 2));
        assertArrayEquals(new double[] {Math.sqrt(14), 0},
                JAVA.singularValues(new double[] {1, 2, 3, 0, 0, 0}, 2, 3), 1e-15);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "9, 1", "35, 5", "100, 40"})
    void solutionsOfPositiveDefiniteSystems(int n, int columns) {
        double[] g = gaussian(n * n, 7);
        DMatrixRMaj root = new DMatrixRMaj(n, n, true, g);
        DMatrixRMaj a = CommonOps_DDRM.identity(n);
        CommonOps_DDRM.multAddTransB(root, root, a);
        double[] x = gaussian(n * columns, 8);
        DMatrixRMaj b = new DMatrixRMaj(n, columns);
        CommonOps_DDRM.mult(a, new DMatrixRMaj(n, columns, true, x), b);
        double[] lower = a.data.clone();
        for (int i = 0; i < n; i++) {
            Arrays.fill(lower, i * n + i + 1, (i + 1) * n, 1e9);
        }
        assertArrayEquals(x, JAVA.solvePositiveDefinite(lower, n, b.data, columns), 1e-11);
    }

    @Test
    void refusals() {
        String message = assertThrows(ArithmeticException.class, () -> JAVA.solvePositiveDefinite(
                new double[] {1, 2, 2, 1}, 2, new double[2], 1)).getMessage();
        assertTrue(message.contains("got a pivot of 0 or less at row 1 of 2"), message);
        assertEquals("A: expected [2, 2], both at least 1, in an array of 4 elements, got one of 3",
                assertThrows(IllegalArgumentException.class,
                        () -> JAVA.eigenvalues(new double[3], 2)).getMessage());
        assertEquals("A[1, 0]: expected a finite number, got NaN",
                assertThrows(IllegalArgumentException.class, () -> JAVA.singularValues(
                        new double[] {0, 1, Double.NaN, 3}, 2, 2)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> JAVA.eigenvalues(new double[0], 0));
    }

    @Test
    void argumentsAreOnlyRead() {
        double[] a = {4, 1, 1, 3};
        double[] b = {1, 2};
        JAVA.eigenvalues(a, 2);
        JAVA.singularValues(a, 2, 2);
        JAVA.solvePositiveDefinite(a, 2, b, 1);
        assertArrayEquals(new double[] {4, 1, 1, 3}, a);
        assertArrayEquals(new double[] {1, 2}, b);
    }
}
