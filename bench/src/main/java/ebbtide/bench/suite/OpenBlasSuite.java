package ebbtide.bench.suite;

import ebbtide.bench.speed.Noise;
import ebbtide.engine.random.Generator;
import ebbtide.openblas.OpenBlas;
import ebbtide.openblas.UnusableLibraryException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a call into OpenBLAS costs, in nanoseconds, from the inside out: a downcall to a C function that
 * does next to nothing, a product of one number by one number, and C [M, N] = A [M, N] · B [N, N] of heap
 * arrays, copies to native memory included.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"
        })
public class OpenBlasSuite {
    private static final MethodHandle ABS = abs();
    private static final MethodHandle ABS_ON_HEAP = abs(Linker.Option.critical(true));

    @SuppressWarnings("restricted") // What is measured here is a downcall.
    private static MethodHandle abs(Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup().findOrThrow("abs");
        return linker.downcallHandle(
                function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                options);
    }

    /** An open library. */
    @State(Scope.Benchmark)
    public static class Library {
        OpenBlas blas;
        final float[] numbers = {2, 3, 0};

        /** Opens it. */
        @Setup(Level.Trial)
        public void open() throws UnusableLibraryException {
            blas = OpenBlas.open();
        }

        /** Closes it. */
        @TearDown(Level.Trial)
        public void close() {
            blas.close();
        }
    }

    /** The operands of a product. */
    @State(Scope.Benchmark)
    public static class Operands {
        /** M, rows of the batch, or of the batch and the steps. */
        @Param({"1", "8", "32", "128", "1024"})
        public int rows;

        /** N, hidden units. */
        @Param({"128", "256", "512"})
        public int hidden;

        private float[] a;
        private float[] b;
        private float[] c;

        /** Draws them. */
        @Setup(Level.Trial)
        public void draw() {
            Generator random = Generator.of(1);
            a = Noise.uniform(rows * hidden, random);
            b = Noise.uniform(hidden * hidden, random);
            c = new float[rows * hidden];
        }
    }

    /** A downcall, nothing else. */
    @Benchmark
    public int call() throws Throwable {
        return (int) ABS.invokeExact(-1);
    }

    /** A downcall that may be given heap arrays, and holds back safepoints. */
    @Benchmark
    public int criticalCall() throws Throwable {
        return (int) ABS_ON_HEAP.invokeExact(-1);
    }

    /** 2·3 on the heap: the downcall, the checks before it and OpenBLAS's own way in. */
    @Benchmark
    public float smallestProduct(Library library) {
        float[] x = library.numbers;
        library.blas.sgemm(false, false, 1, 1, 1, 1, x, 0, 1, x, 1, 1, 0, x, 2, 1);
        return x[2];
    }

    /** A product as of one time step, or of many merged. */
    @Benchmark
    public float[] product(Library library, Operands x) {
        int n = x.hidden;
        library.blas.sgemm(
                false, true, x.rows, n, n, 1, x.a, 0, n, x.b, 0, n, 0, x.c, 0, n);
        return x.c;
    }
}
