package ebbtide.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** Who may be in a plan, and who may edit its parameters. */
public final class OwnershipStress {
    private OwnershipStress() {
    }

    /** Two threads call one plan, each with its own inputs: whoever is let in computes what it would alone. */
    @JCStressTest
    @Outcome(id = "right, right, right", expect = ACCEPTABLE, desc = "one after the other")
    @Outcome(id = "right, refused, right", expect = ACCEPTABLE, desc = "the second is refused")
    @Outcome(id = "refused, right, right", expect = ACCEPTABLE, desc = "the first is refused")
    @State
    public static class TwoCallers {
        private static final int STEPS = 8;
        private static final Rnn RNN = Rnn.lstm(2, 3).build(1);
        private static final Tensor[] X = {inputs(1), inputs(-1)};
        private static final float[] EXPECTED = {
            forward(RNN.plan(STEPS, 1), 0), forward(RNN.plan(STEPS, 1), 1)
        };
        private final Plan plan = RNN.plan(STEPS, 1);

        private static Tensor inputs(float x) {
            Tensor inputs = Tensor.zeros(STEPS, 1, 2);
            Arrays.fill(inputs.data(), x);
            return inputs;
        }

        private static float forward(Plan plan, int caller) {
            Tensor y = Tensor.zeros(STEPS, 1, 3);
            plan.forward(X[caller], null, y, null);
            return y.at(STEPS - 1, 0, 2);
        }

        private String call(int caller) {
            try {
                return forward(plan, caller) == EXPECTED[caller] ? "right" : "wrong";
            } catch (IllegalStateException e) {
                return "refused";
            }
        }

        @Actor
        public void first(LLL_Result r) {
            r.r1 = call(0);
        }

        @Actor
        public void second(LLL_Result r) {
            r.r2 = call(1);
        }

        @Arbiter
        public void after(LLL_Result r) {
            r.r3 = call(0);
        }
    }

    /** A pass sees parameters before an edit or after it, never half of it. */
    @JCStressTest
    @Outcome(id = "old, edited, 1", expect = ACCEPTABLE, desc = "the pass came first")
    @Outcome(id = "new, edited, 1", expect = ACCEPTABLE, desc = "the edit came first")
    @Outcome(id = "refused, edited, 1", expect = ACCEPTABLE, desc = "a pass within an edit")
    @Outcome(id = "old, refused, 0", expect = ACCEPTABLE, desc = "an edit within a pass")
    @State
    public static class PassAndEdit {
        private final Parameters parameters =
                new Parameters(new Layout.Builder().vector("b", 2).build());
        private final Ownership ownership = new Ownership(parameters);

        @Actor
        public void pass(LLI_Result r) {
            try {
                ownership.enter();
            } catch (IllegalStateException e) {
                r.r1 = "refused";
                return;
            }
            float[] seen = parameters.array();
            r.r1 = seen[0] != seen[1] ? "half" : seen[0] == 0 ? "old" : "new";
            ownership.leave();
        }

        @Actor
        public void edit(LLI_Result r) {
            try {
                parameters.edit(values -> {
                    values[0] = 1;
                    values[1] = 1;
                });
                r.r2 = "edited";
            } catch (IllegalStateException e) {
                r.r2 = "refused";
            }
        }

        @Arbiter
        public void after(LLI_Result r) {
            r.r3 = (int) parameters.version();
        }
    }
}
