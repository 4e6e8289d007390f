package ebbtide.bench.validate;

import ebbtide.bench.ChildJvm;
import ebbtide.openblas.OpenBlas;
import ebbtide.openblas.UnusableLibraryException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Memory that ends in the middle: nothing leaks, and the next call succeeds. */
final class MemoryFailures {
    private static final int SIZE = 40;

    private MemoryFailures() {
    }

    /** A plan too large for a small heap, again and again, and a pass after each. */
    static Finding heap(String check) throws InterruptedException {
        Worst worst = new Worst();
        try (ChildJvm child =
                ChildJvm.start(List.of("-Xmx96m"), HeapChild.class, List.of())) {
            int code = child.read(line -> worst.see(line.equals("whole"), () -> line));
            worst.see(code == 0, () -> "exit " + code);
        }
        return Finding.ofFailures(check, "a heap too small", worst, "96 MB");
    }

    /** OpenBLAS whose native memory ends at its request n, for every n that a product makes. */
    static Finding nativeMemory(String check) {
        String subject = "native memory that ends";
        Worst worst = new Worst();
        int requests = 0;
        try {
            while (fails(requests, worst)) {
                requests++;
            }
        } catch (UnusableLibraryException e) {
            return Finding.notRun(check, subject, e.getMessage());
        }
        return Finding.ofFailures(
                check, subject, worst, "OpenBLAS, at each of %d requests".formatted(requests));
    }

    /** Lets request n fail; returns false if there was none. */
    private static boolean fails(int n, Worst worst) throws UnusableLibraryException {
        // Small whole numbers: the sums are exact in any order.
        float[] a = new float[SIZE * SIZE];
        for (int i = 0; i < a.length; i++) {
            a[i] = i % 7 - 3;
        }
        float[] c = new float[SIZE * SIZE];
        List<Arena> given = new ArrayList<>();
        int[] left = {n};
        boolean failed = false;
        try (OpenBlas blas = OpenBlas.open(() -> {
            if (left[0]-- == 0) {
                throw new OutOfMemoryError("on purpose");
            }
            given.add(Arena.ofShared());
            return given.getLast();
        })) {
            try {
                multiply(blas, a, c);
            } catch (OutOfMemoryError e) {
                failed = true;
                worst.see(Arrays.equals(c, new float[c.length]), () -> "C was written, n = " + n);
                multiply(blas, a, c);
            }
        }
        worst.see(Arrays.equals(c, square(a)), () -> "the next product is wrong, n = " + n);
        boolean free = given.stream().noneMatch(arena -> arena.scope().isAlive());
        worst.see(free, () -> "native memory is held after close, n = " + n);
        return failed;
    }

    private static void multiply(OpenBlas blas, float[] a, float[] c) {
        blas.sgemm(
                false, false, SIZE, SIZE, SIZE, 1, a, 0, SIZE, a, 0, SIZE, 1, c, 0, SIZE);
    }

    private static float[] square(float[] a) {
        float[] c = new float[a.length];
        for (int i = 0; i < c.length; i++) {
            for (int k = 0; k < SIZE; k++) {
                c[i] += a[i / SIZE * SIZE + k] * a[k * SIZE + i % SIZE];
            }
        }
        return c;
    }
}
