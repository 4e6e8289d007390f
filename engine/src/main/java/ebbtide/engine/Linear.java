package ebbtide.engine;

import ebbtide.engine.init.Initializer;
import ebbtide.engine.init.Initializers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/**
 * A linear read-out, o = V·y + c, with parameters {@code readout.weight} [O, H] and {@code
 * readout.bias} [O].
 *
 * <p>Plans of one read-out may run in different threads at the same time.
 */
public final class Linear {
    private static final String WEIGHT = "readout.weight";
    private static final String BIAS = "readout.bias";

    final Kernels kernels;
    final Parameters parameters;
    final int inputs;
    final int outputs;
    final Layout.Slot weight;
    final Layout.Slot biasSlot;
    final Packed forward;
    final Packed back;
    final float[] bias;
    private long packedVersion = -1;

    Linear(Kernels kernels, Parameters parameters, int inputs, int outputs) {
        this.kernels = kernels;
        this.parameters = parameters;
        this.inputs = inputs;
        this.outputs = outputs;
        weight = parameters.layout().slot(WEIGHT);
        biasSlot = parameters.layout().slot(BIAS);
        forward = new Packed(inputs, Panels.count(outputs));
        back = new Packed(outputs, Panels.count(inputs));
        bias = new float[Panels.padded(outputs)];
    }

    static void declare(Layout.Builder layout, int inputs, int outputs) {
        layout.matrix(WEIGHT, outputs, inputs).vector(BIAS, outputs);
    }

    /** Uniform in ±1/√H, as PyTorch's nn.Linear. */
    static void initialize(Layout layout, float[] flat, Generator random) {
        StartingWeights start = new StartingWeights(layout, flat, random);
        Initializer uniform = Initializers.uniform(1 / Math.sqrt(layout.slot(WEIGHT).columns()));
        start.fill(WEIGHT, uniform);
        start.fill(BIAS, uniform);
    }

    /** Returns H. */
    public int inputs() {
        return inputs;
    }

    /** Returns O. */
    public int outputs() {
        return outputs;
    }

    /** Plans passes over {@code steps} steps of {@code batch} rows. */
    public LinearPlan plan(int steps, int batch, Workers workers) {
        return new LinearPlan(this, steps, batch, workers);
    }

    synchronized void pack() {
        if (packedVersion != parameters.version()) {
            forward.packTransposed(kernels.packing(), parameters.array(), weight, 0, outputs, 0);
            back.packRows(kernels.packing(), parameters.array(), weight, 0);
            System.arraycopy(parameters.array(), biasSlot.offset(), bias, 0, outputs);
            packedVersion = parameters.version();
        }
    }
}
