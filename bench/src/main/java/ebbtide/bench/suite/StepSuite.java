package ebbtide.bench.suite;

import ebbtide.bench.speed.StepCell;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Forward, the whole step, and the whole step with the packing of weights. */
public class StepSuite extends Race {
    /** T,B,I,H. */
    @Param({"64,1,128,128", "64,16,128,128", "64,32,256,256"})
    public String shape;

    /** The cell. */
    @Param("SIGMOID")
    public StepCell cell;

    /** Public, as JMH wants it. */
    public StepSuite() {
    }

    /** Builds the step. */
    @Setup(Level.Trial)
    public void setUp() {
        choose(Suite.STEP, List.of(cell), shape);
    }

    /** y. */
    @Benchmark
    public void forward() {
        chosen.forward();
    }

    /** y, dx, dW, dU, db. */
    @Benchmark
    public void whole() {
        chosen.forward();
        chosen.backward();
    }

    /** The same after an update of the weights. */
    @Benchmark
    public void packed() {
        chosen.update();
        chosen.forward();
        chosen.backward();
    }
}
