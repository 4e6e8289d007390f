package ebbtide.openblas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenBlasTest {
    private static OpenBlas open() throws UnusableLibraryException {
        return TestLibraries.jar().open();
    }

    private static String refusal(OpenBlas blas, int m, int n, int k, float[] a, int aOff,
            int aStride, float[] c, int cOff) {
        return assertThrows(IllegalArgumentException.class,
                () -> blas.sgemm(false, false, m, n, k, 1,
                        a, aOff, aStride, new float[16], 0, 4, 0, c, cOff, 4))
                .getMessage();
    }

    @Test
    void wrongArgumentsAreRefusedBeforeAnythingIsWritten() throws Exception {
        float[] a = new float[16];
        float[] c = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
        float[] before = c.clone();
        try (OpenBlas blas = open()) {
            assertEquals("expected m, n, k of 0 or more, got -1, 4, 4",
                    refusal(blas, -1, 4, 4, a, 0, 4, c, 0));
            assertEquals("A: expected a stride of at least 4, got 3",
                    refusal(blas, 4, 4, 4, a, 0, 3, c, 0));
            assertEquals("A: expected an offset of 0 or more, got -1",
                    refusal(blas, 4, 4, 4, a, -1, 4, c, 0));
            assertEquals("A: [4, 4] at offset 1, stride 4 needs 17 floats, got an array of 16",
                    refusal(blas, 4, 4, 4, a, 1, 4, c, 0));
            assertEquals("A: [4, 4] at offset 0, stride 2147483647 needs 6442450945 floats, got an"
                    + " array of 16", refusal(blas, 4, 4, 4, a, 0, Integer.MAX_VALUE, c, 0));
            assertEquals("C: [4, 4] at offset 2, stride 4 needs 18 floats, got an array of 16",
                    refusal(blas, 4, 4, 4, a, 0, 4, c, 2));
            assertEquals("A and C: expected separate ranges, got 0..4 and 3..7 of one array",
                    refusal(blas, 1, 4, 4, c, 0, 4, c, 3));
        }
        assertArrayEquals(before, c);
    }

    @Test
    void partsOfOneArrayThatDoNotOverlap() throws Exception {
        try (OpenBlas blas = open()) {
            float[] all = {1, 2, 3, 4, Float.NaN};
            blas.sgemm(false, false, 1, 1, 2, 1, all, 0, 2, all, 2, 1, 0, all, 4, 1);
            assertEquals(11, all[4]);
        }
    }

    @Test
    void closedObjectSaysSo() throws Exception {
        OpenBlas blas = TestLibraries.jar().open(0);
        Product product = new Product(0, 9, 9, 9, 1);
        product.check(blas, 1, 0);
        assertTrue(blas.nativeBytes() > 0);
        blas.close();
        blas.close();
        assertEquals(0, blas.nativeBytes());
        var e = assertThrows(IllegalStateException.class, () -> product.run(blas, 1, 0));
        assertEquals("this OpenBlas is closed; open another one with OpenBlas.open()",
                e.getMessage());
    }

    @Test
    void closingWaitsForRunningProducts() throws Exception {
        for (int round = 0; round < 20; round++) {
            OpenBlas blas = TestLibraries.jar().open(0);
            AtomicInteger done = new AtomicInteger();
            Thread[] threads = new Thread[4];
            for (int t = 0; t < threads.length; t++) {
                threads[t] = Thread.ofPlatform().start(() -> {
                    try {
                        while (true) {
                            new Product(1, 30, 30, 30, 1).check(blas, 1, 1);
                        }
                    } catch (IllegalStateException closed) {
                        done.incrementAndGet();
                    }
                });
            }
            Thread.sleep(2);
            blas.close();
            assertEquals(0, blas.nativeBytes());
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(threads.length, done.get());
        }
    }

    @Test
    void libraryRunsOnTheCallersThreadWhileOpen() throws Exception {
        SharedLibrary library = TestLibraries.jar().loaded();
        library.bindings.threads(2);
        try (OpenBlas first = open()) {
            assertEquals(1, library.bindings.threads());
            open().close();
            assertEquals(1, library.bindings.threads(), "one is still open");
            assertEquals("pthreads", first.description().threading());
        }
        assertEquals(2, library.bindings.threads(), "as before");
    }
}
