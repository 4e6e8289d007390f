package ebbtide.bench.suite;

import ebbtide.openblas.UnusableLibraryException;
import java.util.Locale;
import java.util.Optional;

/**
 * What a call into OpenBLAS costs here, the least of many rounds. {@link OpenBlasSuite} measures the same in
 * forks, and more.
 */
public final class CallCost {
    private static final int CALLS = 2_000;
    private static final long NANOS = 100_000_000;

    private CallCost() {
    }

    private interface Call {
        void run() throws Throwable;
    }

    /** Returns the cost in one line, or nothing where no OpenBLAS is fit for use. */
    public static Optional<String> measure() {
        OpenBlasSuite calls = new OpenBlasSuite();
        OpenBlasSuite.Library library = new OpenBlasSuite.Library();
        try {
            library.open();
        } catch (UnusableLibraryException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%s: %.0f ns a downcall, %.0f ns the smallest product on the heap, checks included",
                    library.blas.description().version(),
                    nanos(calls::criticalCall),
                    nanos(() -> calls.smallestProduct(library))));
        } finally {
            library.close();
        }
    }

    private static double nanos(Call call) {
        long least = Long.MAX_VALUE;
        try {
            long end = System.nanoTime() + NANOS;
            for (long start = 0; start < end;) {
                start = System.nanoTime();
                for (int i = 0; i < CALLS; i++) {
                    call.run();
                }
                least = Math.min(least, System.nanoTime() - start);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("a call that was tried before failed", e);
        }
        return (double) least / CALLS;
    }
}
