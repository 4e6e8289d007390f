package ebbtide.openblas;

import ebbtide.kernels.MatrixProducts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Matrix products by OpenBLAS on heap arrays. Results are within γ_k·|A||B| of the exact ones, and
 * their bits depend on the library, the CPU and the shape: OpenBLAS cannot keep the contract of
 * {@code ebbtide.kernels}.
 *
 * <p>It helps where the kernels of {@code ebbtide.kernels} lack the vectors that it has: beside ours of 256
 * bits its AVX-512 made whole steps 1.2 to 1.5 times as fast. Beside ours of 512 bits it made most of them
 * slower (0.76 to 0.92), tiny layers faster (up to 1.17), and was level from 512 rows of 1024 units on
 * (README, "With OpenBLAS").
 *
 * <p>While any object is open, the library runs on the calling thread alone; the last one to be
 * closed gives it back the number of threads that it had. Threads may share an object: as many
 * products run at once as there are processors (at most 32; one for a sequential build), the others
 * wait.
 *
 * <p>A product in steady state allocates nothing. Those of more than {@value #IN_PLACE_FLOPS}
 * floating point operations are copied to native memory, which the object owns, grows to the
 * largest product, and frees when it is closed. Where there is no more of it, a product throws an
 * OutOfMemoryError, C is as it was, and nothing is lost: the next product may succeed.
 */
public final class OpenBlas implements MatrixProducts, AutoCloseable {
    /**
     * Products up to this many operations run on the heap arrays in place. The JVM cannot stop for
     * a safepoint while they do, some 30 µs at 60 GFLOP/s; above, copying costs little against
     * them.
     */
    static final long IN_PLACE_FLOPS = 1L << 21;

    private final SharedLibrary library;
    private final double inPlaceFlops;
    private final HeapSegments heap = new HeapSegments();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** One for each caller that may be inside; a slot is null while its workspace is in use. */
    private final AtomicReferenceArray<Workspace> workspaces;

    OpenBlas(SharedLibrary library, double inPlaceFlops, Supplier<Arena> arenas) {
        this.library = library;
        this.inPlaceFlops = inPlaceFlops;
        workspaces = new AtomicReferenceArray<>(library.cap);
        for (int i = 0; i < library.cap; i++) {
            workspaces.set(i, new Workspace(arenas));
        }
        library.retain();
    }

    /**
     * Opens the library that {@link LibrarySelection#selected} found.
     *
     * @throws UnusableLibraryException if there is none, with the reason in one line
     */
    public static OpenBlas open() throws UnusableLibraryException {
        return LibrarySelection.selected().open();
    }

    /**
     * Opens the library with native memory of the caller's making: a budget, or one that ends on
     * purpose.
     *
     * @param arenas makes arenas that every thread may use and close, as {@link Arena#ofShared} does
     * @throws UnusableLibraryException as {@link #open()} does
     */
    public static OpenBlas open(Supplier<Arena> arenas) throws UnusableLibraryException {
        // All products through native memory: that is what is asked for.
        return LibrarySelection.selected().open(0, arenas);
    }

    @Override
    public String name() {
        return "openblas";
    }

    /** Returns what is open. */
    public LibraryDescription description() {
        return library.description;
    }

    @Override
    public void sgemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            float[] a,
            int aOff,
            int aStride,
            float[] b,
            int bOff,
            int bStride,
            float beta,
            float[] c,
            int cOff,
            int cStride) {
        requireOpen();
        if (m < 0 || n < 0 || k < 0) {
            throw new IllegalArgumentException(
                    "expected m, n, k of 0 or more, got %d, %d, %d".formatted(m, n, k));
        }
        Matrices.require("C", c, cOff, cStride, m, n);
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 0 || alpha == 0) {
            Matrices.scale(beta, c, cOff, cStride, m, n);
            return;
        }
        int aRows = transposeA ? k : m;
        int aColumns = transposeA ? m : k;
        int bRows = transposeB ? n : k;
        int bColumns = transposeB ? k : n;
        Matrices.require("A", a, aOff, aStride, aRows, aColumns);
        Matrices.require("B", b, bOff, bStride, bRows, bColumns);
        Matrices.requireApart("A", a, aOff, aStride, aRows, aColumns, c, cOff, cStride, m, n);
        Matrices.requireApart("B", b, bOff, bStride, bRows, bColumns, c, cOff, cStride, m, n);

        int flagA = transposeA ? Bindings.TRANSPOSE : Bindings.NO_TRANSPOSE;
        int flagB = transposeB ? Bindings.TRANSPOSE : Bindings.NO_TRANSPOSE;
        library.callers.enter();
        try {
            Workspace workspace = take();
            try {
                if (2.0 * m * n * k <= inPlaceFlops) {
                    library.bindings.sgemm(
                            flagA, flagB, m, n, k, alpha,
                            heap.from(a, aOff), aStride, heap.from(b, bOff), bStride,
                            beta, heap.from(c, cOff), cStride);
                    return;
                }
                MemorySegment nativeC = beta == 0
                        ? workspace.c.reserve(m, n)
                        : workspace.c.load(c, cOff, cStride, m, n);
                library.bindings.sgemm(
                        flagA, flagB, m, n, k, alpha,
                        workspace.a.load(a, aOff, aStride, aRows, aColumns), aColumns,
                        workspace.b.load(b, bOff, bStride, bRows, bColumns), bColumns,
                        beta, nativeC, n);
                workspace.c.store(c, cOff, cStride, m, n);
            } finally {
                give(workspace);
            }
        } finally {
            library.callers.leave();
        }
    }

    private Workspace take() {
        while (true) {
            for (int i = 0; i < workspaces.length(); i++) {
                Workspace taken = workspaces.getAndSet(i, null);
                if (taken != null) {
                    return taken;
                }
            }
            requireOpen();
            Thread.onSpinWait();
        }
    }

    private void give(Workspace workspace) {
        for (int i = 0; !workspaces.compareAndSet(i, null, workspace);) {
            i = (i + 1) % workspaces.length();
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException(
                    "this OpenBlas is closed; open another one with OpenBlas.open()");
        }
    }

    /** Returns the bytes of native memory that this object holds now, those in use not counted. */
    long nativeBytes() {
        long bytes = 0;
        for (int i = 0; i < workspaces.length(); i++) {
            Workspace workspace = workspaces.get(i);
            bytes += workspace == null ? 0 : workspace.bytes();
        }
        return bytes;
    }

    /** Waits for running products, frees native memory, gives the library its threads back. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        for (int closedOnes = 0; closedOnes < workspaces.length();) {
            boolean found = false;
            for (int i = 0; i < workspaces.length(); i++) {
                Workspace workspace = workspaces.getAndSet(i, null);
                if (workspace != null) {
                    workspace.close();
                    closedOnes++;
                    found = true;
                }
            }
            if (!found) {
                LockSupport.parkNanos(this, 50_000);
            }
        }
        library.release();
    }
}
