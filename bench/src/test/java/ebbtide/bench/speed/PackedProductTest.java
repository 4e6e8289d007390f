package ebbtide.bench.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Panels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedProductTest {
    /** However the panels are split, every element of the product is there. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void splitsNothingOff(int threads) {
        int m = 3;
        int n = 37;
        int k = 9;
        Generator random = Generator.of(1);
        float[] a = Noise.uniform(m * k, random);
        float[] w = Noise.uniform(n * k, random);
        try (Workers workers = Workers.of(threads)) {
            PackedProduct product =
                    new PackedProduct(KernelSelection.reference(), workers, m, n, k);
            product.forward();
            for (int i = 0; i < m * n; i++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += (double) a[i / n * k + l] * w[i % n * k + l];
                }
                assertEquals(sum, product.sums()[i / n * Panels.padded(n) + i % n], 1e-6);
            }
        }
    }
}
