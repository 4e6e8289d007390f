package ebbtide.bench.validate;

import ebbtide.bench.validate.Graph.Op;
import java.util.Arrays;

/**
 * Writes the gradient of a node into its graph, as more nodes: reverse accumulation, in which the adjoint
 * of a node is one sum over all that read it. So the gradient has values and roundings of its own, as
 * backpropagation through time has them.
 */
final class GraphGradient {
    private final Graph graph;
    private final int[][] adjoints;
    private final int[][] partials;
    private final int[] counts;
    private final int[] found;

    private GraphGradient(Graph graph, int root) {
        this.graph = graph;
        int size = root + 1;
        adjoints = new int[size][];
        partials = new int[size][];
        counts = new int[size];
        found = new int[size];
        Arrays.fill(found, -1);
        contribute(root, graph.one, graph.one);
        for (int node = root; node >= 0; node--) {
            if (counts[node] > 0) {
                found[node] = close(node);
                spread(node, found[node]);
            }
        }
    }

    /** Returns the node of ∂root/∂n for each node n up to root, −1 where it is 0. */
    static int[] of(Graph graph, int root) {
        return new GraphGradient(graph, root).found;
    }

    private void contribute(int to, int adjoint, int partial) {
        if (counts[to] == 0) {
            adjoints[to] = new int[2];
            partials[to] = new int[2];
        } else if (counts[to] == adjoints[to].length) {
            adjoints[to] = Arrays.copyOf(adjoints[to], 2 * counts[to]);
            partials[to] = Arrays.copyOf(partials[to], 2 * counts[to]);
        }
        adjoints[to][counts[to]] = adjoint;
        partials[to][counts[to]++] = partial;
    }

    private int close(int node) {
        int n = counts[node];
        boolean alone = n == 1 && partials[node][0] == graph.one;
        int sum = alone
                ? adjoints[node][0]
                : graph.dot(Arrays.copyOf(adjoints[node], n), Arrays.copyOf(partials[node], n));
        adjoints[node] = null;
        partials[node] = null;
        return sum;
    }

    private void spread(int node, int adjoint) {
        int[] a = graph.left(node);
        int[] b = graph.right(node);
        switch (graph.op(node)) {
            case LEAF -> {
            }
            case ADD -> {
                contribute(a[0], adjoint, graph.one);
                contribute(b[0], adjoint, graph.one);
            }
            case SUB -> {
                contribute(a[0], adjoint, graph.one);
                contribute(b[0], adjoint, graph.minusOne);
            }
            case MUL, DOT -> {
                for (int k = 0; k < a.length; k++) {
                    contribute(a[k], adjoint, b[k]);
                    contribute(b[k], adjoint, a[k]);
                }
            }
            case SIGMOID -> contribute(a[0], adjoint, graph.of(Op.SIGMOID_SLOPE, node));
            case TANH -> contribute(a[0], adjoint, graph.of(Op.TANH_SLOPE, node));
            case RELU -> contribute(a[0], adjoint, graph.of(Op.RELU_SLOPE, node));
            case EXP -> contribute(a[0], adjoint, node);
            case LOG -> contribute(a[0], adjoint, graph.of(Op.RECIPROCAL, a[0]));
            case RECIPROCAL_ROOT -> {
                // The slope is −y³/2.
                int cube = graph.mul(node, graph.mul(node, node));
                contribute(a[0], adjoint, graph.mul(graph.leaf(-0.5), cube));
            }
            default -> throw new AssertionError("no second derivatives: " + graph.op(node));
        }
    }
}
