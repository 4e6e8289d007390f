package ebbtide.bench.validate;

import ebbtide.bench.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Saves that are killed at random moments: each time the file is whole, old or new. Every save takes a JVM
 * of its own to kill, so as many run side by side as there are processors.
 */
final class KilledSaves {
    private static final int KILLS = 1000;
    /** Saves up to the one that is killed. */
    private static final int SAVES = 6;
    private static final int NANOS = 4_000_000;

    private final ValidationRun run;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger halves = new AtomicInteger();

    private KilledSaves(ValidationRun run) {
        this.run = run;
    }

    static void run(String check, ValidationRun run, Path folder) throws Exception {
        KilledSaves saves = new KilledSaves(run);
        Worst worst = new Worst();
        int processors = Runtime.getRuntime().availableProcessors();
        try (ExecutorService pool = Executors.newFixedThreadPool(processors)) {
            List<Future<Worst>> found = new ArrayList<>();
            for (int p = 0; p < processors; p++) {
                Path own = Files.createDirectory(folder.resolve("saves" + p));
                Random random = new Random(run.seed() + p);
                found.add(pool.submit(() -> saves.work(own, random)));
            }
            for (Future<Worst> part : found) {
                worst.see(part.get());
            }
        }
        run.requireGoOn();
        run.add(Finding.ofFailures(
                check, "saves killed at random", worst,
                "%d in the middle of writing".formatted(saves.halves.get())));
    }

    private Worst work(Path folder, Random random) throws IOException, InterruptedException {
        Path file = folder.resolve("saved.safetensors");
        Worst worst = new Worst();
        for (int i = done.getAndIncrement(); i < KILLS; i = done.getAndIncrement()) {
            if (run.interrupted().getAsBoolean()) {
                break;
            }
            run.report("killed saves", 0.6 + 0.4 * i / KILLS);
            kill(file, 1 + random.nextInt(SAVES), random.nextInt(NANOS));
            String found = SaveChild.inspect(file);
            worst.see(found.equals("whole"), () -> found);
            halves.addAndGet(removeOthers(folder, file));
        }
        Files.deleteIfExists(file);
        Files.delete(folder);
        return worst;
    }

    /** Kills a child so many nanoseconds after it began its n-th save. */
    private static void kill(Path file, int n, int nanos) throws InterruptedException {
        try (ChildJvm child = ChildJvm.start(
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"),
                SaveChild.class, List.of(file.toString()))) {
            int[] left = {n};
            child.read(line -> {
                if (--left[0] == 0) {
                    LockSupport.parkNanos(nanos);
                    child.kill();
                }
            });
        }
    }

    /** Deletes what a killed save left beside the file; returns how many there were. */
    private static int removeOthers(Path folder, Path file) throws IOException {
        int others = 0;
        try (var left = Files.list(folder)) {
            for (Path other : left.filter(f -> !f.equals(file)).toList()) {
                Files.delete(other);
                others++;
            }
        }
        return others;
    }
}
