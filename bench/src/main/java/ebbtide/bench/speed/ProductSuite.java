package ebbtide.bench.speed;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import ebbtide.kernels.Products;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A product with packed square weights, as in one time step: sums [M, N] = a [M, N] · packed [N, N], in
 * microseconds; 2·M·N·N floating-point operations.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ProductSuite {
    /** M, rows of the batch. */
    @Param({"1", "8", "16", "32", "128"})
    public int rows;

    /** N, hidden units. */
    @Param({"128", "256", "512"})
    public int hidden;

    private final Kernels kernels = KernelSelection.selected().kernels();
    private final Products products = kernels.products();
    private int stride;
    private float[] a;
    private float[] packed;
    private float[] sums;

    /** Draws and packs. */
    @Setup
    public void setUp() {
        Generator random = Generator.of(1);
        stride = Panels.padded(hidden);
        a = uniform(rows * stride, random);
        sums = new float[rows * stride];
        packed = new float[Panels.size(hidden, hidden)];
        float[] weights = uniform(hidden * stride, random);
        kernels.packing().packTransposed(weights, 0, stride, hidden, hidden, packed, 0);
    }

    private static float[] uniform(int n, Generator random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    /** The product, raw sums. */
    @Benchmark
    public float[] multiply() {
        products.multiply(
                a, 0, stride, rows, hidden, packed, 0, Panels.stride(hidden), Panels.count(hidden),
                sums,
                0, stride, false);
        return sums;
    }
}
