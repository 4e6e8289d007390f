package ebbtide.bench.suite;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A product as in one time step, [M, N] = [M, K]·[K, N]: 2·M·N·K floating-point operations. */
public class GemmSuite extends Race {
    /** M,N,K. */
    @Param({"1,128,128", "8,128,128", "32,256,256", "64,512,512"})
    public String shape;

    /** Public, as JMH wants it. */
    public GemmSuite() {
    }

    /** Draws and packs. */
    @Setup(Level.Trial)
    public void setUp() {
        choose(Suite.GEMM, null, shape);
    }

    /** The product. */
    @Benchmark
    public void multiply() {
        chosen.forward();
    }

    /** The product with the packing of its right factor. */
    @Benchmark
    public void packed() {
        chosen.update();
        chosen.forward();
    }
}
