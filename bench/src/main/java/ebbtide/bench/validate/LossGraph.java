package ebbtide.bench.validate;

import ebbtide.bench.validate.Graph.Op;
import ebbtide.kernels.Losses;
import ebbtide.kernels.Panels;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** The losses as graphs, from their definitions. */
enum LossGraph {
    SOFTMAX_CROSS_ENTROPY, SQUARED_ERROR, BINARY_CROSS_ENTROPY;

    /** One row of outputs z and its loss. */
    static final class Row {
        final Graph graph = new Graph();
        final int[] z;
        final float[] targets;
        final int target;
        int loss;

        private Row(int columns, long seed) {
            Random random = new Random(seed);
            double[] numbers = new double[columns];
            targets = new float[columns];
            for (int i = 0; i < columns; i++) {
                numbers[i] = (float) (2 * random.nextGaussian());
                targets[i] = random.nextFloat();
            }
            z = graph.leaves(numbers);
            target = random.nextInt(columns);
        }

        Map<String, int[]> inputs() {
            return Map.of("z", z);
        }
    }

    Row row(int columns, long seed) {
        Row row = new Row(columns, seed);
        Graph graph = row.graph;
        int[] ones = new int[columns];
        Arrays.fill(ones, graph.one);
        int[] terms = new int[columns];
        for (int i = 0; i < columns; i++) {
            int t = graph.leaf(row.targets[i]);
            terms[i] = switch (this) {
                case SOFTMAX_CROSS_ENTROPY -> graph.of(Op.EXP, row.z[i]);
                case SQUARED_ERROR -> graph.sub(row.z[i], t);
                case BINARY_CROSS_ENTROPY -> graph.sub(
                        graph.of(Op.LOG, graph.add(graph.one, graph.of(Op.EXP, row.z[i]))),
                        graph.mul(row.z[i], t));
            };
        }
        row.loss = switch (this) {
            case SOFTMAX_CROSS_ENTROPY ->
                graph.sub(graph.of(Op.LOG, graph.dot(terms, ones)), row.z[row.target]);
            case SQUARED_ERROR -> graph.dot(terms, terms);
            case BINARY_CROSS_ENTROPY -> graph.dot(terms, ones);
        };
        return row;
    }

    /** Loss, then gradient, of the float32 kernels. */
    float[] kernels(Losses losses, Row row) {
        int columns = row.z.length;
        int wide = Panels.padded(columns);
        float[] z = new float[wide];
        for (int i = 0; i < columns; i++) {
            z[i] = (float) row.graph.value(row.z[i]);
        }
        float[] dz = new float[wide];
        float[] loss = new float[1];
        float[] one = {1};
        switch (this) {
            case SOFTMAX_CROSS_ENTROPY -> losses.softmaxCrossEntropy(
                    z, 0, wide, new int[] {row.target}, 0, one, 0, dz, 0, wide, loss, 0, 1,
                    columns);
            case SQUARED_ERROR -> losses.squaredError(
                    z, 0, wide, row.targets, 0, columns, one, 0, dz, 0, wide, loss, 0, 1, columns);
            case BINARY_CROSS_ENTROPY -> losses.binaryCrossEntropy(
                    z, 0, wide, row.targets, 0, columns, one, 0, dz, 0, wide, loss, 0, 1, columns);
        }
        float[] all = new float[1 + columns];
        all[0] = loss[0];
        System.arraycopy(dz, 0, all, 1, columns);
        return all;
    }
}
