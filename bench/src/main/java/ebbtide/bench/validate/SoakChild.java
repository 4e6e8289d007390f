package ebbtide.bench.validate;

import com.sun.management.ThreadMXBean;
import ebbtide.engine.Gradients;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.optim.Optimizer;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import ebbtide.openblas.OpenBlas;
import ebbtide.openblas.UnusableLibraryException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Updates of two networks for some minutes, one on our kernels and one with OpenBLAS, all of whose products
 * go through native memory; and what the JVM holds, twenty times, and when all is closed.
 */
final class SoakChild {
    private static final int READINGS = 20;
    private static final double WARM_UP_MINUTES = 0.25;
    private static final int STEPS = 32;
    private static final int BATCH = 8;
    private static final int INPUTS = 16;
    private static final double MEBIBYTE = 1048576;

    private static final Pattern CATEGORY =
            Pattern.compile("-\\s+(\\S[^(]*\\S) \\(.*committed=(\\d+)KB");
    /** What belongs to the JVM's own work: compiled code comes and goes. */
    private static final Set<String> NOT_OURS = Set.of(
            "Java Heap", "Code", "Compiler", "Arena Chunk", "Native Memory Tracking");
    /** Where the memory of arenas is counted. */
    private static final String ARENAS = "Other";

    private final List<Training> trainings = new ArrayList<>();
    private long steps;

    private SoakChild() {
    }

    /** A network that is updated over and over. */
    private static final class Training {
        private final Rnn rnn;
        private final Gradients gradients;
        private final Optimizer optimizer;
        private final Tensor x = Tensor.zeros(STEPS, BATCH, INPUTS);
        private final Plan plan;

        Training(Kernels kernels, Workers workers) {
            rnn = Rnn.lstm(INPUTS, 48).kernels(kernels).build(1);
            gradients = rnn.gradients();
            optimizer = Optimizer.named("adam", kernels, rnn.parameters().layout());
            plan = rnn.planner(STEPS, BATCH).workers(workers).build();
        }

        void update() {
            gradients.zero();
            plan.forward(x, null, null, null);
            plan.backward(plan.outputGradient(), null, null, null, gradients);
            optimizer.step(rnn.parameters(), gradients, 1e-6);
        }
    }

    private void work(double minutes) {
        long end = System.nanoTime() + (long) (minutes * 60e9);
        while (System.nanoTime() < end) {
            for (int i = 0; i < trainings.size(); i++) {
                trainings.get(i).update();
            }
            steps++;
        }
    }

    /** The argument is how many minutes. */
    public static void main(String[] arguments) throws JMException {
        double minutes = Double.parseDouble(arguments[0]);
        // Whatever is made once is there before the first reading.
        train(minutes, 0);
        double before = nativeMemory(Set.of(ARENAS));
        train(minutes, READINGS);
        System.out.printf(Locale.ROOT, "%.4f%n", nativeMemory(Set.of(ARENAS)) - before);
    }

    private static void train(double minutes, int readings) throws JMException {
        Kernels kernels = KernelSelection.selected().kernels();
        try (Workers workers = Workers.of(2)) {
            SoakChild soak = new SoakChild();
            soak.trainings.add(new Training(kernels, workers));
            try (OpenBlas blas = OpenBlas.open(Arena::ofShared)) {
                soak.trainings.add(new Training(kernels.with(blas), workers));
                soak.watch(minutes, readings);
            } catch (UnusableLibraryException e) {
                soak.watch(minutes, readings);
            }
        }
    }

    private void watch(double minutes, int readings) throws JMException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        work(Math.min(WARM_UP_MINUTES, minutes));
        double heap = heap();
        double nativeMemory = nativeMemory(null);
        for (int reading = 1; reading <= readings; reading++) {
            long stepsBefore = steps;
            long bytes = threads.getCurrentThreadAllocatedBytes();
            work(minutes / readings);
            long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
            System.out.printf(
                    Locale.ROOT, "%.2f %.4f %.4f %.4f%n", minutes * reading / readings,
                    heap() - heap, nativeMemory(null) - nativeMemory,
                    (double) allocated / (steps - stepsBefore));
        }
    }

    private static double heap() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / MEBIBYTE;
    }

    /** Mebibytes of native memory by the JVM's own count, of some categories or (null) of all that are ours. */
    private static double nativeMemory(Set<String> categories) throws JMException {
        String summary = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmNativeMemory",
                new Object[] {new String[] {"summary"}}, new String[] {String[].class.getName()});
        double total = 0;
        Matcher matcher = CATEGORY.matcher(summary);
        while (matcher.find()) {
            String category = matcher.group(1);
            if (categories == null
                    ? !NOT_OURS.contains(category)
                    : categories.contains(category)) {
                total += Double.parseDouble(matcher.group(2)) / 1024;
            }
        }
        return total;
    }
}
