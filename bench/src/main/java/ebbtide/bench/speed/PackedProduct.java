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
        packed = new float[Panels.size(k, n)];
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
        kernels.packing().packTransposed(weights, 0, k, n, k, packed, 0);
    }

    @Override
    public void forward() {
        workers.run(task);
    }

    private void part(int worker, int count) {
        int panels = Panels.count(n);
        int first = panels * worker / count;
        int last = panels * (worker + 1) / count;
        if (last > first) {
            kernels.products().multiply(
                    a, 0, k, m, k, packed, first * Panels.stride(k), Panels.stride(k),
                    last - first, sums, first * Panels.WIDTH, Panels.padded(n), false);
        }
    }

    /** Returns sums [m, n], rows padded to a multiple of 16. */
    float[] sums() {
        return sums;
    }
}
