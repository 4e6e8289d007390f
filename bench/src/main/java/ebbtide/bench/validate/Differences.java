package ebbtide.bench.validate;

import ebbtide.bench.validate.Graph.Op;
import java.util.Map;
import java.util.Random;

/** Gradients of a graph against slopes of its value, and the two directions of differentiation. */
final class Differences {
    /** Errors are relative to the derivative, or to this where it is smaller. */
    static final double FLOOR = 1e-3;
    private static final double STEP = 1e-3;
    /** ReLU has kinks: a shorter step, and none across a kink. */
    private static final double SHORT_STEP = 1e-4;

    private final Graph graph;
    private final int root;
    private final boolean analytic;
    private final int[] gradient;

    /** Looks at the gradient of {@code root}. */
    Differences(Graph graph, int root, boolean analytic) {
        this.graph = graph;
        this.root = root;
        this.analytic = analytic;
        this.gradient = GraphGradient.of(graph, root);
    }

    /** Central differences of fourth order for each of these leaves. */
    void central(Map<String, int[]> inputs, Worst worst) {
        inputs.forEach((name, leaves) -> {
            for (int i = 0; i < leaves.length; i++) {
                see(name, i, leaves[i], central(leaves[i]), worst);
            }
        });
    }

    /** The complex step, where the graph is analytic. */
    void complexStep(Map<String, int[]> inputs, Worst worst) {
        inputs.forEach((name, leaves) -> {
            for (int i = 0; analytic && i < leaves.length; i++) {
                see(name, i, leaves[i], GraphSweeps.complexStep(graph, leaves[i], root), worst);
            }
        });
    }

    private void see(String name, int i, int leaf, double slope, Worst worst) {
        double ours = gradient[leaf] < 0 ? 0 : graph.value(gradient[leaf]);
        if (!Double.isNaN(slope)) {
            worst.see(
                    Math.abs(slope - ours) / Math.max(Math.abs(ours), FLOOR),
                    () -> name + "[" + i + "]");
        }
    }

    /** The slope, or NaN where a step crosses a kink. */
    private double central(int leaf) {
        double h = analytic ? STEP : SHORT_STEP;
        double[][] x = new double[4][];
        double[] offsets = {-2, -1, 1, 2};
        for (int i = 0; i < 4; i++) {
            x[i] = new double[root + 1];
            System.arraycopy(graph.values(), 0, x[i], 0, root + 1);
            x[i][leaf] += offsets[i] * h;
            GraphSweeps.evaluate(graph, x[i]);
        }
        for (int node = 0; !analytic && node <= root; node++) {
            if (graph.op(node) == Op.RELU && x[0][node] > 0 != x[3][node] > 0) {
                return Double.NaN;
            }
        }
        return (8 * (x[2][root] - x[1][root]) - (x[3][root] - x[0][root])) / (12 * h);
    }

    /** |⟨Jv, w⟩ − ⟨v, Jᵀw⟩| relative to the sum of the terms' magnitudes, for random v and w. */
    static double dotProducts(Graph graph, int[] outputs, int size, long seed) {
        Random random = new Random(seed);
        double[] v = new double[size];
        double[] start = new double[size];
        for (int node = 0; node < size; node++) {
            if (graph.op(node) == Op.LEAF) {
                v[node] = start[node] = random.nextGaussian();
            }
        }
        double[] w = new double[size];
        for (int node : outputs) {
            w[node] += random.nextGaussian();
        }
        GraphSweeps.tangent(graph, v);
        double forward = 0;
        double magnitude = 0;
        for (int node = 0; node < size; node++) {
            forward += v[node] * w[node];
            magnitude += Math.abs(v[node] * w[node]);
        }
        GraphSweeps.adjoint(graph, w);
        double back = 0;
        for (int node = 0; node < size; node++) {
            // Inner nodes have no tangent of their own: start is 0 there.
            back += start[node] * w[node];
            magnitude += Math.abs(start[node] * w[node]);
        }
        return Math.abs(forward - back) / magnitude;
    }
}
