package ebbtide.bench.speed;

import ebbtide.engine.Workers;
import ebbtide.kernels.KernelSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A step from its first run in a fresh JVM on. Prints the seconds after which it first ran at 95 % of its
 * steady speed, and that speed over the FMA peak, which is measured between.
 */
public final class StartChild {
    private static final long SLICE = 50_000_000;
    private static final long PEAK = 1_000_000;
    private static final double STEADY = 0.95;

    private StartChild() {
    }

    /** The arguments: T,B,I,H, the cell, threads, seconds. */
    public static void main(String[] arguments) {
        Shape shape = Shape.parse(arguments[0]);
        StepCell cell = StepCell.named(arguments[1]);
        double end = Double.parseDouble(arguments[3]);
        List<Double> times = new ArrayList<>();
        List<Double> speeds = new ArrayList<>();
        try (Workers workers = Workers.of(Integer.parseInt(arguments[2]))) {
            FmaPeak peak = new FmaPeak(workers);
            EngineStep step = new EngineStep(
                    KernelSelection.selected().kernels(), workers, StepData.of(shape, cell));
            double flops = Workload.step(shape, cell).flops();
            long start = System.nanoTime();
            for (long now = start; now - start < end * 1e9;) {
                double gflops = peak.gflops(PEAK);
                long begin = System.nanoTime();
                int steps = 0;
                do {
                    step.forward();
                    step.backward();
                    steps++;
                    now = System.nanoTime();
                } while (now - begin < SLICE);
                times.add((begin - start) / 1e9);
                speeds.add(steps * flops / (now - begin) / gflops);
            }
        }
        int steady = speeds.size() * 2 / 3;
        double speed = Series.median(
                speeds.subList(steady, speeds.size()).stream().mapToDouble(Double::doubleValue)
                        .toArray());
        int first = 0;
        while (speeds.get(first) < STEADY * speed) {
            first++;
        }
        System.out.printf(Locale.ROOT, "%.2f %.4f%n", times.get(first), speed);
    }
}
