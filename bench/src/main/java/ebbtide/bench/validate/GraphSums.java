package ebbtide.bench.validate;

import ebbtide.bench.validate.Graph.Op;
import java.util.Arrays;

/** What the gates of one step read, row by row: sums of products, with layer normalisation where a cell has it. */
final class GraphSums {
    /** ε of layer normalisation, the float. */
    private static final float EPSILON = 1e-5f;

    private final Graph graph;
    private final GraphWeights weights;
    private final int[] x;
    private final int[] h;
    /** g ⊙ x̂(W·x + b_ih + U·h) + b_hh, or null. */
    private final int[] whole;
    /** g_ih ⊙ x̂(W·x) + b_ih and g_hh ⊙ x̂(U·h) + b_hh, or null. */
    private final int[] in;
    private final int[] recurrent;

    /** @param groups rows of each group that is normalised together, where products are */
    GraphSums(Graph graph, GraphWeights weights, int[] x, int[] h, int[] groups) {
        this.graph = graph;
        this.weights = weights;
        this.x = x;
        this.h = h;
        whole = weights.gain == null ? null : whole();
        boolean apart = weights.inputGain != null;
        in = apart
                ? scaled(products(weights.w, x), groups, weights.inputGain, weights.inputBias)
                : null;
        recurrent = apart
                ? scaled(products(weights.u, h), groups, weights.hiddenGain, weights.hiddenBias)
                : null;
    }

    /** (W·x + b) + U·h of one row. */
    int of(int row) {
        if (whole != null) {
            return whole[row];
        }
        if (in != null) {
            return graph.add(in[row], recurrent[row]);
        }
        int wx = graph.add(graph.dot(weights.w[row], x), weights.bias[row]);
        return graph.add(wx, graph.dot(weights.u[row], h));
    }

    /** W·x + b_ih. */
    int in(int row) {
        return in == null
                ? graph.add(graph.dot(weights.w[row], x), weights.inputBias[row])
                : in[row];
    }

    /** U·h + b_hh. */
    int recurrent(int row) {
        return recurrent == null
                ? graph.add(graph.dot(weights.u[row], h), weights.hiddenBias[row])
                : recurrent[row];
    }

    private int[] products(int[][] matrix, int[] vector) {
        return Arrays.stream(matrix).mapToInt(row -> graph.dot(row, vector)).toArray();
    }

    private int[] whole() {
        int[] a = products(weights.u, h);
        for (int i = 0; i < a.length; i++) {
            a[i] = graph.add(in(i), a[i]);
        }
        return scaled(a, new int[] {a.length}, weights.gain, weights.hiddenBias);
    }

    /** g ⊙ x̂(a) + b, each group of a normalised alone. */
    private int[] scaled(int[] a, int[] groups, int[] gain, int[] bias) {
        int[] scaled = new int[a.length];
        int from = 0;
        for (int group : groups) {
            int[] part = scaled(
                    graph, Arrays.copyOfRange(a, from, from + group), gain, bias, from);
            System.arraycopy(part, 0, scaled, from, group);
            from += group;
        }
        return scaled;
    }

    /** g ⊙ (a − μ)/√(σ² + ε) + b, with gains and biases from {@code at}. */
    static int[] scaled(Graph graph, int[] a, int[] gain, int[] bias, int at) {
        int n = a.length;
        int[] ones = new int[n];
        Arrays.fill(ones, graph.one);
        int share = graph.leaf(1.0 / n);
        int mean = graph.mul(share, graph.dot(a, ones));
        int[] centred = Arrays.stream(a).map(value -> graph.sub(value, mean)).toArray();
        int variance = graph.mul(share, graph.dot(centred, centred));
        int scale = graph.of(Op.RECIPROCAL_ROOT, graph.add(variance, graph.leaf(EPSILON)));
        int[] scaled = new int[n];
        for (int i = 0; i < n; i++) {
            int normal = graph.mul(centred[i], scale);
            scaled[i] = graph.add(graph.mul(gain[at + i], normal), bias[at + i]);
        }
        return scaled;
    }
}
