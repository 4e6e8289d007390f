package ebbtide.bench.peers;

import ebbtide.bench.speed.Noise;
import ebbtide.engine.random.Generator;

/** A product by VectorBLAS on heap arrays. */
final class VectorBlasProduct implements BlasProduct {
    private final VectorBlasPeer blas;
    private final int m;
    private final int n;
    private final int k;
    private final float[] a;
    private final float[] b;
    private final float[] c;

    VectorBlasProduct(VectorBlasPeer blas, int m, int n, int k) {
        this.blas = blas;
        this.m = m;
        this.n = n;
        this.k = k;
        Generator random = Generator.of(1);
        a = Noise.uniform(m * k, random);
        b = Noise.uniform(k * n, random);
        c = new float[m * n];
    }

    @Override
    public String name() {
        return blas.name();
    }

    @Override
    public void forward() {
        blas.sgemm(false, false, m, n, k, a, 0, k, b, 0, n, 0, c, 0, n);
    }

    @Override
    public float[] product() {
        return c;
    }
}
