package ebbtide.bench.validate;

import ebbtide.bench.ChildJvm;
import static java.util.stream.Collectors.joining;

import ebbtide.engine.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
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
    /** Of each scenario in each JVM, divided between numbers of threads, checkpoints on and off. */
    private static final int LONG_FORM = 1000;

    /** JVMs that vary alone, by name; the long form crosses them with threads and checkpoints. */
    private static final Map<String, List<String>> JVMS = jvms();

    private static Map<String, List<String>> jvms() {
        Map<String, List<String>> jvms = new LinkedHashMap<>();
        jvms.put("C1 and C2", List.of());
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
        double parts = THREADS.length + 1 + JVMS.size();
        int done = 0;
        for (int threads : THREADS) {
            String subject = threads + " threads";
            run.report(subject, done++ / parts);
            run.add(here(run, kept, subject, Scenario.all(), threads));
        }
        run.report("checkpoints", done++ / parts);
        run.add(here(run, kept, "checkpoints", Scenario.checkpointed(), 1));
        for (Map.Entry<String, List<String>> jvm : JVMS.entrySet()) {
            run.report(jvm.getKey(), done++ / parts);
            run.add(jvm(run, kept, jvm.getKey(), jvm.getValue()));
        }
    }

    private static void compare(
            Properties kept, String scenario, String hash, String mode, Worst worst) {
        worst.see(
                hash.equals(kept.getProperty(scenario)),
                () -> "%s is %s%s".formatted(scenario, hash, mode));
    }

    private Finding here(
            ValidationRun run, Properties kept, String subject, List<Scenario> scenarios,
            int threads) {
        Worst worst = new Worst();
        try (Workers workers = Workers.of(threads)) {
            for (Scenario scenario : scenarios) {
                for (int i = 0; i < RUNS; i++) {
                    run.requireGoOn();
                    compare(kept, scenario.name(), scenario.hash(workers), "", worst);
                }
            }
        }
        return Finding.ofFailures(name(), subject, worst, "");
    }

    private Finding jvm(ValidationRun run, Properties kept, String subject, List<String> options)
            throws InterruptedException {
        Worst worst = new Worst();
        int runs = run.exhaustive() ? LONG_FORM : RUNS;
        // The interpreter takes a thousand times as long: once is as good there.
        if (options.contains("-Xint")) {
            runs = 1;
        }
        String threads = run.exhaustive()
                ? Arrays.stream(THREADS).mapToObj(Integer::toString).collect(joining(","))
                : "1";
        try (ChildJvm child = ChildJvm.start(
                options, HashChild.class, List.of(Integer.toString(runs), threads))) {
            int code = child.read(line -> {
                String[] parts = line.split(" ", 3);
                if (parts.length == 3 && parts[1].length() == 64) {
                    compare(kept, parts[0], parts[1], ", " + parts[2], worst);
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
