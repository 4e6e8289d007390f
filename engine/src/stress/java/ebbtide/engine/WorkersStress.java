package ebbtide.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A pool that two callers use at the same time. All counts are plain: only the pool orders them. */
public final class WorkersStress {
    private static final int THREADS = 3;

    private WorkersStress() {
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }

    /** Callers take turns, and each sees all that its workers wrote. */
    @JCStressTest
    @Outcome(id = "3, 3, 6", expect = ACCEPTABLE, desc = "two whole runs, one after the other")
    @State
    public static class Turns {
        private static final Workers POOL = Workers.of(THREADS);
        private final int[] together = new int[THREADS];

        private int run() {
            int[] own = new int[THREADS];
            POOL.run((worker, workers) -> {
                own[worker]++;
                together[worker]++;
            });
            return sum(own);
        }

        @Actor
        public void first(III_Result r) {
            r.r1 = run();
        }

        @Actor
        public void second(III_Result r) {
            r.r2 = run();
        }

        @Arbiter
        public void both(III_Result r) {
            r.r3 = sum(together);
        }
    }

    /** The failure of one run is its own caller's, who waits for nobody that waits at a barrier. */
    @JCStressTest
    @Outcome(id = "failed, 3", expect = ACCEPTABLE, desc = "one fails, one runs")
    @State
    public static class Failing {
        private static final Workers POOL = Workers.of(THREADS);

        @Actor
        public void failing(LI_Result r) {
            try {
                POOL.run((worker, workers) -> {
                    if (worker == 1) {
                        throw new UnsupportedOperationException();
                    }
                    POOL.await();
                });
                r.r1 = "ran";
            } catch (UnsupportedOperationException e) {
                r.r1 = "failed";
            }
        }

        @Actor
        public void running(LI_Result r) {
            int[] counts = new int[THREADS];
            POOL.run((worker, workers) -> {
                POOL.await();
                counts[worker]++;
            });
            r.r2 = sum(counts);
        }
    }

    /** A run beside the end of the pool is whole or refused. */
    @JCStressTest
    @Outcome(id = "ran, 2", expect = ACCEPTABLE, desc = "the run came first")
    @Outcome(id = "refused, 0", expect = ACCEPTABLE, desc = "the end came first")
    @State
    public static class Closing {
        private final Workers pool = Workers.of(2);

        @Actor
        public void running(LL_Result r) {
            int[] counts = new int[2];
            try {
                pool.run((worker, workers) -> counts[worker]++);
                r.r1 = "ran";
            } catch (IllegalStateException e) {
                r.r1 = "refused";
            }
            r.r2 = sum(counts);
        }

        @Actor
        public void closing() {
            pool.close();
        }
    }
}
