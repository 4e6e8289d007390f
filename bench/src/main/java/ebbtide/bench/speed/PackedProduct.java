package ebbtide.bench.speed;

import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/**
 * A product as our engine does it in one time step: sums [m, n] = a [m, k] · packed [k, n], the panels
 * of the packed factor split over the threads. {@link #update} packs.
 */
public final class PackedProduct implements Contestant {
    private final Kernels kernels;
    private final Workers workers;
    private final Workers.Task task = this::part;
    private final int m;
    private final int n;
    private final int k;
    private final float[] a;
    private final float[] weights;
    private final float[] packed;
    /** Of each worker: the left factor, but for one to three last rows. */
    private final float[][] left;
    private final float[] sums;

    /** Draws and packs. */
    public PackedProduct(Kernels kernels, Workers workers, int m, int n, int k) {
        this.kernels = kernels;
        this.workers = workers;
        this.m = m;
        this.n = n;
        this.k = k;
        Generator random = Generator.of(1);
        a = Noise.uniform(m * k, random);
        weights = Noise.uniform(n * k, random);
        packed = new float[Panels.FIRST + Panels.size(k, n)];
        left = new float[workers.threads()][Panels.groups(m) * Panels.GROUP * k];
        sums = new float[m * Panels.padded(n)];
        update();
    }

    @Override
    public String name() {
        return kernels.name();
    }

    @Override
    public boolean packs() {
        return true;
    }

    @Override
    public void update() {
        kernels.packing().packTransposed(weights, 0, k, n, k, packed, Panels.FIRST);
    }

    @Override
    public void forward() {
        if (workers.threads() == 1) {
            // In the engine a product runs within a task; starting one for each took 50 to 90 ns.
            part(0, 1);
        } else {
            workers.run(task);
        }
    }

    private void part(int worker, int count) {
        int panels = Panels.count(n);
        int first = panels * worker / count;
        int last = panels * (worker + 1) / count;
        if (last > first) {
            int rest = m & -Panels.HALF_GROUP;
            groups(left[worker], rest, first, last - first);
            kernels.products().multiply(
                    a, rest * k, k, m - rest, k, packed, place(first), Panels.stride(k),
                    last - first, sums, rest * Panels.padded(n) + first * Panels.WIDTH,
                    Panels.padded(n), false);
        }
    }

    private int place(int panel) {
        return Panels.FIRST + panel * Panels.stride(k);
    }

    /** The rows that are packed, block of terms by block of terms. */
    private void groups(float[] left, int rows, int first, int panels) {
        int stride = k * Panels.GROUP;
        kernels.packing().packGroups(a, 0, k, rows, k, left, 0, stride);
        for (int k0 = 0; k0 < k; k0 += Panels.BLOCK) {
            kernels.products().multiplyGroups(
                    left, k0 * Panels.GROUP, stride, rows, Math.min(Panels.BLOCK, k - k0), packed,
                    place(first) + k0 * Panels.WIDTH, Panels.stride(k), panels, sums,
                    first * Panels.WIDTH, Panels.padded(n), k0 > 0);
        }
    }

    /** Returns sums [m, n], rows padded to a multiple of 16. */
    float[] sums() {
        return sums;
    }
}
