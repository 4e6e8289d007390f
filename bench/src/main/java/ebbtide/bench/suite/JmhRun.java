package ebbtide.bench.suite;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** One of the suites in JMH's own forks, with what it allocates (gc.alloc.rate.norm). */
public final class JmhRun {
    private JmhRun() {
    }

    /**
     * Runs a suite.
     *
     * @param parameters values that replace the suite's own, by the name of its field
     * @param seconds of an iteration
     * @param out receives JMH's report
     * @throws RunnerException if a fork failed
     */
    public static void run(
            Suite suite, Map<String, List<String>> parameters, double seconds, PrintStream out)
            throws RunnerException {
        TimeValue time = new TimeValue(Math.max(1, Math.round(seconds * 1e3)),
                TimeUnit.MILLISECONDS);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(suite.jmh().getName().replace(".", "\\."))
                .addProfiler(GCProfiler.class)
                .warmupTime(time)
                .measurementTime(time)
                .shouldFailOnError(true);
        parameters.forEach(
                (name, values) -> options.param(name, values.toArray(String[]::new)));
        new Runner(
                options.build(), OutputFormatFactory.createFormatInstance(out, VerboseMode.NORMAL))
                .run();
    }
}
