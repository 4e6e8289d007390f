package ebbtide.bench.train;

import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import ebbtide.engine.init.Initializer;
import ebbtide.engine.init.Initializers;
import ebbtide.engine.random.Generator;

/**
 * First values of all parameters. {@code uniform} leaves what the engine draws, which is PyTorch's
 * choice: everything, biases and read-out included, in ±1/√hidden; {@code uniform=LIMIT} does so with
 * another limit. Every other initialiser is about the recurrent weights: they get it, the other matrices
 * are Glorot's, biases are zero.
 */
final class Initialisation {
    private static final long STREAM = 1;

    private Initialisation() {
    }

    /** Fills {@code parameters} in the order of their layout from one stream of {@code seed}. */
    static void apply(Parameters parameters, String init, long seed) {
        if (init.equals("uniform")) {
            return;
        }
        Generator random = Generator.of(seed, STREAM);
        Initializer named = Initializers.parse(init);
        boolean everywhere = init.startsWith("uniform");
        for (Layout.Slot slot : parameters.layout().slots()) {
            float[] values = new float[slot.elements()];
            if (everywhere || slot.name().startsWith("weight_hh")) {
                fillGates(named, values, slot, random);
            } else if (slot.rank() == 2) {
                Initializers.glorot().fill(values, slot.rows(), slot.columns(), random);
            }
            parameters.write(slot.name(), values);
        }
    }

    /** The recurrent weights of each gate are a square matrix of their own. */
    private static void fillGates(
            Initializer named, float[] values, Layout.Slot slot, Generator random) {
        boolean gates = slot.name().startsWith("weight_hh");
        int rows = gates ? slot.columns() : slot.rows();
        float[] gate = new float[rows * slot.columns()];
        for (int at = 0; at < values.length; at += gate.length) {
            named.fill(gate, rows, slot.columns(), random);
            System.arraycopy(gate, 0, values, at, gate.length);
        }
    }
}
