package ebbtide.bench.speed;

import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** One of the JMH suites in JVMs of its own, with what it allocates (gc.alloc.rate.norm). */
public final class JmhRun {
    /** The suites by the name that the command line gives them. */
    public static final Map<String, Class<?>> SUITES = Map.of(
            "step", StepSuite.class,
            "activation", ActivationSuite.class,
            "openblas", OpenBlasSuite.class,
            "product", ProductSuite.class);

    private JmhRun() {
    }

    /**
     * Runs a suite; JMH prints its report to standard output.
     *
     * @param suite a key of {@link #SUITES}
     * @param parameters values that replace the suite's own, by the name of its field
     * @throws RunnerException if a fork failed
     */
    public static void run(String suite, Map<String, List<String>> parameters)
            throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(SUITES.get(suite).getName().replace(".", "\\."))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        parameters.forEach(
                (name, values) -> options.param(name, values.toArray(String[]::new)));
        new Runner(options.build()).run();
    }
}
