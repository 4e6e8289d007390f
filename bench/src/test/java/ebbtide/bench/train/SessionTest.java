package ebbtide.bench.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import ebbtide.bench.data.SeriesSource;
import ebbtide.bench.data.SeriesTable;
import ebbtide.bench.data.Source;
import ebbtide.bench.data.TextCorpus;
import ebbtide.bench.data.TextSource;
import ebbtide.bench.task.TaskSource;
import ebbtide.bench.task.Tasks;
import ebbtide.engine.Layout;
import ebbtide.engine.Model;
import ebbtide.engine.Parameters;
import ebbtide.engine.Workers;
import ebbtide.kernels.Kernels;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
    private static final Kernels KERNELS = Models.kernels("auto");

    @TempDir
    private Path folder;

    private static Source source(String name) {
        return switch (name) {
            case "text" -> new TextSource(TextCorpus.of("test", text(3000)), 4, 8, 8, 0.9);
            case "overlap" -> new TextSource(TextCorpus.of("test", text(3000)), 4, 9, 2, 0.9);
            case "series" -> new SeriesSource(table(), 4, 6, 2, 0.8, 5);
            default -> new TaskSource(Tasks.of(name, 20), 5, 5);
        };
    }

    private static String text(int length) {
        Random random = new Random(2);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(20)));
        }
        return text.toString();
    }

    private static SeriesTable table() {
        double[] values = new Random(4).doubles(80).toArray();
        return new SeriesTable("test", List.of("a"), "a", values, values, "");
    }

    private static Recipe recipe(String optimizer, int layers) {
        return new Recipe(
                Structure.of("tanh", 19, layers), "uniform", false, 3, 100, optimizer, 0.01,
                "cosine", 5,
                1f, 0.5f, 0.3f, false, layers == 1 ? 0.5 : 0,
                10);
    }

    private static Session session(Source source, Recipe recipe, Workers workers) {
        Model model = Models.create(
                recipe, source.inputs(), source.outputs(), source.tokens(), KERNELS);
        return new Session(model, source, recipe, KERNELS, workers);
    }

    private static void steps(Session session, int count) {
        for (int i = 0; i < count; i++) {
            session.step();
        }
    }

    private static void assertSame(Session expected, Session actual) {
        Parameters a = expected.network().parameters();
        Parameters b = actual.network().parameters();
        for (Layout.Slot slot : a.layout().slots()) {
            assertArrayEquals(a.read(slot.name()), b.read(slot.name()), slot.name());
        }
        assertEquals(expected.loss(), actual.loss());
        assertEquals(expected.update(), actual.update());
        assertEquals(expected.best().loss(), actual.best().loss());
        assertArrayEquals(expected.carried().data(), actual.carried().data());
    }

    @ParameterizedTest
    @CsvSource({
        "text,adam,1", "text,rmsprop,2", "overlap,adamw,2", "overlap,sgd,1", "series,momentum,1",
        "adding,adam,1", "temporal-order,nesterov,2", "copy,adam,1", "latch,sgd,1"
    })
    void resumedEqualsNeverStopped(String name, String optimizer, int layers) {
        Recipe recipe = recipe(optimizer, layers);
        Path file = folder.resolve("run.safetensors");
        try (Workers workers = Workers.single()) {
            Session whole = session(source(name), recipe, workers);
            steps(whole, 12);
            whole.validate(() -> false);
            steps(whole, 45);
            Session first = session(source(name), recipe, workers);
            steps(first, 12);
            first.validate(() -> false);
            steps(first, 11);
            Checkpoint.save(file, first, Map.of("arguments", "[]", "fingerprint", ""));
            Source again = source(name);
            Session second = session(again, recipe, workers);
            Checkpoint.read(file).restore(second);
            assertSame(first, second);
            steps(second, 34);
            assertSame(whole, second);
            assertArrayEquals(whole.source().judge().memory(), again.judge().memory());
        }
    }

    @Test
    void oneThreadEqualsThree() {
        try (Workers one = Workers.single(); Workers three = Workers.of(3)) {
            Session a = session(source("text"), recipe("adam", 2), one);
            Session b = session(source("text"), recipe("adam", 2), three);
            steps(a, 20);
            steps(b, 20);
            a.validate(() -> false);
            b.validate(() -> false);
            assertSame(a, b);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlap", "series", "adding", "copy", "latch"})
    void stepsAllocateNothing(String name) {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        try (Workers workers = Workers.single()) {
            Session session = session(source(name), recipe("adam", 1), workers);
            long least = Long.MAX_VALUE;
            // Vectors are objects until C2 has compiled what uses them: give it time.
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (least > 0 && System.nanoTime() < deadline) {
                long before = threads.getCurrentThreadAllocatedBytes();
                steps(session, 50);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertEquals(0, least, "bytes in 50 steps");
        }
    }

    @Test
    void trainingLowersTheLoss() {
        try (Workers workers = Workers.single()) {
            String pattern = "the tide goes out, the tide comes in. ".repeat(80);
            Source source = new TextSource(TextCorpus.of("test", pattern), 4, 16, 16, 0.9);
            Session session = session(source, recipe("adam", 1), workers);
            double before = session.validate(() -> false).loss();
            steps(session, 100);
            double after = session.validate(() -> false).loss();
            assertTrue(after < 0.5 * before, before + " -> " + after);
            assertEquals(after, session.best().loss());
        }
    }
}
