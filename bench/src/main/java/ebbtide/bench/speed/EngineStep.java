package ebbtide.bench.speed;

import ebbtide.engine.Gradients;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;

/**
 * A step of our own engine, on packed weights: packing belongs to the update of the parameters. Serves
 * one thread at a time.
 */
public final class EngineStep implements Contestant {
    private static final long SEED = 1;

    private final String name;
    private final Plan plan;
    private final Gradients gradients;
    private final Tensor x;
    private final Tensor y;
    private final Tensor dy;
    private final Tensor dx;

    /** Builds a network, a plan, and data uniform in ±1/2. */
    public EngineStep(Kernels kernels, Workers workers, Shape shape, Activation cell) {
        name = kernels.name();
        Rnn rnn = Rnn.elman(cell, shape.inputs(), shape.hidden()).kernels(kernels).build(SEED);
        plan = rnn.planner(shape.steps(), shape.batch()).workers(workers).build();
        gradients = rnn.gradients();
        Generator random = Generator.of(SEED);
        x = uniform(shape, shape.inputs(), random);
        dy = uniform(shape, shape.hidden(), random);
        y = Tensor.zeros(shape.steps(), shape.batch(), shape.hidden());
        dx = Tensor.zeros(shape.steps(), shape.batch(), shape.inputs());
    }

    private static Tensor uniform(Shape shape, int features, Generator random) {
        Tensor tensor = Tensor.zeros(shape.steps(), shape.batch(), features);
        float[] data = tensor.data();
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat() - 0.5f;
        }
        return tensor;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void forward() {
        plan.forward(x, null, y, null);
    }

    @Override
    public void backward() {
        plan.backward(dy, null, dx, null, gradients);
    }
}
