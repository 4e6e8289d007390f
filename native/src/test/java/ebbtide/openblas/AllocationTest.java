package ebbtide.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sun.management.ThreadMXBean;
import ebbtide.engine.linalg.LinearAlgebra;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A product that recurs allocates nothing. The build runs this among the other tests, and in a JVM of its
 * own without escape analysis: what is not allocated there, no compiler had to remove.
 */
class AllocationTest {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The least of some rounds: the first ones link the calls. */
    private long bytes(Runnable products) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 500; i++) {
                products.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /** On the heap, and through native memory: some layers' products in turns, at offsets. */
    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, 0})
    void productsThatRecur(double inPlaceFlops) throws Exception {
        Product[] products = new Product[30];
        for (int i = 0; i < products.length; i++) {
            products[i] = new Product(i % 4, 4, 8, 8 + i, i % 5);
        }
        try (OpenBlas blas = TestLibraries.jar().open(inPlaceFlops)) {
            assertEquals(0, bytes(() -> {
                for (Product product : products) {
                    product.run(blas, 1, 0);
                }
            }));
        }
    }

    /** What other code of the JVM does with segments does not matter. */
    @Test
    void afterLinearAlgebraAndExtraction() throws Exception {
        LinearAlgebra lapack = OpenBlasLinearAlgebra.of(TestLibraries.jar()).orElseThrow();
        for (int i = 0; i < 2_000; i++) {
            lapack.eigenvalues(new double[] {2, 1, 1, 3}, 2);
        }
        productsThatRecur(Double.POSITIVE_INFINITY);
    }

    @Test
    void anArrayLivesNoLongerForIt() throws Exception {
        try (OpenBlas blas = TestLibraries.jar().open(Double.POSITIVE_INFINITY)) {
            Product product = new Product(0, 4, 8, 8, 3);
            product.run(blas, 1, 0);
            var array = new WeakReference<>(product.a);
            product = null;
            for (int i = 0; i < 100 && array.get() != null; i++) {
                System.gc();
            }
            assertNull(array.get());
        }
    }
}
