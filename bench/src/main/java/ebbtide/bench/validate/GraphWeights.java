package ebbtide.bench.validate;

import java.util.Arrays;
import java.util.Map;

/** The parameters of one direction of a layer as nodes of a graph, matrices by rows; null what a cell lacks. */
final class GraphWeights {
    final int[][] w;
    final int[][] u;
    /** One matrix for each skip connection. */
    final int[][][] skips;
    final int[] inputBias;
    final int[] hiddenBias;
    /** b_ih + b_hh, rounded once. */
    final int[] bias;
    final int[] leak;
    /** Of gates i, f and o. */
    final int[][] peepholes;
    final int[][] projection;
    /** Of layer normalisation: of z; of W·x, of U·h and of c. */
    final int[] gain;
    final int[] inputGain;
    final int[] hiddenGain;
    final int[] cellGain;
    final int[] cellBias;

    private final Map<String, int[]> inputs;
    private final String suffix;

    /** Takes them from all inputs by name: W is [·, width], U [·, units], W_hr [·, hidden]. */
    GraphWeights(
            Graph graph, Map<String, int[]> inputs, String suffix, int width, int units,
            int hidden) {
        this.inputs = inputs;
        this.suffix = suffix;
        w = rows("weight_ih", width);
        u = rows("weight_hh", units);
        int count = 0;
        while (vector("weight_skip" + (count == 0 ? "" : count + 1)) != null) {
            count++;
        }
        skips = new int[count][][];
        for (int i = 0; i < count; i++) {
            skips[i] = rows("weight_skip" + (i == 0 ? "" : i + 1), hidden);
        }
        inputBias = vector("bias_ih");
        hiddenBias = vector("bias_hh");
        bias = new int[inputBias.length];
        Arrays.setAll(bias, i -> graph.add(inputBias[i], hiddenBias[i]));
        leak = vector("leak");
        peepholes = new int[][] {vector("weight_ci"), vector("weight_cf"), vector("weight_co")};
        projection = rows("weight_hr", hidden);
        gain = vector("gain");
        inputGain = vector("gain_ih");
        hiddenGain = vector("gain_hh");
        cellGain = vector("gain_c");
        cellBias = vector("bias_c");
    }

    private int[] vector(String name) {
        return inputs.get(name + suffix);
    }

    private int[][] rows(String name, int columns) {
        int[] all = vector(name);
        if (all == null) {
            return null;
        }
        int[][] rows = new int[all.length / columns][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(all, i * columns, (i + 1) * columns);
        }
        return rows;
    }
}
