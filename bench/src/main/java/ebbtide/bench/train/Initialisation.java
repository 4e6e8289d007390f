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
 * are Glorot's, biases are zero. What the structure says of an LSTM's biases holds with all of them, and
 * so do the first values of learned leaks and of peepholes.
 */
final class Initialisation {
    private static final long STREAM = 1;

    private Initialisation() {
    }

    /** Fills {@code parameters} in the order of their layout from one stream of the seed. */
    static void apply(Parameters parameters, Recipe recipe) {
        String init = recipe.init();
        if (init.equals("uniform")) {
            return;
        }
        Generator random = Generator.of(recipe.seed(), STREAM);
        Initializer named = Initializers.parse(init);
        boolean everywhere = init.startsWith("uniform");
        for (Layout.Slot slot : parameters.layout().slots()) {
            if (slot.name().startsWith("leak_") || slot.name().matches("weight_c[ifo]_.*")) {
                continue;
            }
            float[] values = new float[slot.elements()];
            if (everywhere || recurrent(slot)) {
                fillGates(
                        named, values, slot,
                        recurrent(slot) ? recipe.structure().hidden() : slot.rows(),
                        random);
            } else if (slot.rank() == 2) {
                Initializers.glorot().fill(values, slot.rows(), slot.columns(), random);
            }
            if (slot.name().startsWith("bias_")) {
                startGates(recipe.structure(), slot, parameters.read(slot.name()), values);
            }
            parameters.write(slot.name(), values);
        }
    }

    private static boolean recurrent(Layout.Slot slot) {
        return slot.name().startsWith("weight_hh") || slot.name().startsWith("weight_skip");
    }

    /** The recurrent weights of each gate are a matrix of their own. */
    private static void fillGates(
            Initializer named, float[] values, Layout.Slot slot, int rows, Generator random) {
        float[] gate = new float[rows * slot.columns()];
        for (int at = 0; at < values.length; at += gate.length) {
            named.fill(gate, rows, slot.columns(), random);
            System.arraycopy(gate, 0, values, at, gate.length);
        }
    }

    /** Gates i and f come first: the engine's chrono biases of both, or the forget bias of f. */
    private static void startGates(
            Structure structure, Layout.Slot slot, float[] engine, float[] values) {
        int hidden = structure.hidden();
        if (structure.chrono() > 0) {
            System.arraycopy(engine, 0, values, 0, 2 * hidden);
        } else if (structure.forgetBias() != 0 && slot.name().startsWith("bias_ih")) {
            for (int i = hidden; i < 2 * hidden; i++) {
                values[i] += structure.forgetBias();
            }
        }
    }
}
