package ebbtide.bench.suite;

import ebbtide.bench.BadInput;
import ebbtide.bench.speed.Contestant;
import ebbtide.bench.speed.StepCell;
import ebbtide.engine.Workers;
import ebbtide.kernels.KernelSelection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One contestant at one piece of work in forks of its own, in microseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 5)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"
        })
public abstract class Race {
    private static final String OURS = "ours";

    /** Who: ours, scalar, or a peer. */
    @Param({OURS, "onednn", "openblas"})
    public String contestant;

    /** Threads of the contestant, not of JMH. */
    @Param("1")
    public int threads;

    /** Who was chosen. */
    Contestant chosen;

    private Workers workers;
    private List<Contestant> all;

    Race() {
    }

    /** Sets up the contestants and has one of them begin. */
    void choose(Suite suite, List<StepCell> cells, String shape) {
        workers = Workers.of(threads);
        all = suite.entries(
                KernelSelection.selected().kernels(), cells, List.of(shape), false)
                .get(0).field().contestants(workers);
        chosen = contestant.equals(OURS)
                ? all.get(0)
                : all.stream().filter(one -> one.name().equals(contestant)).findFirst()
                        .orElseThrow(() -> new BadInput(
                                "contestant: expected one of %s here, got %s",
                                all.stream().map(Contestant::name).toList(), contestant));
        chosen.begin();
    }

    /** Frees what they hold. */
    @TearDown(Level.Trial)
    public void tearDown() {
        all.forEach(Contestant::close);
        workers.close();
    }
}
