package ebbtide.bench.validate;

import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * NaN, ±∞, −0, subnormals and numbers near overflow in every input of every cell: each output is of the
 * class that the scalar reference gives, and a NaN stays in its own sequence and after its own step.
 */
final class SpecialCheck implements Check {
    private static final float[] SPECIALS = {
        Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE,
        -0x1p-130f, Float.MAX_VALUE, -3e38f
    };
    private static final int STEPS = 5;
    private static final int BATCH = 3;
    private static final int FEATURES = 4;
    private static final int HIDDEN = 18;

    private final Kernels kernels = KernelSelection.selected().kernels();
    private final Kernels reference = KernelSelection.reference();

    @Override
    public String name() {
        return "special";
    }

    @Override
    public String title() {
        return "NaN, infinities, -0, subnormals, overflow in every input";
    }

    @Override
    public void run(ValidationRun run) {
        for (CellSpec spec : CellSpec.ALL) {
            run.requireGoOn();
            run.report(spec.name(), CellSpec.ALL.indexOf(spec) / (double) CellSpec.ALL.size());
            Problem problem = Problem.random(
                    spec, STEPS, BATCH, FEATURES, HIDDEN, 2, 1, run.seed());
            run.add(classes(spec, problem));
            run.add(whereNaNGoes(spec, problem));
        }
    }

    private static Problem with(Problem problem, String input, int at, float value) {
        Map<String, double[]> inputs = new LinkedHashMap<>(problem.inputs());
        double[] changed = inputs.get(input).clone();
        changed[at] = value;
        inputs.put(input, changed);
        return new Problem(
                problem.spec(), problem.steps(), problem.batch(), problem.features(),
                problem.hidden(), problem.layers(), problem.directions(), problem.lengths(),
                inputs);
    }

    private Finding classes(CellSpec spec, Problem problem) {
        Worst worst = new Worst(problem.shape());
        for (String input : problem.inputs().keySet()) {
            for (float special : SPECIALS) {
                Problem changed =
                        with(problem, input, problem.inputs().get(input).length / 2, special);
                Map<String, float[]> expected =
                        changed.run(changed.network(reference), Workers.single());
                Map<String, float[]> actual =
                        changed.run(changed.network(kernels), Workers.single());
                expected.forEach((name, numbers) -> {
                    for (int i = 0; i < numbers.length; i++) {
                        String place = "%s[%d] for %s in %s".formatted(name, i, special, input);
                        worst.see(
                                kind(numbers[i]) == kind(actual.get(name)[i]), () -> place);
                    }
                });
            }
        }
        return Finding.ofFailures(name(), spec.name() + ", classes", worst, "");
    }

    /** NaN, ±∞, ±0, subnormal or normal, and its sign. */
    private static int kind(float x) {
        if (Float.isNaN(x)) {
            return 0;
        }
        int size = Float.isInfinite(x) ? 4 : x == 0 ? 1 : Math.abs(x) < Float.MIN_NORMAL ? 2 : 3;
        return Float.floatToRawIntBits(x) < 0 ? -size : size;
    }

    /** A NaN in x at one step of one sequence. */
    private Finding whereNaNGoes(CellSpec spec, Problem problem) {
        Worst worst = new Worst(problem.shape());
        for (int t = 0; t < STEPS; t++) {
            int step = t;
            int row = t % BATCH;
            Problem changed =
                    with(problem, "x", (t * BATCH + row) * FEATURES, Float.NaN);
            Rnn rnn = changed.network(kernels);
            Plan plan = rnn.plan(STEPS, BATCH);
            Tensor x = Tensor.of(changed.floats("x"), STEPS, BATCH, FEATURES);
            Tensor y = Tensor.zeros(STEPS, BATCH, problem.width());
            plan.forward(x, null, y, null);
            for (int s = 0; s < STEPS; s++) {
                for (int b = 0; b < BATCH; b++) {
                    boolean expected = b == row && s >= t;
                    String place = "y[%d, %d], NaN in x at step %d, row %d"
                            .formatted(s, b, step, row);
                    worst.see(Float.isNaN(y.at(s, b, 0)) == expected, () -> place);
                }
            }
            FirstNaN first = FirstNaN.of(plan, rnn, x);
            worst.see(
                    new FirstNaN("x", t, 0).equals(first), () -> "report says " + first);
            // The same with the input out of sight: the states tell step and layer.
            FirstNaN inStates = FirstNaN.of(plan, rnn, Tensor.zeros(STEPS, BATCH, FEATURES));
            worst.see(
                    new FirstNaN("h", t, 0).equals(inStates), () -> "report says " + inStates);
        }
        return Finding.ofFailures(name(), spec.name() + ", where NaN goes", worst, "");
    }
}
