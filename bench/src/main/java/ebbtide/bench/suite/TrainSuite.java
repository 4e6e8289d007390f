package ebbtide.bench.suite;

import ebbtide.bench.speed.StepCell;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A whole training step: gradients of zero, forward, backward, Adam, packing. */
public class TrainSuite extends Race {
    /** T,B,I,H. */
    @Param({"64,16,128,128", "64,32,256,256"})
    public String shape;

    /** The cell. */
    @Param("SIGMOID")
    public StepCell cell;

    /** Public, as JMH wants it. */
    public TrainSuite() {
    }

    /** Builds the step. */
    @Setup(Level.Trial)
    public void setUp() {
        choose(Suite.TRAIN, List.of(cell), shape);
    }

    /** All of it. */
    @Benchmark
    public void train() {
        chosen.forward();
    }
}
