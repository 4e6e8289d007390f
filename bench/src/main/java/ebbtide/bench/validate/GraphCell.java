package ebbtide.bench.validate;

import ebbtide.bench.validate.Graph.Op;
import java.util.Arrays;

/** One step of a cell of every kind, as its equations stand. */
final class GraphCell {
    private final Graph graph;
    private final CellSpec spec;
    private final GraphWeights weights;
    private final int hidden;

    GraphCell(Graph graph, CellSpec spec, GraphWeights weights, int hidden) {
        this.graph = graph;
        this.spec = spec;
        this.weights = weights;
        this.hidden = hidden;
    }

    /**
     * Takes step t.
     *
     * @param h the states so far, h[t] the one before; skip connections read older ones
     * @param c cell states, replaced by the new ones; or null
     * @return the new state
     */
    int[] step(int[] x, int[][] h, int t, int[] c) {
        GraphSums sums = new GraphSums(graph, weights, x, h[t], groups());
        int[] before = h[t];
        return switch (spec.cell()) {
            case "lstm" -> outputs(lstm(sums, c), c);
            case "projected" -> projected(outputs(lstm(sums, c), c));
            case "peephole" -> outputs(peephole(sums, c), c);
            case "reset" -> resetFirst(sums, x, before);
            default -> {
                int[] next = new int[hidden];
                for (int i = 0; i < hidden; i++) {
                    next[i] = unit(sums, h, t, i);
                }
                yield next;
            }
        };
    }

    /** Rows that layer normalisation takes together: all of an LSTM; r and z of a GRU, then n. */
    private int[] groups() {
        return spec.cell().equals("gru")
                ? new int[] {2 * hidden, hidden}
                : new int[] {weights.w.length};
    }

    /** A cell whose units do without each other's new values. */
    private int unit(GraphSums sums, int[][] h, int t, int i) {
        int before = h[t][i];
        return switch (spec.cell()) {
            case "leaky" ->
                mix(graph.leaf(spec.alpha()), before, spec.activate(graph, sums.of(i)));
            case "learned" -> mix(
                    graph.of(Op.SIGMOID, weights.leak[i]), before,
                    spec.activate(graph, sums.of(i)));
            case "residual" -> graph.add(spec.activate(graph, sums.of(i)), before);
            case "gru" -> gru(sums, before, i);
            default -> skip(sums, h, t, i);
        };
    }

    /** share·(to − from) + from. */
    private int mix(int share, int from, int to) {
        return graph.add(graph.mul(share, graph.sub(to, from)), from);
    }

    private int skip(GraphSums sums, int[][] h, int t, int i) {
        int z = sums.of(i);
        for (int s = 0; s < weights.skips.length; s++) {
            int before = t + 1 - spec.skips().get(s);
            if (before >= 0) {
                z = graph.add(z, graph.dot(weights.skips[s][i], h[before]));
            }
        }
        return spec.activate(graph, z);
    }

    private int gru(GraphSums sums, int before, int i) {
        int reset = graph.of(Op.SIGMOID, sums.of(i));
        int update = graph.of(Op.SIGMOID, sums.of(hidden + i));
        int row = 2 * hidden + i;
        int z = graph.add(graph.mul(reset, sums.recurrent(row)), sums.in(row));
        return mix(update, graph.of(Op.TANH, z), before);
    }

    private int[] resetFirst(GraphSums sums, int[] x, int[] h) {
        int[] kept = new int[hidden];
        for (int i = 0; i < hidden; i++) {
            kept[i] = graph.mul(graph.of(Op.SIGMOID, sums.of(i)), h[i]);
        }
        GraphSums afterReset = new GraphSums(graph, weights, x, kept, groups());
        int[] next = new int[hidden];
        for (int i = 0; i < hidden; i++) {
            int update = graph.of(Op.SIGMOID, sums.of(hidden + i));
            next[i] = mix(update, graph.of(Op.TANH, afterReset.of(2 * hidden + i)), h[i]);
        }
        return next;
    }

    /** Replaces c; returns the output gates. */
    private int[] lstm(GraphSums sums, int[] c) {
        int[] out = new int[hidden];
        for (int i = 0; i < hidden; i++) {
            int in = graph.of(Op.SIGMOID, sums.of(i));
            int forget = graph.of(Op.SIGMOID, sums.of(hidden + i));
            c[i] = cell(sums, in, forget, c[i], i);
            out[i] = graph.of(Op.SIGMOID, sums.of(3 * hidden + i));
        }
        return out;
    }

    private int[] peephole(GraphSums sums, int[] c) {
        int[] out = new int[hidden];
        for (int i = 0; i < hidden; i++) {
            int in = gate(sums, 0, weights.peepholes[0], c, i);
            int forget = gate(sums, 1, weights.peepholes[1], c, i);
            c[i] = cell(sums, in, forget, c[i], i);
            out[i] = gate(sums, 3, weights.peepholes[2], c, i);
        }
        return out;
    }

    private int gate(GraphSums sums, int gate, int[] peephole, int[] c, int i) {
        int z = sums.of(gate * hidden + i);
        return graph.of(Op.SIGMOID, graph.add(z, graph.mul(peephole[i], c[i])));
    }

    /** f·c + i·g. */
    private int cell(GraphSums sums, int in, int forget, int before, int i) {
        int g = graph.of(Op.TANH, sums.of(2 * hidden + i));
        return graph.add(graph.mul(forget, before), graph.mul(in, g));
    }

    /** o ⊙ tanh c, or of c normalised. */
    private int[] outputs(int[] out, int[] c) {
        // A copy: the graph keeps the lists of its sums, and the next step replaces c.
        int[] read = weights.cellGain == null
                ? c
                : GraphSums.scaled(graph, c.clone(), weights.cellGain, weights.cellBias, 0);
        int[] h = new int[hidden];
        Arrays.setAll(h, i -> graph.mul(out[i], graph.of(Op.TANH, read[i])));
        return h;
    }

    /** W_hr·m. */
    private int[] projected(int[] m) {
        return Arrays.stream(weights.projection).mapToInt(row -> graph.dot(row, m)).toArray();
    }
}
