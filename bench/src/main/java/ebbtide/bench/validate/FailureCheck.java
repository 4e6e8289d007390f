package ebbtide.bench.validate;

import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.kernels.KernelSelection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** What happens when memory ends, a save is killed, a file lies, or threads meet. */
final class FailureCheck implements Check {
    private static final int THREADS = 64;

    @Override
    public String name() {
        return "failure";
    }

    @Override
    public String title() {
        return "memory that ends, threads that meet, files that lie, saves that are killed";
    }

    @Override
    public void run(ValidationRun run) throws Exception {
        run.report("heap", 0);
        run.add(MemoryFailures.heap(name()));
        run.report("native memory", 0.05);
        run.add(MemoryFailures.nativeMemory(name()));
        run.report("threads", 0.1);
        run.add(ownPlans(run));
        run.add(sharedPlan());
        Path folder = Files.createTempDirectory("ebbtide-validate");
        try {
            FuzzedFiles.run(name(), run, folder);
            KilledSaves.run(name(), run, folder);
        } finally {
            Files.delete(folder);
        }
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
}
