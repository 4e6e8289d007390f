package ebbtide.bench.validate;

import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.io.InvalidFileException;
import ebbtide.engine.io.Safetensors;
import ebbtide.engine.io.StoredTensor;
import ebbtide.kernels.KernelSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** What happens when memory ends, a save is killed, a file lies, or threads meet. */
final class FailureCheck implements Check {
    private static final int THREADS = 64;
    private static final int FILES = 100_000;
    private static final int KILLS = 20;
    private static final int LONG_FORM_FILES = 10_000_000;
    private static final int LONG_FORM_KILLS = 1000;

    @Override
    public String name() {
        return "failure";
    }

    @Override
    public String title() {
        return "heap that ends, killed saves, fuzzed files, threads";
    }

    @Override
    public void run(ValidationRun run) throws Exception {
        run.report("heap", 0);
        run.add(heap());
        run.report("threads", 0.1);
        run.add(ownPlans(run));
        run.add(sharedPlan());
        Path folder = Files.createTempDirectory("ebbtide-validate");
        try {
            run.add(fuzzed(run, folder));
            run.add(killed(run, folder));
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        run.add(Finding.notRun(
                name(), "native memory that ends",
                "OpenBLAS's own tests: OpenBlasTest in native/"));
    }

    /** A plan too large for a small heap, again and again, and a pass after each. */
    private Finding heap() throws InterruptedException {
        Worst worst = new Worst();
        try (ChildJvm child =
                ChildJvm.start(List.of("-Xmx96m"), HeapChild.class, List.of())) {
            int code = child.read(line -> worst.see(line.equals("whole"), () -> line));
            worst.see(code == 0, () -> "exit " + code);
        }
        return Finding.ofFailures(name(), "a heap too small", worst, "96 MB");
    }

    private static Problem problem() {
        return Problem.random(CellSpec.lstm(), 6, 4, 5, 17, 1, 1, 3);
    }

    private static boolean same(Map<String, float[]> a, Map<String, float[]> b) {
        return a.entrySet().stream()
                .allMatch(e -> Arrays.equals(e.getValue(), b.get(e.getKey())));
    }

    private Finding ownPlans(ValidationRun run) throws Exception {
        Problem problem = problem();
        Rnn rnn = problem.network(KernelSelection.selected().kernels());
        Map<String, float[]> serial = problem.run(rnn, Workers.single());
        Worst worst = new Worst(problem.shape());
        try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            Callable<Boolean> work = () -> same(serial, problem.run(rnn, Workers.single()));
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < THREADS * (run.exhaustive() ? 100 : 5); i++) {
                all.add(work);
            }
            for (Future<Boolean> result : pool.invokeAll(all)) {
                worst.see(result.get(), () -> "a plan of its own gave other bits");
            }
        }
        return Finding.ofFailures(name(), THREADS + " threads, a plan each", worst, "");
    }

    /** Two threads call one plan until one of them is refused. */
    private Finding sharedPlan() throws InterruptedException {
        Rnn rnn = Rnn.sigmoid(32, 64).build(1);
        Plan plan = rnn.plan(64, 16);
        Tensor x = Tensor.zeros(64, 16, 32);
        AtomicBoolean refused = new AtomicBoolean();
        AtomicBoolean wrong = new AtomicBoolean();
        Runnable calls = () -> {
            for (int i = 0; i < 20_000 && !refused.get(); i++) {
                try {
                    plan.forward(x, null, null, null);
                } catch (IllegalStateException e) {
                    refused.set(true);
                } catch (RuntimeException e) {
                    wrong.set(true);
                }
            }
        };
        Thread other = Thread.ofPlatform().start(calls);
        calls.run();
        other.join();
        Worst worst = new Worst();
        worst.see(refused.get() && !wrong.get(), () -> "no IllegalStateException was thrown");
        return Finding.ofFailures(name(), "a plan shared by two threads", worst, "");
    }

    /** Damaged files are read as a whole or refused with the one exception. */
    private Finding fuzzed(ValidationRun run, Path folder) throws IOException {
        Path file = folder.resolve("sound.safetensors");
        Safetensors.write(
                file, Map.of("cell", "rnn"),
                List.of(
                        StoredTensor.floats("weight_hh_l0", new float[9], 3, 3),
                        StoredTensor.floats("bias_hh_l0", new float[3], 3)));
        byte[] sound = Files.readAllBytes(file);
        int count = run.exhaustive() ? LONG_FORM_FILES : FILES;
        Worst worst = new Worst();
        for (int i = 0; i < count; i++) {
            long seed = run.seed() + i;
            if (i % 1000 == 0) {
                run.requireGoOn();
                run.report("fuzzed files", 0.2 + 0.6 * i / count);
            }
            Files.write(file, mutated(sound, new Random(seed)));
            try {
                Safetensors.read(file);
                worst.see(true, () -> "");
            } catch (InvalidFileException e) {
                worst.see(true, () -> "");
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                worst.see(false, () -> "seed " + seed + ": " + e);
            }
        }
        return Finding.ofFailures(name(), "fuzzed model files", worst, "");
    }

    private static byte[] mutated(byte[] sound, Random random) {
        byte[] bytes = random.nextInt(4) == 0
                ? Arrays.copyOf(sound, random.nextInt(sound.length + 20))
                : sound.clone();
        String likely = "{}[]\",:\\0123456789eEF-";
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = random.nextBoolean()
                    ? (byte) random.nextInt(256)
                    : (byte) likely.charAt(random.nextInt(likely.length()));
        }
        return bytes;
    }

    /** A child saves one of two states over and over until it is killed. */
    private Finding killed(ValidationRun run, Path folder) throws Exception {
        Path file = folder.resolve("saved.safetensors");
        int count = run.exhaustive() ? LONG_FORM_KILLS : KILLS;
        Random random = new Random(run.seed());
        Worst worst = new Worst();
        for (int i = 0; i < count; i++) {
            run.requireGoOn();
            run.report("killed saves", 0.8 + 0.2 * i / count);
            try (ChildJvm child = ChildJvm.start(
                    List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"), SaveChild.class,
                    List.of(file.toString()))) {
                long[] left = {1 + random.nextInt(40)};
                int after = random.nextInt(3000);
                child.read(line -> {
                    if (--left[0] == 0) {
                        LockSupport.parkNanos(after * 1000L);
                        child.kill();
                    }
                });
            }
            String found = SaveChild.inspect(file);
            worst.see(found.equals("whole"), () -> found);
        }
        return Finding.ofFailures(name(), "saves killed at random", worst, "");
    }
}
