package ebbtide.openblas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.linalg.LinearAlgebra;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Native memory that ends at call n, for every n that a call makes. */
class MemoryEndsTest {
    private final LimitedMemory memory = new LimitedMemory();

    @Test
    void productsLeaveCAsItWasAndTheNextOneSucceeds() throws Exception {
        for (int n = 0;; n++) {
            try (OpenBlas blas = TestLibraries.jar().open(0, memory)) {
                memory.failAfter(Integer.MAX_VALUE);
                // So that the memory of the larger one replaces some.
                new Product(0, 3, 5, 4, 1).check(blas, 1, 1);
                Product product = new Product(2, 9, 17, 33, 2);
                float[] before = product.c.clone();
                memory.failAfter(n);
                try {
                    product.run(blas, 1, 1);
                } catch (OutOfMemoryError e) {
                    assertArrayEquals(before, product.c);
                    assertEquals(memory.held(), blas.nativeBytes());
                    product.check(blas, 1, 1);
                }
                if (!memory.failed()) {
                    // One allocation a matrix.
                    assertEquals(3, n);
                    break;
                }
                assertEquals(memory.held(), blas.nativeBytes());
            }
            assertEquals(0, memory.held());
        }
        assertEquals(0, memory.held());
    }

    @Test
    void lapackHoldsNothingAndTheNextCallSucceeds() {
        LinearAlgebra lapack =
                OpenBlasLinearAlgebra.of(TestLibraries.jar(), memory).orElseThrow();
        double[] a = {3, 1, 1, 2};
        assertEndsAnywhere(() -> lapack.eigenvalues(a, 2).real());
        assertEndsAnywhere(() -> lapack.singularValues(a, 2, 2));
        assertEndsAnywhere(() -> lapack.solvePositiveDefinite(a, 2, new double[] {1, 2}, 1));
    }

    private void assertEndsAnywhere(Supplier<double[]> call) {
        memory.failAfter(Integer.MAX_VALUE);
        double[] expected = call.get();
        int n = 0;
        for (memory.failAfter(0); !succeeds(call); memory.failAfter(++n)) {
            assertTrue(memory.failed());
            assertEquals(0, memory.held());
            assertArrayEquals(expected, call.get());
        }
        assertTrue(n >= 5, "native memory of LAPACK comes in several pieces, got " + n);
        assertEquals(0, memory.held());
        memory.failAfter(0);
        assertThrows(OutOfMemoryError.class, call::get);
    }

    private static boolean succeeds(Supplier<double[]> call) {
        try {
            call.get();
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }
}
