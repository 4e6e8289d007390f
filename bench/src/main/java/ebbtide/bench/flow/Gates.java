package ebbtide.bench.flow;

import ebbtide.engine.Rnn;

/**
 * The gates of a gated cell at one step in double, from the states before and after it, with their
 * slopes.
 *
 * @param values [gate][unit], in the order of {@link CellKind#gates}
 * @param slopes φ'(z) [gate][unit]
 * @param product U·h + b of the new content, as the reset gate of a GRU meets it
 */
record Gates(double[][] values, double[][] slopes, double[] product) {
    /** Returns the gates of every step. */
    static Gates[] of(Recurrence recurrence, StateBlock[] states) {
        Maker maker = new Maker(recurrence);
        Gates[] gates = new Gates[recurrence.steps()];
        for (int t = 0; t < gates.length; t++) {
            gates[t] = maker.at(recurrence.inputs().row(t, recurrence.rnn().inputs()), states[t],
                    states[t + 1]);
        }
        return gates;
    }

    /** The weights, and what is done with them. */
    private static final class Maker {
        private final Rnn rnn;
        private final String[] names;
        private final int hidden;
        private final boolean resetFirst;
        private final float[] w;
        private final float[] u;
        private final float[] inputBias;
        private final float[] hiddenBias;
        /** Of the gates input, forget and output, or null. */
        private final float[][] peepholes;

        Maker(Recurrence recurrence) {
            rnn = recurrence.rnn();
            names = recurrence.kind().gates();
            resetFirst = recurrence.kind().name().equals("gru-reset-first");
            hidden = rnn.hidden();
            w = rnn.parameters().read("weight_ih_l0");
            u = rnn.parameters().read("weight_hh_l0");
            inputBias = rnn.parameters().read("bias_ih_l0");
            hiddenBias = rnn.parameters().read("bias_hh_l0");
            peepholes = rnn.parameters().layout().has("weight_ci_l0")
                    ? new float[][] {
                        rnn.parameters().read("weight_ci_l0"),
                        rnn.parameters().read("weight_cf_l0"),
                        null,
                        rnn.parameters().read("weight_co_l0")
                    }
                    : null;
        }

        Gates at(double[] x, StateBlock before, StateBlock after) {
            Gates gates = new Gates(
                    new double[names.length][hidden], new double[names.length][hidden],
                    new double[hidden]);
            double[] h = new double[rnn.features()];
            for (int i = 0; i < h.length; i++) {
                h[i] = before.get(0, i);
            }
            for (int g = 0; g < names.length; g++) {
                if (names[g].equals("new") && resetFirst) {
                    for (int i = 0; i < hidden; i++) {
                        h[i] *= gates.values[0][i];
                    }
                }
                for (int i = 0; i < hidden; i++) {
                    int row = g * hidden + i;
                    double q = hiddenBias[row] + dot(u, row, h);
                    double z = inputBias[row] + dot(w, row, x);
                    if (names[g].equals("new") && !resetFirst) {
                        gates.product[i] = q;
                        q *= gates.values[0][i];
                    }
                    gates.set(g, i, z + q + peephole(g, i, before, after));
                }
            }
            return gates;
        }

        /** The output gate looks at the cell state after the step, the others at that before. */
        private double peephole(int gate, int unit, StateBlock before, StateBlock after) {
            if (peepholes == null || peepholes[gate] == null) {
                return 0;
            }
            StateBlock seen = names[gate].equals("output") ? after : before;
            return peepholes[gate][unit] * seen.c().at(0, 0, unit);
        }

        private static double dot(float[] matrix, int row, double[] x) {
            double sum = 0;
            for (int j = 0; j < x.length; j++) {
                sum += matrix[row * x.length + j] * x[j];
            }
            return sum;
        }
    }

    /** Whether a gate is the new content, by tanh: the third in an LSTM and in a GRU. */
    private static boolean candidate(int gate) {
        return gate == 2;
    }

    private void set(int gate, int unit, double z) {
        boolean candidate = candidate(gate);
        double value = candidate ? Math.tanh(z) : 1 / (1 + Math.exp(-z));
        values[gate][unit] = value;
        slopes[gate][unit] = candidate ? 1 - value * value : value * (1 - value);
    }

    /** Returns the slope of a gate as a share of the largest that its function has. */
    double share(int gate, int unit) {
        return candidate(gate) ? slopes[gate][unit] : 4 * slopes[gate][unit];
    }
}
