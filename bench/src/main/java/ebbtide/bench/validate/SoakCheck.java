package ebbtide.bench.validate;

import ebbtide.bench.ChildJvm;
import java.util.List;

/** Trains for minutes in a JVM with a fixed, pre-touched heap and watches what grows. */
final class SoakCheck implements Check {
    private static final double LIMIT_MEBIBYTES = 1;

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public String title() {
        return "live heap, native memory and allocation over time";
    }

    @Override
    public void run(ValidationRun run) throws InterruptedException {
        if (run.soakMinutes() == 0) {
            run.add(Finding.notRun(name(), "training", "give --soak MINUTES"));
            return;
        }
        Worst heap = new Worst();
        Worst nativeMemory = new Worst();
        Worst allocated = new Worst();
        Worst held = new Worst();
        try (ChildJvm child = ChildJvm.start(
                List.of(
                        "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch",
                        "-XX:NativeMemoryTracking=summary"),
                SoakChild.class, List.of(Double.toString(run.soakMinutes())))) {
            int code = child.read(line -> {
                if (run.interrupted().getAsBoolean()) {
                    child.kill();
                }
                // Minutes, MiB of heap and native memory above those after warm-up, bytes a step;
                // at the end MiB of native memory that is still held.
                String[] parts = line.split(" ");
                if (parts.length == 4) {
                    String place = "minute " + parts[0];
                    heap.see(Double.parseDouble(parts[1]), () -> place);
                    nativeMemory.see(Double.parseDouble(parts[2]), () -> place);
                    allocated.see(Double.parseDouble(parts[3]), () -> place);
                    run.report("training", Double.parseDouble(parts[0]) / run.soakMinutes());
                } else if (parts.length == 1) {
                    held.see(Double.parseDouble(parts[0]), () -> "after close");
                }
            });
            run.requireGoOn();
            heap.see(code == 0 ? 0 : Double.NaN, () -> "exit " + code);
        }
        run.add(Finding.of(name(), "live heap", heap, LIMIT_MEBIBYTES, "MiB above warm", ""));
        run.add(Finding.of(
                name(), "native memory (NMT)", nativeMemory, LIMIT_MEBIBYTES, "MiB above warm",
                "heap, compiler and its code apart"));
        run.add(Finding.of(name(), "allocation", allocated, 0, "bytes a step", ""));
        run.add(Finding.of(name(), "native memory at the end", held, 0, "MiB held", ""));
    }
}
