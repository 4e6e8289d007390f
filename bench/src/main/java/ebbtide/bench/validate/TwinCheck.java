package ebbtide.bench.validate;

import ebbtide.bench.ChildJvm;
import ebbtide.kernels.KernelSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import jdk.incubator.vector.VectorShape;

/**
 * Every vector kernel against its scalar twin, bit for bit, at each width in a JVM of its own: the width
 * is a constant of the JVM. Widths that the CPU lacks are emulated by the JDK, a few cases of them.
 */
final class TwinCheck implements Check {
    private static final int[] WIDTHS = {128, 256, 512};
    /** Calls of a kernel; over two widths, or three, more than a million. */
    private static final long CASES = 520_000;
    private static final long EMULATED = 4_000;
    private static final long LONG_FORM = 10;

    @Override
    public String name() {
        return "twins";
    }

    @Override
    public String title() {
        return "every kernel, scalar against vectors, bit for bit";
    }

    @Override
    public void run(ValidationRun run) throws Exception {
        int widest = VectorShape.largestShapeFor(float.class).vectorBitSize();
        long total = 0;
        for (int width : WIDTHS) {
            total += cases(run, width > widest);
        }
        AtomicLong done = new AtomicLong();
        double all = total;
        List<Future<Finding>> findings = new ArrayList<>();
        try (ExecutorService pool =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (int width : WIDTHS) {
                boolean emulated = width > widest;
                findings.add(pool.submit(() -> width(run, width, emulated, done, all)));
            }
            for (Future<Finding> finding : findings) {
                Finding found = finding.get();
                run.requireGoOn();
                run.add(found);
            }
        }
    }

    private static long cases(ValidationRun run, boolean emulated) {
        return (emulated ? EMULATED : CASES) * (run.exhaustive() ? LONG_FORM : 1);
    }

    private Finding width(
            ValidationRun run, int width, boolean emulated, AtomicLong done, double total)
            throws InterruptedException {
        long cases = cases(run, emulated);
        String subject = width + " bits" + (emulated ? ", emulated" : "");
        String[] last = {"", ""};
        long[] before = {0};
        try (ChildJvm child = ChildJvm.start(
                List.of("-D" + KernelSelection.PROPERTY + "=" + width), TwinChild.class,
                List.of(Long.toString(cases), Long.toString(run.seed())))) {
            int code = child.read(line -> {
                if (run.interrupted().getAsBoolean()) {
                    child.kill();
                }
                if (line.startsWith("kernels ")) {
                    last[0] = line.substring("kernels ".length());
                } else {
                    last[1] = line;
                    long now = Long.parseLong(line.split(" ")[1]);
                    run.report(subject, done.addAndGet(now - before[0]) / total);
                    before[0] = now;
                }
            });
            if (code != 0 || !last[0].equals("vector" + width)) {
                return Finding.notRun(
                        name(), subject,
                        "a JVM for it ended with %d and kernels %s".formatted(code, last[0]));
            }
        }
        String[] parts = last[1].split(" ", 4);
        return new Finding(
                name(), subject, Long.parseLong(parts[1]), Double.parseDouble(parts[2]), 0,
                "cases that differ", parts.length > 3 ? parts[3] : "", "",
                parts[2].equals("0") ? Verdict.PASSED : Verdict.FAILED,
                emulated ? "this CPU has no vectors of this width" : "");
    }
}
