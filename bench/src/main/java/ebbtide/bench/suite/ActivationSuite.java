package ebbtide.bench.suite;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Pointwise;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Elementwise functions on data in L1, in nanoseconds for 16 values. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ActivationSuite {
    private static final int VALUES = 1024;
    private static final int SIXTEENS = VALUES / 16;

    /** What is computed. */
    @Param({"SIGMOID", "TANH", "RELU", "IDENTITY"})
    public Activation function;

    private final Pointwise pointwise = KernelSelection.selected().kernels().pointwise();
    private final float[] x = new float[VALUES];
    private final float[] y = new float[VALUES];

    /** Draws values where no function is constant yet. */
    @Setup
    public void setUp() {
        Generator random = Generator.of(1);
        for (int i = 0; i < VALUES; i++) {
            x[i] = random.uniform(-6, 6);
        }
    }

    /** φ as the engine and its users call it. */
    @Benchmark
    @OperationsPerInvocation(SIXTEENS)
    public float[] apply() {
        pointwise.apply(function, x, 0, y, 0, VALUES);
        return y;
    }

    /** The second half of a forward step, h = φ(h + sums), plus a copy that gives h back its start. */
    @Benchmark
    @OperationsPerInvocation(SIXTEENS)
    public float[] activate() {
        System.arraycopy(x, 0, y, 0, VALUES);
        pointwise.activate(function, x, 0, 64, y, 0, 64, VALUES / 64, 64);
        return y;
    }
}
