package ebbtide.openblas;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Small products of a loaded library against the same products in double: all transposes, on native
 * and on heap memory, with beta = 0 over NaN. A product passes where |error| ≤ γ_k·|A||B|.
 */
final class ProductCheck {
    private static final int[] SIZES = {1, 3, 35};

    private ProductCheck() {}

    static void check(Bindings library) throws UnusableLibraryException {
        try (Arena arena = Arena.ofConfined()) {
            for (int m : SIZES) {
                for (int n : SIZES) {
                    for (int k : SIZES) {
                        for (int transposes = 0; transposes < 4; transposes++) {
                            boolean transA = (transposes & 1) != 0;
                            boolean transB = (transposes & 2) != 0;
                            check(library, arena, transA, transB, m, n, k);
                        }
                    }
                }
            }
        }
    }

    private static void check(
            Bindings library, Arena arena, boolean transA, boolean transB, int m, int n, int k)
            throws UnusableLibraryException {
        float[] a = numbers(m * k, 1);
        float[] b = numbers(k * n, 2);
        int flagA = transA ? Bindings.TRANSPOSE : Bindings.NO_TRANSPOSE;
        int flagB = transB ? Bindings.TRANSPOSE : Bindings.NO_TRANSPOSE;
        int aStride = transA ? m : k;
        int bStride = transB ? k : n;

        float[] onHeap = new float[m * n];
        Arrays.fill(onHeap, Float.NaN);
        library.sgemm(
                flagA, flagB, m, n, k, 1, MemorySegment.ofArray(a), aStride,
                MemorySegment.ofArray(b), bStride, 0, MemorySegment.ofArray(onHeap), n);
        compare("on the heap", transA, transB, m, n, k, a, b, onHeap);

        float[] copied = new float[m * n];
        Arrays.fill(copied, Float.NaN);
        MemorySegment c = arena.allocateFrom(JAVA_FLOAT, copied);
        library.sgemm(
                flagA, flagB, m, n, k, 1, arena.allocateFrom(JAVA_FLOAT, a), aStride,
                arena.allocateFrom(JAVA_FLOAT, b), bStride, 0, c, n);
        compare("in native memory", transA, transB, m, n, k, a, b, c.toArray(JAVA_FLOAT));
    }

    private static void compare(
            String where,
            boolean transA,
            boolean transB,
            int m,
            int n,
            int k,
            float[] a,
            float[] b,
            float[] actual)
            throws UnusableLibraryException {
        double u = 0x1p-24;
        double gamma = (k + 1) * u / (1 - (k + 1) * u);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double magnitude = 0;
                for (int p = 0; p < k; p++) {
                    double x = a[transA ? p * m + i : i * k + p];
                    double y = b[transB ? j * k + p : p * n + j];
                    sum += x * y;
                    magnitude += Math.abs(x * y);
                }
                if (!(Math.abs(actual[i * n + j] - sum) <= gamma * magnitude)) {
                    throw UnusableLibraryException.lasting(("a product came out wrong %s: expected"
                            + " %s within %s, got %s (m, n, k = %d, %d, %d, transposes %s %s)")
                            .formatted(where, sum, gamma * magnitude, actual[i * n + j], m,
                                    n, k, transA, transB));
                }
            }
        }
    }

    /** Numbers in [-1, 1) from a multiplicative sequence: any will do, as long as they differ. */
    private static float[] numbers(int count, int seed) {
        float[] numbers = new float[count];
        int state = seed * 0x9E3779B9;
        for (int i = 0; i < count; i++) {
            state = state * 1664525 + 1013904223;
            numbers[i] = (state >> 8) * 0x1p-23f;
        }
        return numbers;
    }
}
