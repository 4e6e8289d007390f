package ebbtide.bench.validate;

import ebbtide.engine.Workers;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * The float32 engine, forward and backward, against the path in double: each element within the
 * first-order bound of its rounding. Where a network expands and the bound with it, the case is out of
 * reach, which is no pass.
 */
final class UnrolledCheck implements Check {
    /** Graph edges visited for one tensor: some seconds for the largest. */
    private static final double WORK = 2e8;
    private static final int LONG_FORM = 10;

    private final Kernels kernels = KernelSelection.selected().kernels();

    @Override
    public String name() {
        return "unrolled";
    }

    @Override
    public String title() {
        return "the engine within the first-order bound of its rounding";
    }

    private record Case(CellSpec spec, int steps, int hidden, int layers, double gain) {
        String text() {
            return "%s T=%d H=%d%s".formatted(
                    spec.name(), steps, hidden, gain == 1 ? "" : ", gain " + (int) gain);
        }
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (CellSpec spec : CellSpec.ALL) {
            cases.add(new Case(spec, 20, 16, 2, 1));
            cases.add(new Case(spec, 1000, 8, 1, 1));
        }
        cases.add(new Case(CellSpec.rnn(Activation.TANH), 1000, 64, 1, 1));
        cases.add(new Case(CellSpec.lstm(), 300, 64, 1, 1));
        // Chaotic, and a linear one whose largest eigenvalue is above 1: nothing can be said there.
        cases.add(new Case(CellSpec.rnn(Activation.TANH), 200, 32, 1, 6));
        cases.add(new Case(CellSpec.rnn(Activation.IDENTITY), 300, 32, 1, 3));
        return cases;
    }

    @Override
    public void run(ValidationRun run) {
        List<Case> cases = cases();
        for (int i = 0; i < cases.size(); i++) {
            run.requireGoOn();
            run.report(cases.get(i).text(), (double) i / cases.size());
            run.add(judge(run, cases.get(i)));
        }
    }

    private Finding judge(ValidationRun run, Case c) {
        Problem problem = Problem.random(
                c.spec, c.steps, c.steps > 100 ? 1 : 3, 5, c.hidden, c.layers, c.gain, run.seed());
        GraphNetwork network = new GraphNetwork(problem);
        NetworkJudge judge = new NetworkJudge(
                network, problem.shape(), WORK * (run.exhaustive() ? LONG_FORM : 1));
        judge.judge(problem.run(problem.network(kernels), Workers.single()));
        return judge.finding(name(), c.text());
    }
}
