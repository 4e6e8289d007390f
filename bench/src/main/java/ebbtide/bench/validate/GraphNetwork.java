package ebbtide.bench.validate;

import ebbtide.bench.validate.Graph.Op;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network of the engine as a graph in double, element by element as the equations stand, with the loss
 * Σ y·dy + Σ hn·dhn (+ Σ cn·dcn) and its gradient. It shares nothing with the engine but the names of the
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

    private final CellSpec spec;
    private final Problem problem;
    private final int hidden;
    private final int batch;
    private final int zero = graph.leaf(0);

    GraphNetwork(Problem problem) {
        this.problem = problem;
        spec = problem.spec();
        hidden = problem.hidden();
        batch = problem.batch();
        problem.inputs().forEach((name, numbers) -> inputs.put(name, graph.leaves(numbers)));
        int[] x = inputs.get("x");
        int width = problem.features();
        int[] hn = new int[problem.layers() * problem.directions() * batch * hidden];
        int[] cn = inputs.containsKey("c0") ? new int[hn.length] : null;
        for (int layer = 0; layer < problem.layers(); layer++) {
            int outputs = problem.directions() * hidden;
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
        Weights weights = new Weights("_l" + layer + (direction == 0 ? "" : "_reverse"), width);
        for (int b = 0; b < batch; b++) {
            int state = (layer * problem.directions() + direction) * batch + b;
            int length = problem.length(b);
            int[][] h = new int[length + 1][];
            h[0] = row(inputs.get("h0"), state, hidden);
            int[] c = cn == null ? null : row(inputs.get("c0"), state, hidden);
            for (int s = 0; s < length; s++) {
                int at = (direction == 0 ? s : length - 1 - s) * batch + b;
                h[s + 1] = step(weights, row(x, at, width), h, s, c);
                int to = (at * problem.directions() + direction) * hidden;
                System.arraycopy(h[s + 1], 0, y, to, hidden);
            }
            System.arraycopy(h[length], 0, hn, state * hidden, hidden);
            if (cn != null) {
                System.arraycopy(c, 0, cn, state * hidden, hidden);
            }
        }
    }

    /** The parameters of one direction of a layer, by rows. */
    private final class Weights {
        final int[][] w;
        final int[][] u;
        final int[][][] skips;
        final int[] inputBias;
        final int[] hiddenBias;
        final int[] bias;
        final int[] leak;
        /** Of gates i, f and o. */
        final int[][] peepholes;

        Weights(String suffix, int width) {
            w = rows("weight_ih" + suffix, width);
            u = rows("weight_hh" + suffix, hidden);
            skips = new int[spec.skips().size()][][];
            for (int i = 0; i < skips.length; i++) {
                String name = "weight_skip" + (i == 0 ? "" : i + 1) + suffix;
                skips[i] = rows(name, hidden);
            }
            inputBias = inputs.get("bias_ih" + suffix);
            hiddenBias = inputs.get("bias_hh" + suffix);
            leak = inputs.get("leak" + suffix);
            peepholes = new int[][] {
                inputs.get("weight_ci" + suffix), inputs.get("weight_cf" + suffix),
                inputs.get("weight_co" + suffix)
            };
            bias = new int[inputBias.length];
            for (int i = 0; i < bias.length; i++) {
                bias[i] = graph.add(inputBias[i], hiddenBias[i]);
            }
        }

        private int[][] rows(String name, int columns) {
            int[] all = inputs.get(name);
            int[][] rows = new int[all.length / columns][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = row(all, i, columns);
            }
            return rows;
        }

        /** (W·x + b) + U·h of one row of the gates. */
        int sum(int row, int[] x, int[] h) {
            return graph.add(graph.add(graph.dot(w[row], x), bias[row]), graph.dot(u[row], h));
        }
    }

    private int[] step(Weights weights, int[] x, int[][] h, int t, int[] c) {
        int[] next = new int[hidden];
        int[] kept = spec.cell().equals("reset") ? kept(weights, x, h[t]) : null;
        for (int i = 0; i < hidden; i++) {
            next[i] = switch (spec.cell()) {
                case "leaky" -> leaky(weights, x, h[t], i);
                case "learned" -> learned(weights, x, h[t], i);
                case "residual" -> graph.add(elman(weights, x, h, t, i), h[t][i]);
                case "lstm" -> lstm(weights, x, h[t], c, i);
                case "peephole" -> peephole(weights, x, h[t], c, i);
                case "reset" -> resetFirst(weights, x, h[t], kept, i);
                case "gru" -> gru(weights, x, h[t], i);
                default -> elman(weights, x, h, t, i);
            };
        }
        return next;
    }

    private int elman(Weights weights, int[] x, int[][] h, int t, int i) {
        int z = weights.sum(i, x, h[t]);
        for (int s = 0; s < weights.skips.length; s++) {
            int before = t + 1 - spec.skips().get(s);
            if (before >= 0) {
                z = graph.add(z, graph.dot(weights.skips[s][i], h[before]));
            }
        }
        return spec.activate(graph, z);
    }

    private int leaky(Weights weights, int[] x, int[] h, int i) {
        int a = spec.activate(graph, weights.sum(i, x, h));
        return graph.add(graph.mul(graph.leaf(spec.alpha()), graph.sub(a, h[i])), h[i]);
    }

    private int learned(Weights weights, int[] x, int[] h, int i) {
        int a = spec.activate(graph, weights.sum(i, x, h));
        int alpha = graph.of(Op.SIGMOID, weights.leak[i]);
        return graph.add(graph.mul(alpha, graph.sub(a, h[i])), h[i]);
    }

    private int lstm(Weights weights, int[] x, int[] h, int[] c, int i) {
        int in = graph.of(Op.SIGMOID, weights.sum(i, x, h));
        int forget = graph.of(Op.SIGMOID, weights.sum(hidden + i, x, h));
        int g = graph.of(Op.TANH, weights.sum(2 * hidden + i, x, h));
        int out = graph.of(Op.SIGMOID, weights.sum(3 * hidden + i, x, h));
        c[i] = graph.add(graph.mul(forget, c[i]), graph.mul(in, g));
        return graph.mul(out, graph.of(Op.TANH, c[i]));
    }

    private int peephole(Weights weights, int[] x, int[] h, int[] c, int i) {
        int in = gate(weights, 0, x, h, weights.peepholes[0], c, i);
        int forget = gate(weights, 1, x, h, weights.peepholes[1], c, i);
        int g = graph.of(Op.TANH, weights.sum(2 * hidden + i, x, h));
        c[i] = graph.add(graph.mul(forget, c[i]), graph.mul(in, g));
        int out = gate(weights, 3, x, h, weights.peepholes[2], c, i);
        return graph.mul(out, graph.of(Op.TANH, c[i]));
    }

    private int gate(Weights weights, int gate, int[] x, int[] h, int[] peephole, int[] c, int i) {
        int z = weights.sum(gate * hidden + i, x, h);
        return graph.of(Op.SIGMOID, graph.add(z, graph.mul(peephole[i], c[i])));
    }

    /** r ⊙ h. */
    private int[] kept(Weights weights, int[] x, int[] h) {
        int[] kept = new int[hidden];
        for (int i = 0; i < hidden; i++) {
            kept[i] = graph.mul(graph.of(Op.SIGMOID, weights.sum(i, x, h)), h[i]);
        }
        return kept;
    }

    private int resetFirst(Weights weights, int[] x, int[] h, int[] kept, int i) {
        int update = graph.of(Op.SIGMOID, weights.sum(hidden + i, x, h));
        int n = graph.of(Op.TANH, weights.sum(2 * hidden + i, x, kept));
        return graph.add(graph.mul(update, graph.sub(h[i], n)), n);
    }

    private int gru(Weights weights, int[] x, int[] h, int i) {
        int reset = graph.of(Op.SIGMOID, weights.sum(i, x, h));
        int update = graph.of(Op.SIGMOID, weights.sum(hidden + i, x, h));
        int row = 2 * hidden + i;
        int in = graph.add(graph.dot(weights.w[row], x), weights.inputBias[row]);
        int q = graph.add(graph.dot(weights.u[row], h), weights.hiddenBias[row]);
        int n = graph.of(Op.TANH, graph.add(graph.mul(reset, q), in));
        return graph.add(graph.mul(update, graph.sub(h[i], n)), n);
    }
}
