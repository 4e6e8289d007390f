package ebbtide.bench.validate;

import com.sun.management.ThreadMXBean;
import ebbtide.engine.Gradients;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.optim.Optimizer;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** Updates of a network for some minutes, and what the JVM holds, twenty times. */
final class SoakChild {
    private static final int READINGS = 20;
    private static final double WARM_UP_MINUTES = 0.25;
    /** What belongs to the JVM's own work: compiled code comes and goes. */
    private static final Pattern OURS =
            Pattern.compile("-\\s+(Other|Thread|Unsafe|Internal) \\(.*committed=(\\d+)KB");

    private final Rnn rnn = Rnn.lstm(16, 48).build(1);
    private final Gradients gradients = rnn.gradients();
    private final Optimizer optimizer =
            Optimizer.named("adam", rnn.kernels(), rnn.parameters().layout());
    private final Tensor x = Tensor.zeros(32, 8, 16);
    private final Plan plan;
    private long steps;

    private SoakChild(Workers workers) {
        plan = rnn.planner(32, 8).workers(workers).build();
    }

    private void update() {
        gradients.zero();
        plan.forward(x, null, null, null);
        plan.backward(plan.outputGradient(), null, null, null, gradients);
        optimizer.step(rnn.parameters(), gradients, 1e-6);
        steps++;
    }

    private void work(double minutes) {
        long end = System.nanoTime() + (long) (minutes * 60e9);
        while (System.nanoTime() < end) {
            update();
        }
    }

    /** The argument is how many minutes. */
    public static void main(String[] arguments) throws JMException {
        double minutes = Double.parseDouble(arguments[0]);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Workers workers = Workers.of(2)) {
            SoakChild soak = new SoakChild(workers);
            soak.work(Math.min(WARM_UP_MINUTES, minutes));
            double heap = heap();
            double nativeMemory = nativeMemory();
            for (int reading = 1; reading <= READINGS; reading++) {
                long steps = soak.steps;
                long bytes = threads.getCurrentThreadAllocatedBytes();
                soak.work(minutes / READINGS);
                long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
                System.out.printf(
                        Locale.ROOT, "%.2f %.4f %.4f %.4f%n", minutes * reading / READINGS,
                        heap() - heap, nativeMemory() - nativeMemory,
                        (double) allocated / (soak.steps - steps));
            }
        }
    }

    private static double heap() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1048576.0;
    }

    /** Mebibytes of native memory, by the JVM's own count. */
    private static double nativeMemory() throws JMException {
        String summary = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmNativeMemory",
                new Object[] {new String[] {"summary"}}, new String[] {String[].class.getName()});
        double total = 0;
        Matcher matcher = OURS.matcher(summary);
        while (matcher.find()) {
            total += Double.parseDouble(matcher.group(2)) / 1024;
        }
        return total;
    }
}
