package ebbtide.bench.validate;

import ebbtide.engine.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * One SHA-256 for each scenario, kept beside this class: any number of threads, the interpreter, C1 and
 * C2, AVX2 and AVX-512, any vector width. A hash changes only in a commit that says why.
 */
final class DeterminismCheck implements Check {
    private static final int[] THREADS = {1, 2, 3, 7, 16};
    private static final int RUNS = 10;
    private static final int LONG_FORM = 1000;

    /** What varies alone, by name; the long form crosses it with the compilers. */
    private static final Map<String, List<String>> JVMS = jvms();

    private static Map<String, List<String>> jvms() {
        Map<String, List<String>> jvms = new LinkedHashMap<>();
        jvms.put("interpreter", List.of("-Xint"));
        jvms.put("C1", List.of("-XX:TieredStopAtLevel=1"));
        jvms.put("C2", List.of("-XX:-TieredCompilation"));
        jvms.put("UseAVX=2", List.of("-XX:UseAVX=2"));
        jvms.put("UseAVX=3", List.of("-XX:UseAVX=3"));
        jvms.put("scalar kernels", List.of("-Debbtide.kernels=scalar"));
        jvms.put("128-bit kernels", List.of("-Debbtide.kernels=128"));
        return jvms;
    }

    @Override
    public String name() {
        return "determinism";
    }

    @Override
    public String title() {
        return "one hash a scenario for all threads, compilers, instruction sets";
    }

    @Override
    public void run(ValidationRun run) throws IOException, InterruptedException {
        Properties kept = new Properties();
        try (InputStream in = DeterminismCheck.class.getResourceAsStream("hashes.properties")) {
            kept.load(in);
        }
        double parts = THREADS.length + JVMS.size();
        int done = 0;
        for (int threads : THREADS) {
            run.report(threads + " threads", done++ / parts);
            run.add(threads(run, kept, threads));
        }
        for (Map.Entry<String, List<String>> jvm : JVMS.entrySet()) {
            run.report(jvm.getKey(), done++ / parts);
            run.add(jvm(run, kept, jvm.getKey(), jvm.getValue()));
        }
        run.add(Finding.notRun(name(), "checkpoints on or off",
                "CheckpointedPlanTest of the engine holds them together"));
    }

    private static boolean compare(Properties kept, String scenario, String hash, Worst worst) {
        boolean same = hash.equals(kept.getProperty(scenario));
        worst.see(same, () -> scenario + " is " + hash);
        return same;
    }

    private Finding threads(ValidationRun run, Properties kept, int threads) {
        Worst worst = new Worst();
        int runs = run.exhaustive() ? LONG_FORM : RUNS;
        try (Workers workers = Workers.of(threads)) {
            for (Scenario scenario : Scenario.all()) {
                for (int i = 0; i < runs; i++) {
                    run.requireGoOn();
                    compare(kept, scenario.name(), scenario.hash(workers), worst);
                }
            }
        }
        return Finding.ofFailures(name(), threads + " threads", worst, "");
    }

    private Finding jvm(ValidationRun run, Properties kept, String subject, List<String> options)
            throws InterruptedException {
        Worst worst = new Worst();
        int runs = run.exhaustive() ? LONG_FORM : RUNS;
        // The interpreter takes a thousand times as long: once is as good there.
        if (options.contains("-Xint")) {
            runs = 1;
        }
        try (ChildJvm child =
                ChildJvm.start(options, HashChild.class, List.of(Integer.toString(runs)))) {
            int code = child.read(line -> {
                String[] parts = line.split(" ");
                if (parts.length == 2 && parts[1].length() == 64) {
                    compare(kept, parts[0], parts[1], worst);
                }
                if (run.interrupted().getAsBoolean()) {
                    child.kill();
                }
            });
            run.requireGoOn();
            if (code != 0) {
                return Finding.notRun(name(), subject, "this JVM does not start so");
            }
        }
        return Finding.ofFailures(name(), subject, worst, "");
    }
}
