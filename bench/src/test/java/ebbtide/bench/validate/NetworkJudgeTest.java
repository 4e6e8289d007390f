package ebbtide.bench.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Workers;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A judge that lets everything pass would be no judge. */
class NetworkJudgeTest {
    private static final double WORK = 1e9;

    private final Problem problem = Problem.random(CellSpec.lstm(), 6, 2, 3, 5, 2, 1, 4);
    private final GraphNetwork network = new GraphNetwork(problem);

    private Map<String, float[]> engine() {
        return problem.run(problem.network(KernelSelection.reference()), Workers.single());
    }

    private Finding judge(Map<String, float[]> actual) {
        NetworkJudge judge = new NetworkJudge(network, problem.shape(), WORK);
        judge.judge(actual);
        return judge.finding("test", "lstm");
    }

    @Test
    void theEnginePasses() {
        Finding finding = judge(engine());
        assertEquals(Verdict.PASSED, finding.verdict(), finding.toString());
        assertTrue(finding.worst() > 0.01, "a bound that is never used is too wide: " + finding);
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", "hn", "cn", "dx", "dh0", "dc0", "grad.weight_hh_l0"})
    void oneWrongElementFails(String tensor) {
        for (float wrong : new float[] {1.001f, -1, Float.NaN}) {
            Map<String, float[]> actual = engine();
            float[] numbers = actual.get(tensor);
            numbers[numbers.length - 1] *= wrong;
            Finding finding = judge(actual);
            assertEquals(Verdict.FAILED, finding.verdict(), finding.toString());
            assertTrue(finding.place().startsWith(tensor + "[" + (numbers.length - 1) + "]"));
        }
    }

    @Test
    void aNetworkThatExpandsIsOutOfReach() {
        Problem wild = Problem.random(
                CellSpec.rnn(Activation.IDENTITY), 120, 1, 2, 8, 1, 8, 4);
        NetworkJudge judge = new NetworkJudge(new GraphNetwork(wild), wild.shape(), 1e8);
        judge.judge(wild.run(wild.network(KernelSelection.reference()), Workers.single()));
        Finding finding = judge.finding("test", "identity");
        assertEquals(Verdict.OUT_OF_REACH, finding.verdict(), finding.toString());
    }

    @Test
    void theGradientIsThatOfTheLoss() {
        Worst worst = new Worst();
        Differences differences = new Differences(network.graph, network.loss, true);
        differences.central(network.inputs, worst);
        differences.complexStep(network.inputs, worst);
        assertTrue(worst.error() < 1e-7, worst.place() + " " + worst.error());
        assertTrue(worst.cases() > 500, "cases: " + worst.cases());
    }

    @Test
    void aNaNStaysTheWorst() {
        Worst worst = new Worst();
        worst.see(Double.NaN, () -> "here");
        worst.see(1e300, () -> "there");
        assertEquals("here", worst.place());
        assertEquals(Verdict.FAILED, Finding.of("a", "b", worst, 1e308, "", "").verdict());
        assertEquals(
                Verdict.FAILED, Finding.of("a", "nothing seen", new Worst(), 1, "", "").verdict());
    }
}
