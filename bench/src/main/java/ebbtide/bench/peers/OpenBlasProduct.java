package ebbtide.bench.peers;

import ebbtide.bench.speed.Noise;
import ebbtide.engine.random.Generator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A product by OpenBLAS on native memory, each matrix at the start of a page. */
final class OpenBlasProduct implements BlasProduct {
    private static final long PAGE = 4096;

    private final OpenBlasPeer blas;
    private final int threads;
    private final int m;
    private final int n;
    private final int k;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment c;

    OpenBlasProduct(OpenBlasPeer blas, int m, int n, int k, int threads) {
        this.blas = blas;
        this.threads = threads;
        this.m = m;
        this.n = n;
        this.k = k;
        Generator random = Generator.of(1);
        a = page(Noise.uniform(m * k, random));
        b = page(Noise.uniform(k * n, random));
        c = page(new float[m * n]);
    }

    private MemorySegment page(float[] values) {
        MemorySegment segment = arena.allocate((long) values.length * Float.BYTES, PAGE);
        MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_FLOAT, 0, values.length);
        return segment;
    }

    @Override
    public String name() {
        return blas.name();
    }

    @Override
    public void begin() {
        blas.threads(threads);
    }

    @Override
    public long spinNanos() {
        return blas.spinNanos();
    }

    @Override
    public void forward() {
        blas.sgemm(m, n, k, a, b, c);
    }

    @Override
    public float[] product() {
        return c.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
        arena.close();
    }
}
