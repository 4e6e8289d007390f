package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyWorkerRunsOncePerTask(int threads) {
        try (Workers workers = Workers.of(threads)) {
            int[] runs = new int[threads];
            for (int i = 0; i < 200; i++) {
                workers.run(
                        (worker, count) -> {
                            assertEquals(threads, count);
                            runs[worker]++;
                        });
            }
            for (int n : runs) {
                assertEquals(200, n);
            }
        }
    }

    @Test
    void aBarrierSeparatesPhases() {
        try (Workers workers = Workers.of(4)) {
            AtomicInteger arrived = new AtomicInteger();
            int[] seen = new int[4];
            workers.run(
                    (worker, count) -> {
                        for (int phase = 1; phase <= 100; phase++) {
                            arrived.incrementAndGet();
                            workers.await();
                            if (arrived.get() == 4 * phase) {
                                seen[worker]++;
                            }
                            workers.await();
                        }
                    });
            assertArrayEquals(new int[] {100, 100, 100, 100}, seen);
        }
    }

    @Test
    void aFailureReleasesTheOthersAndIsThrown() {
        try (Workers workers = Workers.of(3)) {
            for (int failing = 0; failing < 3; failing++) {
                int bad = failing;
                RuntimeException failure = new RuntimeException("on purpose");
                RuntimeException thrown =
                        assertThrows(
                                RuntimeException.class,
                                () -> workers.run(
                                        (worker, count) -> {
                                            if (worker == bad) {
                                                throw failure;
                                            }
                                            workers.await();
                                        }));
                assertSame(failure, thrown);
            }
            AtomicInteger runs = new AtomicInteger();
            workers.run((worker, count) -> runs.incrementAndGet());
            assertEquals(3, runs.get());
        }
    }

    @Test
    void aClosedPoolSaysSo() {
        Workers workers = Workers.of(2);
        workers.close();
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> workers.run((w, n) -> {}));
        assertTrue(e.getMessage().contains("closed"));
    }

    @Test
    void callersTakeTurns() throws InterruptedException {
        try (Workers workers = Workers.of(2)) {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Thread[] callers = new Thread[3];
            for (int i = 0; i < callers.length; i++) {
                callers[i] =
                        new Thread(
                                () -> {
                                    for (int n = 0; n < 100; n++) {
                                        workers.run(
                                                (worker, count) -> {
                                                    if (worker == 0) {
                                                        most.accumulateAndGet(
                                                                inside.incrementAndGet(),
                                                                Math::max);
                                                        inside.decrementAndGet();
                                                    }
                                                });
                                    }
                                });
                callers[i].start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertEquals(1, most.get());
        }
    }

    @Test
    void aTaskCannotStartAnotherOne() {
        try (Workers workers = Workers.of(2)) {
            assertThrows(
                    IllegalStateException.class,
                    () -> workers.run(
                            (worker, count) -> {
                                if (worker == 0) {
                                    workers.run((w, n) -> {});
                                }
                            }));
        }
    }
}
