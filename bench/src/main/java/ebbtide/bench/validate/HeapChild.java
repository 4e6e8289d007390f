package ebbtide.bench.validate;

import ebbtide.engine.Rnn;
import ebbtide.engine.Workers;
import ebbtide.kernels.KernelSelection;
import java.util.Arrays;
import java.util.Map;

/** In a small heap: plans that do not fit, and after each a pass that does. */
final class HeapChild {
    private static final int TIMES = 50;

    private HeapChild() {
    }

    /** Prints "whole" for each pass that came out as before, else what went wrong. */
    public static void main(String[] arguments) {
        Problem problem = Problem.random(CellSpec.gru(), 6, 4, 5, 17, 1, 1, 3);
        Rnn rnn = problem.network(KernelSelection.selected().kernels());
        Map<String, float[]> expected = problem.run(rnn, Workers.single());
        for (int i = 0; i < TIMES; i++) {
            try {
                rnn.plan(100_000, 64);
                System.out.println("expected no room for the plan, it fitted");
            } catch (OutOfMemoryError e) {
                Map<String, float[]> actual = problem.run(rnn, Workers.single());
                boolean same = expected.entrySet().stream().allMatch(
                        tensor -> Arrays.equals(tensor.getValue(), actual.get(tensor.getKey())));
                System.out.println(same ? "whole" : "other bits after plan " + i);
            }
        }
    }
}
