package ebbtide.bench.speed;

import ebbtide.engine.Gradients;
import ebbtide.engine.Parameters;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.kernels.Kernels;

/** A step of our own engine. Serves one thread at a time. */
public final class EngineStep implements StepContestant {
    private static final long SEED = 1;

    private final String name;
    private final Rnn rnn;
    private final Plan plan;
    private final Gradients gradients;
    private final Tensor x;
    private final Tensor dy;
    private final Tensor dx;

    /** Builds a network with the parameters of {@code data}, and a plan. */
    public EngineStep(Kernels kernels, Workers workers, StepData data) {
        name = kernels.name();
        Shape shape = data.shape();
        int steps = shape.steps();
        int batch = shape.batch();
        rnn = data.cell().network(shape.inputs(), shape.hidden()).kernels(kernels).build(SEED);
        Parameters parameters = rnn.parameters();
        parameters.write("weight_ih_l0", data.w());
        parameters.write("weight_hh_l0", data.u());
        parameters.write("bias_ih_l0", data.inputBias());
        parameters.write("bias_hh_l0", data.recurrentBias());
        plan = rnn.planner(steps, batch).workers(workers).build();
        gradients = rnn.gradients();
        x = Tensor.of(data.x(), steps, batch, shape.inputs());
        dy = Tensor.of(data.dy(), steps, batch, shape.hidden());
        dx = Tensor.zeros(steps, batch, shape.inputs());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean packs() {
        return true;
    }

    /** Marks the parameters as new; the next forward pass packs them. */
    @Override
    public void update() {
        rnn.parameters().edit(values -> {});
    }

    @Override
    public void forward() {
        plan.forward(x, null, null, null);
    }

    @Override
    public void backward() {
        plan.backward(dy, null, dx, null, gradients);
    }

    /** y where the plan leaves it, without the padding of its rows. */
    private float[] y() {
        Tensor y = plan.output();
        float[] values = new float[y.steps() * y.rows() * y.features()];
        for (int t = 0; t < y.steps(); t++) {
            for (int row = 0; row < y.rows(); row++) {
                System.arraycopy(
                        y.data(), y.index(t, row), values, (t * y.rows() + row) * y.features(),
                        y.features());
            }
        }
        return values;
    }

    Rnn network() {
        return rnn;
    }

    Gradients gradients() {
        return gradients;
    }

    @Override
    public float[] read(Output output) {
        return switch (output) {
            case Y -> y();
            case DX -> dx.data();
            case DW -> gradients.read("weight_ih_l0");
            case DU -> gradients.read("weight_hh_l0");
            case INPUT_DB -> gradients.read("bias_ih_l0");
            case RECURRENT_DB -> gradients.read("bias_hh_l0");
        };
    }
}
