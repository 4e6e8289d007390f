package ebbtide.bench.validate;

import ebbtide.bench.validate.Graph.Op;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network of the engine as a graph in double, element by element as the equations of {@link
 * GraphCell} stand, with the loss Σ y·dy + Σ hn·dhn (+ Σ cn·dcn) and its gradient. It shares nothing with the engine but the names of the
 * parameters, and rounds where the engine rounds.
 */
final class GraphNetwork {
    final Graph graph = new Graph();
    /** The loss. */
    final int loss;
    /** Nodes of all inputs by name: x, h0, c0, dy, dhn, dcn and the parameters. */
    final Map<String, int[]> inputs = new LinkedHashMap<>();
    /** Nodes of all outputs by name: y, hn, cn, dx, dh0, dc0, grad.weight_ih_l0 …; −1 for 0. */
    final Map<String, int[]> outputs = new LinkedHashMap<>();

    private final Problem problem;
    private final int hidden;
    /** The size of a state h. */
    private final int units;
    private final int batch;
    private final int zero = graph.leaf(0);

    GraphNetwork(Problem problem) {
        this.problem = problem;
        hidden = problem.hidden();
        units = problem.width();
        batch = problem.batch();
        problem.inputs().forEach((name, numbers) -> inputs.put(name, graph.leaves(numbers)));
        int[] x = inputs.get("x");
        int width = problem.features();
        int states = problem.layers() * problem.directions() * batch;
        int[] hn = new int[states * units];
        int[] cn = inputs.containsKey("c0") ? new int[states * hidden] : null;
        for (int layer = 0; layer < problem.layers(); layer++) {
            int outputs = problem.directions() * units;
            int[] y = new int[problem.steps() * batch * outputs];
            Arrays.fill(y, zero);
            for (int direction = 0; direction < problem.directions(); direction++) {
                run(layer, direction, x, width, y, hn, cn);
            }
            x = y;
            width = outputs;
        }
        outputs.put("y", x);
        outputs.put("hn", hn);
        int sum = graph.add(graph.dot(x, inputs.get("dy")), graph.dot(hn, inputs.get("dhn")));
        if (cn != null) {
            outputs.put("cn", cn);
            sum = graph.add(sum, graph.dot(cn, inputs.get("dcn")));
        }
        loss = sum;
        int[] adjoints = GraphGradient.of(graph, loss);
        inputs.forEach((name, nodes) -> {
            if (!name.equals("dy") && !name.endsWith("n")) {
                outputs.put(problem.gradientName(name), adjointsOf(nodes, adjoints));
            }
        });
    }

    private static int[] adjointsOf(int[] nodes, int[] adjoints) {
        int[] found = new int[nodes.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = adjoints[nodes[i]];
        }
        return found;
    }

    private static int[] row(int[] matrix, int row, int columns) {
        int[] nodes = new int[columns];
        System.arraycopy(matrix, row * columns, nodes, 0, columns);
        return nodes;
    }

    /** One direction of a layer over all steps and sequences. */
    private void run(
            int layer, int direction, int[] x, int width, int[] y, int[] hn, int[] cn) {
        String suffix = "_l" + layer + (direction == 0 ? "" : "_reverse");
        GraphCell cell = new GraphCell(
                graph, problem.spec(),
                new GraphWeights(graph, inputs, suffix, width, units, hidden),
                hidden);
        for (int b = 0; b < batch; b++) {
            int state = (layer * problem.directions() + direction) * batch + b;
            int length = problem.length(b);
            int[][] h = new int[length + 1][];
            h[0] = row(inputs.get("h0"), state, units);
            int[] c = cn == null ? null : row(inputs.get("c0"), state, hidden);
            for (int s = 0; s < length; s++) {
                int at = (direction == 0 ? s : length - 1 - s) * batch + b;
                h[s + 1] = cell.step(row(x, at, width), h, s, c);
                int to = (at * problem.directions() + direction) * units;
                System.arraycopy(h[s + 1], 0, y, to, units);
            }
            System.arraycopy(h[length], 0, hn, state * units, units);
            if (cn != null) {
                System.arraycopy(c, 0, cn, state * hidden, hidden);
            }
        }
    }
}
