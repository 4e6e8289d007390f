package ebbtide.openblas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.linalg.Eigenvalues;
import ebbtide.engine.linalg.LinearAlgebra;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LAPACK of every library beside the engine's plain Java. */
abstract class LapackContract {
    private static final LinearAlgebra JAVA = LinearAlgebra.java();

    abstract LibrarySelection selection();

    private LinearAlgebra lapack() {
        return OpenBlasLinearAlgebra.of(selection()).orElseThrow();
    }

    private static double[] random(int count, long seed) {
        return new Random(seed).doubles(count, -1, 1).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 9, 35, 100, 160})
    void eigenvalues(int n) {
        assertEigenvalues(lapack(), n);
    }

    private static void assertEigenvalues(LinearAlgebra lapack, int n) {
        double[] a = random(n * n, n);
        Eigenvalues expected = JAVA.eigenvalues(a, n);
        Eigenvalues found = lapack.eigenvalues(a, n);
        boolean[] taken = new boolean[n];
        for (int i = 0; i < n; i++) {
            double real = expected.real()[i];
            double imaginary = expected.imaginary()[i];
            int nearest = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                double distance =
                        Math.hypot(found.real()[j] - real, found.imaginary()[j] - imaginary);
                if (!taken[j] && distance < least) {
                    nearest = j;
                    least = distance;
                }
            }
            assertTrue(least <= 1e-11, "%s + %si is off by %s".formatted(real, imaginary, least));
            taken[nearest] = true;
        }
        assertEquals(expected.spectralRadius(), found.spectralRadius(), 1e-11);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 9", "3, 2", "35, 35", "9, 140", "140, 60"})
    void singularValues(int rows, int columns) {
        double[] a = random(rows * columns, rows);
        double[] expected = JAVA.singularValues(a, rows, columns);
        assertArrayEquals(
                expected, lapack().singularValues(a, rows, columns), 1e-13 * expected[0] * rows);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 5", "9, 9", "35, 3", "140, 70"})
    void positiveDefiniteSystems(int n, int columns) {
        double[] a = new double[n * n];
        double[] root = random(n * n, 3);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i * n + j] = i == j ? 1 : 0;
                for (int k = 0; k < n; k++) {
                    a[i * n + j] += root[i * n + k] * root[j * n + k];
                }
                if (j > i) {
                    // Above the diagonal nothing is read.
                    a[i * n + j] = 77;
                }
            }
        }
        double[] b = random(n * columns, 4);
        assertArrayEquals(JAVA.solvePositiveDefinite(a, n, b, columns),
                lapack().solvePositiveDefinite(a, n, b, columns), 1e-12);
    }

    @Test
    void refusalsAreTheSame() {
        for (LinearAlgebra algebra : List.of(JAVA, lapack())) {
            double[] indefinite = {1, 2, 0, 2, 1, 0, 0, 0, 1};
            assertEquals("expected a positive definite matrix, got a pivot of 0 or less at row 1 of"
                    + " 3; add a multiple of the identity",
                    assertThrows(ArithmeticException.class, () -> algebra.solvePositiveDefinite(
                            indefinite, 3, new double[3], 1)).getMessage());
            assertThrows(IllegalArgumentException.class,
                    () -> algebra.eigenvalues(new double[] {Double.NaN}, 1));
        }
    }

    @Test
    void manyThreadsAtOnce() throws Exception {
        LinearAlgebra lapack = lapack();
        int threadsBefore = selection().loaded().bindings.threads();
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            int n = 20 + i;
            calls.add(() -> {
                assertEigenvalues(lapack, n);
                return null;
            });
        }
        try (var pool = Executors.newFixedThreadPool(64)) {
            for (Future<Void> result : pool.invokeAll(calls)) {
                result.get();
            }
        }
        assertEquals(threadsBefore, selection().loaded().bindings.threads(), "as before");
    }
}
