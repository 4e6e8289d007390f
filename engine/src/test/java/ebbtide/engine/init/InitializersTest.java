package ebbtide.engine.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.random.Generator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitializersTest {
    private static float[] filled(String name, int rows, int columns) {
        float[] w = new float[rows * columns];
        Arrays.fill(w, Float.NaN);
        Initializers.parse(name).fill(w, rows, columns, Generator.of(rows + 1000L * columns));
        return w;
    }

    @ParameterizedTest
    @CsvSource({
        "glorot,       60, 40, 0.2449490", // √(6/100)
        "uniform,      64, 10, 0.125", // 1/√64
        "uniform=0.08, 30, 50, 0.08",
    })
    void uniformOnesFillTheirInterval(String name, int rows, int columns, double limit) {
        float most = 0;
        double sum = 0;
        for (float x : filled(name, rows, columns)) {
            assertTrue(Math.abs(x) <= limit * (1 + 1e-6), "beyond the limit: " + x);
            most = Math.max(most, Math.abs(x));
            sum += x;
        }
        assertTrue(most > 0.98 * limit, "far from the limit: " + most);
        assertEquals(0, sum / (rows * columns), 0.08 * limit);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "16, 16", "65, 65", "40, 7", "7, 40", "1, 30", "30, 1"})
    void orthogonalOnesAreOrthonormal(int rows, int columns) {
        float[] w = filled("orthogonal", rows, columns);
        boolean wide = rows < columns;
        int vectors = Math.min(rows, columns);
        for (int a = 0; a < vectors; a++) {
            for (int b = 0; b < vectors; b++) {
                double dot = 0;
                for (int k = 0; k < Math.max(rows, columns); k++) {
                    dot +=
                            wide
                                    ? (double) w[a * columns + k] * w[b * columns + k]
                                    : (double) w[k * columns + a] * w[k * columns + b];
                }
                assertEquals(a == b ? 1 : 0, dot, 1e-6);
            }
        }
    }

    /** Without the right signs, the QR of most libraries gives mostly negative diagonals. */
    @Test
    void orthogonalOnesAreUniformOverSigns() {
        int positive = 0;
        for (int seed = 0; seed < 400; seed++) {
            float[] w = new float[9];
            new Orthogonal().fill(w, 3, 3, Generator.of(seed));
            positive += w[0] > 0 ? 1 : 0;
        }
        assertEquals(200, positive, 50);
    }

    @ParameterizedTest
    @CsvSource({"identity, 1", "identity=0.5, 0.5"})
    void identityIsTheIdentity(String name, float scale) {
        assertArrayEquals(
                new float[] {scale, 0, 0, 0, scale, 0, 0, 0, scale}, filled(name, 3, 3));
    }

    @ParameterizedTest
    @CsvSource({"1, 0.9", "2, 1", "3, 1.25", "33, 0.5", "100, 0.9", "128, 1.1"})
    void radiusIsTheLargestEigenvalue(int n, double radius) {
        float[] w = filled("radius=" + radius, n, n);
        assertEquals(radius, SpectralRadius.of(w, n), 1e-5 * radius);
        // A second opinion that shares nothing with the first: an eigenvalue of that size exists.
        // For n = 1 and 2 it has a closed form.
        if (n == 1) {
            assertEquals(radius, Math.abs(w[0]), 1e-5);
        } else if (n == 2) {
            double trace = (double) w[0] + w[3];
            double determinant = (double) w[0] * w[3] - (double) w[1] * w[2];
            double root = trace * trace / 4 - determinant;
            double largest =
                    root < 0
                            ? Math.sqrt(determinant)
                            : Math.abs(trace) / 2 + Math.sqrt(root);
            assertEquals(radius, largest, 1e-5);
        }
    }

    @Test
    void spectralRadiusOfKnownMatrices() {
        // A rotation by any angle, scaled: two complex eigenvalues of size 3.
        float c = 3 * (float) Math.cos(0.7);
        float s = 3 * (float) Math.sin(0.7);
        assertEquals(3, SpectralRadius.of(new float[] {c, -s, s, c}, 2), 1e-5);
        // Triangular: the diagonal, however large the rest.
        assertEquals(2, SpectralRadius.of(new float[] {2, 1000, 0, -1.5f}, 2), 1e-5);
        // Defective: one eigenvector for a double eigenvalue.
        assertEquals(0.5, SpectralRadius.of(new float[] {0.5f, 1, 0, 0.5f}, 2), 1e-5);
        // Eigenvalues +1 and -1 of equal size, as a permutation has them.
        assertEquals(1, SpectralRadius.of(new float[] {0, 1, 1, 0}, 2), 1e-5);
        assertEquals(0, SpectralRadius.of(new float[] {0, 1, 0, 0}, 2));
        assertEquals(0, SpectralRadius.of(new float[9], 3));
        assertTrue(Double.isNaN(SpectralRadius.of(new float[] {Float.NaN}, 1)));
        // The companion matrix of (x - 4)(x - 3)(x - 2)(x + 1).
        float[] companion = {8, -17, -2, 24, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
        assertEquals(4, SpectralRadius.of(companion, 4), 1e-4);
    }

    @ParameterizedTest
    @CsvSource({"15, 100, 100", "15, 40, 10", "1, 8, 8", "3, 5, 3"})
    void sparseOnesHaveTheirConnections(int connections, int rows, int columns) {
        float[] w = filled("sparse=" + connections, rows, columns);
        int[] used = new int[columns];
        double squares = 0;
        for (int r = 0; r < rows; r++) {
            int count = 0;
            for (int c = 0; c < columns; c++) {
                assertFalse(Float.isNaN(w[r * columns + c]));
                if (w[r * columns + c] != 0) {
                    count++;
                    used[c]++;
                    squares += (double) w[r * columns + c] * w[r * columns + c];
                }
            }
            assertEquals(Math.min(connections, columns), count);
        }
        if (rows == 100) {
            assertEquals(1, squares / 1500, 0.15);
            for (int count : used) {
                assertTrue(count >= 2 && count <= 35, "a column has " + count + " of about 15");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"glorot", "uniform", "orthogonal", "radius=0.9", "sparse=4"})
    void sameSeedSameBitsOtherSeedOthers(String name) {
        float[] a = new float[144];
        float[] b = new float[144];
        float[] c = new float[144];
        Initializer initializer = Initializers.parse(name);
        initializer.fill(a, 12, 12, Generator.of(1));
        initializer.fill(b, 12, 12, Generator.of(1));
        initializer.fill(c, 12, 12, Generator.of(2));
        assertArrayEquals(a, b);
        assertFalse(Arrays.equals(a, c));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "xavier",
                "Glorot",
                "glorot=1",
                "orthogonal=2",
                "uniform=",
                "uniform=x",
                "uniform=0",
                "uniform=-1",
                "uniform=NaN",
                "uniform=1e39",
                "identity=",
                "identity=Infinity",
                "radius",
                "radius=",
                "radius=-0.5",
                "radius=0",
                "sparse",
                "sparse=0",
                "sparse=1.5",
                "sparse=99999999999",
            })
    void namesThatAreNoneGetOneLine(String name) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> Initializers.parse(name))
                        .getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("expected") || message.contains("choose")
                || message.contains("takes no number"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"glorot", "uniform", "uniform=1", "orthogonal", "identity", "radius=1",
                "sparse=2"})
    void wrongShapesAreRefusedBeforeAnythingIsWritten(String name) {
        Initializer initializer = Initializers.parse(name);
        float[] w = {7, 7, 7, 7, 7};
        Generator random = Generator.of(1);
        assertThrows(IllegalArgumentException.class, () -> initializer.fill(w, 2, 2, random));
        assertThrows(IllegalArgumentException.class, () -> initializer.fill(w, 0, 5, random));
        assertThrows(IllegalArgumentException.class, () -> initializer.fill(w, -1, -5, random));
        if (name.equals("identity") || name.startsWith("radius")) {
            assertThrows(IllegalArgumentException.class, () -> initializer.fill(w, 1, 5, random));
        }
        assertArrayEquals(new float[] {7, 7, 7, 7, 7}, w);
    }
}
