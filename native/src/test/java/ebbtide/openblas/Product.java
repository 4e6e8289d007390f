package ebbtide.openblas;

import java.util.Arrays;
import java.util.Random;

/**
 * One product with its operands in larger arrays, and the bound that its result must keep: |error|
 * ≤ γ_(k+2)·(|alpha|·|A||B| + |beta|·|C|), computed in double.
 */
final class Product {
    private static final float UNTOUCHED = 12345;

    private final boolean transposeA;
    private final boolean transposeB;
    private final int m;
    private final int n;
    private final int k;
    private final int offset;
    private final int aStride;
    private final int bStride;
    private final int cStride;
    final float[] a;
    final float[] b;
    final float[] c;

    /**
     * Makes random operands.
     *
     * @param transposes bit 0 for A, bit 1 for B
     * @param gap floats between rows, and before the first one
     */
    Product(int transposes, int m, int n, int k, int gap) {
        transposeA = (transposes & 1) != 0;
        transposeB = (transposes & 2) != 0;
        this.m = m;
        this.n = n;
        this.k = k;
        offset = gap;
        aStride = (transposeA ? m : k) + gap;
        bStride = (transposeB ? k : n) + gap;
        cStride = n + gap;
        Random random = new Random(31L * (31L * m + n) + k + transposes);
        a = random(random, (transposeA ? k : m) * aStride + gap);
        b = random(random, (transposeB ? n : k) * bStride + gap);
        c = new float[m * cStride + gap];
        Arrays.fill(c, UNTOUCHED);
        float[] values = random(random, m * n);
        for (int i = 0; i < m; i++) {
            System.arraycopy(values, i * n, c, offset + i * cStride, n);
        }
    }

    private static float[] random(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = 2 * random.nextFloat() - 1;
        }
        return numbers;
    }

    void fillC(float value) {
        for (int i = 0; i < m; i++) {
            Arrays.fill(c, offset + i * cStride, offset + i * cStride + n, value);
        }
    }

    void run(OpenBlas blas, float alpha, float beta) {
        blas.sgemm(transposeA, transposeB, m, n, k, alpha, a, offset, aStride, b, offset, bStride,
                beta, c, offset, cStride);
    }

    /** Computes, and throws an AssertionError that shows the worst element. */
    void check(OpenBlas blas, float alpha, float beta) {
        float[] before = c.clone();
        run(blas, alpha, beta);
        double u = (k + 2) * 0x1p-24;
        double gamma = u / (1 - u);
        for (int at = 0; at < c.length; at++) {
            int i = at < offset ? m : (at - offset) / cStride;
            int j = at < offset ? n : (at - offset) % cStride;
            if (i >= m || j >= n) {
                if (c[at] != UNTOUCHED) {
                    throw failure(at, UNTOUCHED, 0);
                }
                continue;
            }
            double sum = 0;
            double magnitude = 0;
            for (int p = 0; alpha != 0 && p < k; p++) {
                double term = (double) a[offset + (transposeA ? p * aStride + i : i * aStride + p)]
                        * b[offset + (transposeB ? j * bStride + p : p * bStride + j)];
                sum += term;
                magnitude += Math.abs(term);
            }
            double initial = beta == 0 ? 0 : (double) beta * before[at];
            double expected = alpha * sum + initial;
            double limit = gamma * (Math.abs(alpha) * magnitude + Math.abs(initial));
            if (!(Math.abs(c[at] - expected) <= limit)) {
                throw failure(at, expected, limit);
            }
        }
    }

    private AssertionError failure(int at, double expected, double limit) {
        return new AssertionError(
                "m, n, k = %d, %d, %d, transposes %s %s, C[%d]: expected %s ± %s,"
                        .formatted(m, n, k, transposeA, transposeB, at, expected, limit) + " got "
                        + c[at]);
    }
}
