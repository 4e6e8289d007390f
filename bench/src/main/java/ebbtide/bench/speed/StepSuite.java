package ebbtide.bench.speed;

import ebbtide.engine.Workers;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
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

/** Forward, backward and the whole step of the engine, in microseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class StepSuite {
    /** T,B,I,H. */
    @Param({"64,1,128,128", "64,16,128,128", "64,32,256,256"})
    public String shape;

    /** The activation. */
    @Param("SIGMOID")
    public Activation cell;

    /** Threads of the engine, not of JMH. */
    @Param("1")
    public int threads;

    private Workers workers;
    private EngineStep step;

    /** Builds the step, with a forward pass for backward to go back over. */
    @Setup(Level.Trial)
    public void setUp() {
        workers = Workers.of(threads);
        step = new EngineStep(
                KernelSelection.selected().kernels(),
                workers,
                Shape.parse(shape),
                cell);
        step.forward();
    }

    /** Ends the threads. */
    @TearDown(Level.Trial)
    public void tearDown() {
        workers.close();
    }

    /** y. */
    @Benchmark
    public void forward() {
        step.forward();
    }

    /** dx, dW, dU, db. */
    @Benchmark
    public void backward() {
        step.backward();
    }

    /** Both. */
    @Benchmark
    public void whole() {
        step.forward();
        step.backward();
    }
}
