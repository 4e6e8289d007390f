package ebbtide.bench.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ebbtide.bench.train.Models;
import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Panels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a product is split over threads, every element is there. */
class ProductsTest {
    private static final int M = 3;
    private static final int N = 37;
    private static final int K = 9;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void ours(int threads) {
        try (Workers workers = Workers.of(threads)) {
            var product = new PackedProduct(KernelSelection.reference(), workers, M, N, K);
            product.forward();
            check(product.sums(), Panels.padded(N));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void openBlas(int threads) {
        assumeTrue(Models.openBlas().isPresent(), "no OpenBLAS");
        try (Workers workers = Workers.of(threads)) {
            var product = new LibraryProduct(Models.openBlas().get(), workers, M, N, K);
            product.forward();
            check(product.sums(), N);
        }
    }

    private static void check(float[] sums, int stride) {
        Generator random = Generator.of(1);
        float[] a = Noise.uniform(M * K, random);
        float[] w = Noise.uniform(N * K, random);
        for (int i = 0; i < M * N; i++) {
            double sum = 0;
            for (int l = 0; l < K; l++) {
                sum += (double) a[i / N * K + l] * w[i % N * K + l];
            }
            assertEquals(sum, sums[i / N * stride + i % N], 1e-6);
        }
    }
}
