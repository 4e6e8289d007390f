package ebbtide.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.LI_Result;

/** The barrier between the steps of a pass. */
public final class BarrierStress {
    private BarrierStress() {
    }

    /** What a worker wrote before a barrier the other one reads after it, round for round. */
    @JCStressTest
    @Outcome(id = "1, 2, 1, 2", expect = ACCEPTABLE, desc = "each sees the other's round")
    @State
    public static class Rounds {
        private final Barrier barrier = new Barrier(2);
        private int a;
        private int b;

        @Actor
        public void first(IIII_Result r) {
            a = 1;
            barrier.await();
            r.r1 = b;
            barrier.await();
            a = 2;
            barrier.await();
            r.r2 = b;
        }

        @Actor
        public void second(IIII_Result r) {
            b = 1;
            barrier.await();
            r.r3 = a;
            barrier.await();
            b = 2;
            barrier.await();
            r.r4 = a;
        }
    }

    /** A worker that fails lets go the one that waits, which sees why. */
    @JCStressTest
    @Outcome(id = "released, 1", expect = ACCEPTABLE, desc = "whoever came first")
    @State
    public static class Failing {
        private final Barrier barrier = new Barrier(2);
        private int reason;

        @Actor
        public void waiting(LI_Result r) {
            try {
                barrier.await();
                r.r1 = "passed";
            } catch (Barrier.Broken e) {
                r.r1 = "released";
            }
            r.r2 = reason;
        }

        @Actor
        public void failing() {
            reason = 1;
            barrier.breakUp();
        }
    }
}
