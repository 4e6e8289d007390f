package ebbtide.bench.speed;

import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.MatrixProducts;

/**
 * A product as a library does it for our engine: sums [m, n] = a [m, k] · wᵀ of w [n, k], all on the
 * heap, the call and its copies included. The rows of w are split over the threads.
 */
public final class LibraryProduct implements Contestant {
    private final MatrixProducts library;
    private final Workers workers;
    private final Workers.Task task = this::part;
    private final int m;
    private final int n;
    private final int k;
    private final float[] a;
    private final float[] weights;
    private final float[] sums;

    /** Draws the same numbers as {@link PackedProduct}. */
    public LibraryProduct(MatrixProducts library, Workers workers, int m, int n, int k) {
        this.library = library;
        this.workers = workers;
        this.m = m;
        this.n = n;
        this.k = k;
        Generator random = Generator.of(1);
        a = Noise.uniform(m * k, random);
        weights = Noise.uniform(n * k, random);
        sums = new float[m * n];
    }

    @Override
    public String name() {
        return library.name() + " from the heap";
    }

    @Override
    public void forward() {
        workers.run(task);
    }

    private void part(int worker, int count) {
        int first = n * worker / count;
        int columns = n * (worker + 1) / count - first;
        library.sgemm(
                false, true, m, columns, k, 1, a, 0, k, weights, first * k, k, 0, sums, first, n);
    }

    /** Returns sums [m, n]. */
    float[] sums() {
        return sums;
    }
}
