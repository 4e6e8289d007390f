package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import ebbtide.engine.loss.SoftmaxCrossEntropy;
import ebbtide.engine.optim.Clip;
import ebbtide.engine.optim.Optimizer;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A whole training step (forward, read-out, loss, backward, clipping, update) allocates nothing on any
 * thread of the pool once C2 has compiled it. A kernel that lost an inlining inside the engine boxes its
 * vectors and shows here; no other test would notice a hundredth of the speed.
 */
class StepAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 20;
    private static final long PATIENCE = 20_000_000_000L;
    private static final int STEPS = 12;
    private static final int INPUTS = 20;
    private static final int OUTPUTS = 19;

    private final int[] classes = new int[STEPS * 9];
    private float[] kept;

    /** 9 rows are split over two threads, 1 row is not: there the columns are. */
    @ParameterizedTest
    @CsvSource({
        "1, SIGMOID, 9, 1, false, adam", "2, SIGMOID, 9, 1, false, adam",
        "1, TANH, 1, 1, false, sgd", "2, TANH, 1, 1, false, sgd",
        "1, RELU, 9, 2, true, rmsprop", "2, RELU, 9, 2, true, rmsprop",
        "1, IDENTITY, 1, 2, true, nesterov", "2, IDENTITY, 1, 2, true, nesterov"
    })
    void allocatesNothing(
            int threads, Activation cell, int batch, int layers, boolean tokens, String optimizer) {
        try (Workers workers = Workers.of(threads)) {
            assertAllocatesNothing(
                    workers, step(workers, cell, batch, layers, tokens, optimizer));
        }
    }

    /** Three segments, or layer by layer, since the second direction wants all of the first. */
    @ParameterizedTest
    @CsvSource({"1, FORWARD", "2, FORWARD", "1, CONCATENATED", "2, SUMMED"})
    void checkpointsAllocateNothing(int threads, Directions directions) {
        int steps = 200;
        int batch = 3;
        try (Workers workers = Workers.of(threads)) {
            Rnn rnn = Rnn.lstm(INPUTS, 17).directions(directions).build(1);
            CheckpointedPlan plan =
                    rnn.planner(steps, batch).workers(workers).buildCheckpointed();
            Tensor x = Tensor.zeros(steps, batch, INPUTS);
            Tensor dx = Tensor.zeros(steps, batch, INPUTS);
            Tensor y = Tensor.zeros(steps, batch, rnn.outputs());
            Gradients gradients = rnn.gradients();
            assertAllocatesNothing(workers, () -> {
                plan.forward(x, null, null, y, null, null);
                plan.backward(y, null, null, dx, null, null, gradients);
            });
        }
    }

    private static void assertAllocatesNothing(Workers workers, Runnable step) {
        long[] ids = new long[workers.threads()];
        workers.run((worker, count) -> ids[worker] = Thread.currentThread().threadId());
        long deadline = System.nanoTime() + PATIENCE;
        long[] bytes;
        do {
            bytes = bytes(ids, step);
        } while (sum(bytes) > 0 && System.nanoTime() < deadline);
        assertArrayEquals(new long[ids.length], bytes,
                "bytes of each thread in " + CALLS + " steps");
    }

    /** A measurement that does not see an allocation would let everything pass. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "2, 1"})
    void seesAllocation(int threads, int guilty) {
        try (Workers workers = Workers.of(threads)) {
            long[] ids = new long[threads];
            workers.run((worker, count) -> ids[worker] = Thread.currentThread().threadId());
            IntConsumer allocate = worker -> {
                if (worker == guilty) {
                    kept = new float[8];
                }
            };
            long[] bytes =
                    bytes(ids, () -> workers.run((worker, count) -> allocate.accept(worker)));
            assertTrue(bytes[guilty] >= CALLS * 48, "bytes seen: " + bytes[guilty]);
        }
    }

    private Runnable step(
            Workers workers, Activation cell, int batch, int layers, boolean tokens, String name) {
        RnnBuilder network = Rnn.elman(cell, INPUTS, 33).layers(layers).tokens(tokens);
        Model model = Model.build(network, OUTPUTS, 1);
        Kernels kernels = model.rnn().kernels();
        Plan plan = model.rnn().planner(STEPS, batch).workers(workers).build();
        LinearPlan readout = model.readout().plan(STEPS, batch, workers);
        SoftmaxCrossEntropy loss =
                new SoftmaxCrossEntropy(kernels, workers, STEPS, batch, OUTPUTS);
        Optimizer optimizer = Optimizer.named(name, kernels, model.parameters().layout());
        Clip clip = new Clip(kernels);
        Gradients gradients = model.gradients();
        Generator random = Generator.of(2);
        Tensor x = Tensor.zeros(STEPS, batch, INPUTS);
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = random.uniform(-1, 1);
        }
        for (int i = 0; i < classes.length; i++) {
            classes[i] = random.nextInt(OUTPUTS);
        }
        Tokens targets = new Tokens(classes, 0, STEPS, batch, batch);
        return () -> {
            gradients.zero();
            if (tokens) {
                plan.forward(targets, null, null, null);
            } else {
                plan.forward(x, null, null, null);
            }
            readout.forward(plan.output());
            loss.compute(readout.output(), targets, readout.output());
            readout.backward(plan.outputGradient(), gradients);
            plan.backward(plan.outputGradient(), null, null, null, gradients);
            clip.byGlobalNorm(gradients, 1);
            optimizer.step(model.parameters(), gradients, 1e-6);
        };
    }

    /** Reads the caller, thread 0, last and then first: asking for another thread allocates. */
    private static long[] bytes(long[] threads, Runnable step) {
        long[] bytes = new long[threads.length];
        for (int i = threads.length - 1; i > 0; i--) {
            bytes[i] = -THREADS.getThreadAllocatedBytes(threads[i]);
        }
        bytes[0] = -THREADS.getCurrentThreadAllocatedBytes();
        for (int call = 0; call < CALLS; call++) {
            step.run();
        }
        bytes[0] += THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 1; i < threads.length; i++) {
            bytes[i] += THREADS.getThreadAllocatedBytes(threads[i]);
        }
        return bytes;
    }

    private static long sum(long[] bytes) {
        long sum = 0;
        for (long b : bytes) {
            sum += b;
        }
        return sum;
    }
}
