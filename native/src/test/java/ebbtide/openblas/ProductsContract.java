package ebbtide.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the products of every library must be. Both routes run everywhere, whatever the size. */
abstract class ProductsContract {
    private static final int[] SIZES = {0, 1, 2, 3, 5, 9, 35};

    abstract LibrarySelection selection();

    /** All on the heap; all through native memory. */
    static Stream<Double> routes() {
        return Stream.of(Double.POSITIVE_INFINITY, 0.0);
    }

    OpenBlas open(double inPlaceFlops) throws UnusableLibraryException {
        return selection().open(inPlaceFlops);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void oddSizes(double route) throws Exception {
        try (OpenBlas blas = open(route)) {
            for (int m : SIZES) {
                for (int n : SIZES) {
                    for (int k : SIZES) {
                        for (int transposes = 0; transposes < 4; transposes++) {
                            new Product(transposes, m, n, k, 0).check(blas, 1, 0);
                            new Product(transposes, m, n, k, 3).check(blas, -0.75f, 1);
                            new Product(transposes, m, n, k, 1).check(blas, 1.5f, -2.5f);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void shapesOfRecurrentNetworks(double route) throws Exception {
        int[][] shapes = {
            {1, 64, 64}, {16, 128, 128}, {8, 512, 128}, {20, 100, 65}, {512, 128, 65},
            {128, 128, 1024}, {1, 256, 300}, {300, 1, 256}};
        try (OpenBlas blas = open(route)) {
            for (int[] s : shapes) {
                for (int transposes = 0; transposes < 4; transposes++) {
                    new Product(transposes, s[0], s[1], s[2], 0).check(blas, 1, 0);
                    new Product(transposes, s[0], s[1], s[2], 7).check(blas, 1, 1);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void zeroFactorsHideNaN(double route) throws Exception {
        try (OpenBlas blas = open(route)) {
            for (int m : SIZES) {
                for (int n : SIZES) {
                    for (int k : new int[] {0, 1, 2, 35}) {
                        for (int transposes = 0; transposes < 4; transposes++) {
                            Product overwritten = new Product(transposes, m, n, k, 2);
                            overwritten.fillC(Float.NaN);
                            overwritten.check(blas, 1, 0);
                            Product unread = new Product(transposes, m, n, k, 2);
                            Arrays.fill(unread.a, Float.NaN);
                            Arrays.fill(unread.b, Float.POSITIVE_INFINITY);
                            unread.check(blas, 0, 0.5f);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void infinitiesAndNaNComeThrough(double route) throws Exception {
        try (OpenBlas blas = open(route)) {
            float[] a = {1, Float.POSITIVE_INFINITY, Float.NaN, 2};
            float[] c = new float[4];
            blas.sgemm(false, false, 2, 2, 2, 1, a, 0, 2, new float[] {1, 2, 3, 4}, 0, 2, 0, c, 0,
                    2);
            assertEquals(Float.POSITIVE_INFINITY, c[0]);
            assertEquals(Float.POSITIVE_INFINITY, c[1]);
            assertEquals(Float.NaN, c[2]);
            assertEquals(Float.NaN, c[3]);
        }
    }

    @Test
    void manyThreadsAtOnce() throws Exception {
        try (OpenBlas blas = open(OpenBlas.IN_PLACE_FLOPS);
                OpenBlas other = open(0)) {
            int threads = 64;
            Throwable[] failures = new Throwable[threads];
            Thread[] all = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                int seed = t;
                all[t] = Thread.ofPlatform().start(() -> {
                    try {
                        Random random = new Random(seed);
                        for (int i = 0; i < 10; i++) {
                            int m = 1 + random.nextInt(40);
                            int n = 1 + random.nextInt(130);
                            int k = 1 + random.nextInt(130);
                            new Product(random.nextInt(4), m, n, k, random.nextInt(3))
                                    .check(random.nextBoolean() ? blas : other, 1, 0.5f);
                        }
                    } catch (Throwable e) {
                        failures[seed] = e;
                    }
                });
            }
            for (int t = 0; t < threads; t++) {
                all[t].join();
            }
            assertEquals(Arrays.asList(new Throwable[threads]), Arrays.asList(failures));
        }
    }
}
