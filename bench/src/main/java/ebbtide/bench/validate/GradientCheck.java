package ebbtide.bench.validate;

import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Losses;
import java.util.Locale;
import java.util.Map;

/**
 * The gradients of the path in double, every parameter and input of every cell and loss, against slopes:
 * central differences of fourth order, and the complex step where the cell is analytic. Then forward
 * against backward differentiation, and the float32 losses against the bound of their rounding.
 */
final class GradientCheck implements Check {
    private static final double SLOPES = 1e-7;
    private static final double DOT_PRODUCTS = 1e-12;
    private static final int DRAWS = 20;
    private static final String UNIT = "relative";
    private static final String FLOOR = "floor " + Differences.FLOOR;

    @Override
    public String name() {
        return "gradients";
    }

    @Override
    public String title() {
        return "the double path against slopes, complex step, dot products";
    }

    @Override
    public void run(ValidationRun run) {
        double all = CellSpec.ALL.size();
        for (CellSpec spec : CellSpec.ALL) {
            run.requireGoOn();
            cell(run, spec);
            run.report(spec.name(), CellSpec.ALL.indexOf(spec) / all);
        }
        for (LossGraph loss : LossGraph.values()) {
            loss(run, loss);
        }
    }

    private void cell(ValidationRun run, CellSpec spec) {
        Problem problem = Problem.random(spec, 6, 2, 3, 4, 2, 1, run.seed());
        GraphNetwork network = new GraphNetwork(problem);
        // dy, dhn and dcn are inputs like the others: the loss is linear in them.
        Map<String, int[]> inputs = network.inputs;
        Differences differences =
                new Differences(network.graph, network.loss, spec.analytic());
        Worst central = new Worst(problem.shape());
        differences.central(inputs, central);
        run.add(Finding.of(name(), spec.name() + ", differences", central, SLOPES, UNIT, FLOOR));
        if (spec.analytic()) {
            Worst complex = new Worst(problem.shape());
            differences.complexStep(inputs, complex);
            run.add(Finding.of(
                    name(), spec.name() + ", complex step", complex, SLOPES, UNIT, FLOOR));
        }
        Worst dots = new Worst(problem.shape());
        for (int draw = 0; draw < DRAWS; draw++) {
            long seed = run.seed() + draw;
            dots.see(
                    Differences.dotProducts(
                            network.graph, network.outputs.get("y"), network.loss, seed),
                    () -> "seed " + seed);
        }
        run.add(Finding.of(
                name(), spec.name() + ", <Jv,w> = <v,J'w>", dots, DOT_PRODUCTS, UNIT, ""));
    }

    private void loss(ValidationRun run, LossGraph loss) {
        String text = loss.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        Losses kernels = KernelSelection.selected().kernels().losses();
        Worst slopes = new Worst();
        Worst rounding = new Worst();
        for (int draw = 0; draw < DRAWS; draw++) {
            long seed = run.seed() + draw;
            LossGraph.Row row = loss.row(1 + 7 * draw, seed);
            Differences differences = new Differences(row.graph, row.loss, true);
            differences.central(row.inputs(), slopes);
            differences.complexStep(row.inputs(), slopes);
            rounding(loss, row, kernels, rounding, seed);
        }
        run.add(Finding.of(name(), text + ", slopes", slopes, SLOPES, UNIT, FLOOR));
        run.add(Finding.of(name(), text + ", float32", rounding, 1, "of the bound", ""));
    }

    private static void rounding(
            LossGraph loss, LossGraph.Row row, Losses kernels, Worst worst, long seed) {
        int[] gradient = GraphGradient.of(row.graph, row.loss);
        double[] roundings = new double[row.graph.size()];
        for (int node = 0; node < roundings.length; node++) {
            roundings[node] = row.graph.rounding(node);
        }
        float[] actual = loss.kernels(kernels, row);
        for (int i = 0; i < actual.length; i++) {
            int node = i == 0 ? row.loss : gradient[row.z[i - 1]];
            double error = Math.abs(actual[i] - row.graph.value(node));
            double bound = GraphSweeps.bound(row.graph, node, roundings);
            String place = (i == 0 ? "loss" : "dz[" + (i - 1) + "]") + ", seed " + seed;
            worst.see(error == 0 ? 0 : error / bound, () -> place);
        }
    }
}
