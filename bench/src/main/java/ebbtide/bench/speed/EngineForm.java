package ebbtide.bench.speed;

import ebbtide.engine.CheckpointedPlan;
import ebbtide.engine.Gradients;
import ebbtide.engine.Plan;
import ebbtide.engine.Planner;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.random.Generator;
import java.util.function.Consumer;

/**
 * A step of the engine in one of its forms, to be compared with another: cells, lengths, checkpoints, sizes,
 * data.
 */
public final class EngineForm implements Contestant {
    private static final long SEED = 1;

    private final String name;
    private final double share;
    private final Tensor x;
    private final Tensor dy;
    private final Tensor dx;
    private final Gradients gradients;
    private final Consumer<Tensor> forward;
    private final Backward backward;

    /** The backward pass of a plan. */
    private interface Backward {
        void run(Tensor dy, Tensor dx, Gradients gradients);
    }

    private EngineForm(
            String name, double share, Rnn rnn, int steps, int batch, Consumer<Tensor> forward,
            Backward backward) {
        this.name = name;
        this.share = share;
        this.forward = forward;
        this.backward = backward;
        Generator random = Generator.of(SEED);
        int rows = Math.multiplyExact(steps, batch);
        x = Tensor.of(Noise.uniform(rows * rnn.inputs(), random), steps, batch, rnn.inputs());
        dy = Tensor.of(Noise.uniform(rows * rnn.outputs(), random), steps, batch, rnn.outputs());
        dx = Tensor.zeros(steps, batch, rnn.inputs());
        gradients = rnn.gradients();
    }

    /**
     * Builds the step of a plan.
     *
     * @param share its operations over those of the workload
     */
    public static EngineForm of(String name, double share, Rnn rnn, Plan plan) {
        return of(
                name, share, rnn, plan,
                (dy, dx, gradients) -> plan.backward(dy, null, dx, null, gradients));
    }

    /** Builds the forward pass alone. */
    public static EngineForm forward(String name, Rnn rnn, Plan plan) {
        return of(name, 1, rnn, plan, (dy, dx, gradients) -> {
        });
    }

    private static EngineForm of(
            String name, double share, Rnn rnn, Plan plan, Backward backward) {
        return new EngineForm(
                name, share, rnn, plan.steps(), plan.batch(),
                x -> plan.forward(x, null, null, null), backward);
    }

    /** Builds the same with checkpoints. */
    public static EngineForm checkpointed(
            String name, Rnn rnn, int steps, int batch, Planner planner) {
        CheckpointedPlan plan = planner.buildCheckpointed();
        return new EngineForm(
                name, 1, rnn, steps, batch, x -> plan.forward(x, null, null, null, null, null),
                (dy, dx, gradients) -> plan.backward(dy, null, null, dx, null, null, gradients));
    }

    /** Multiplies x and ∂L/∂y; past the first {@code steps} steps from the end, ∂L/∂y is zero. */
    public EngineForm scaled(float inputs, float gradients, int steps) {
        float[] values = x.data();
        for (int i = 0; i < values.length; i++) {
            values[i] *= inputs;
        }
        float[] adjoints = dy.data();
        int first = (dy.steps() - Math.min(steps, dy.steps())) * dy.rows() * dy.features();
        for (int i = 0; i < adjoints.length; i++) {
            adjoints[i] *= i < first ? 0 : gradients;
        }
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double share() {
        return share;
    }

    @Override
    public void forward() {
        forward.accept(x);
    }

    @Override
    public void backward() {
        backward.run(dy, dx, gradients);
    }
}
