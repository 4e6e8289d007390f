package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a planner announces is what is allocated, whatever the cell and the structure. */
class WorkspaceBytesTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STEPS = 300;
    private static final int BATCH = 24;
    private static final int INPUTS = 20;
    private static final int HIDDEN = 45;
    /** Of each thread and run: objects, and the scratch of gated cells, one tile of rows. */
    private static final double SLACK = 140_000;

    private Object kept;

    /** A network, and how its plan is to be. */
    record Case(String name, RnnBuilder network, int threads, boolean lengths, boolean adjoints) {
        Case(String name, RnnBuilder network) {
            this(name, network, 1, false, false);
        }

        Planner planner(Workers workers) {
            Planner planner = network.build(1).planner(STEPS, BATCH).workers(workers);
            planner = lengths ? planner.variableLengths() : planner;
            return adjoints ? planner.keepAdjoints().keepAdjointNorms() : planner;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("tanh", Rnn.tanh(INPUTS, HIDDEN)),
                new Case("skips", Rnn.tanh(INPUTS, HIDDEN).skip(3, 7)),
                new Case("lstm", Rnn.lstm(INPUTS, HIDDEN)),
                new Case("gru of three layers", Rnn.gru(INPUTS, HIDDEN).layers(3)),
                new Case("reset first", Rnn.gruResetFirst(INPUTS, HIDDEN)),
                new Case("projection", Rnn.lstm(INPUTS, HIDDEN).projection(20).layers(2)),
                new Case("both directions", Rnn.lstm(INPUTS, HIDDEN).layers(2)
                        .directions(Directions.CONCATENATED)),
                new Case("added directions", Rnn.tanh(INPUTS, HIDDEN).layers(2)
                        .directions(Directions.SUMMED)),
                new Case("dropout",
                        Rnn.tanh(INPUTS, HIDDEN).layers(3).dropout(0.2f).residual(true)),
                new Case("recurrent dropout", Rnn.lstm(INPUTS, HIDDEN).recurrentDropout(0.2f)),
                new Case("zoneout", Rnn.lstm(INPUTS, HIDDEN).zoneout(0.1f).cellZoneout(0.1f)),
                new Case("layer norm", Rnn.lstm(INPUTS, HIDDEN).layerNorm(true)),
                new Case("tokens", Rnn.gru(INPUTS, HIDDEN).tokens(true)),
                new Case("three threads", Rnn.lstm(INPUTS, HIDDEN), 3, false, false),
                new Case("lengths", Rnn.lstm(INPUTS, HIDDEN), 1, true, false),
                new Case("adjoints", Rnn.tanh(INPUTS, HIDDEN).layers(2), 1, false, true));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void ofPlans(Case one) {
        check(one, planner -> {
            Plan plan = planner.build();
            kept = plan;
            assertEquals(planner.workspaceBytes(), plan.workspaceBytes());
            return plan.workspaceBytes();
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void ofCheckpointedPlans(Case one) {
        check(one, planner -> {
            CheckpointedPlan plan = planner.buildCheckpointed();
            kept = plan;
            return plan.workspaceBytes();
        });
    }

    private void check(Case one, ToLongFunction<Planner> build) {
        try (Workers workers = Workers.of(one.threads())) {
            Planner planner = one.planner(workers);
            build.applyAsLong(planner);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long announced = build.applyAsLong(planner);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            int runs = planner.rnn.weights().length;
            assertEquals(announced, allocated, SLACK * runs * one.threads(), one.name());
        }
    }
}
