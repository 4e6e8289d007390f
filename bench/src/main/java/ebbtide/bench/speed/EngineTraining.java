package ebbtide.bench.speed;

import ebbtide.engine.Workers;
import ebbtide.engine.optim.Optimizer;
import ebbtide.kernels.Kernels;

/** A whole training step of our own engine: gradients of zero, forward, backward, Adam, packing. */
public final class EngineTraining implements Contestant {
    /** Small: parameters stay where they are, however long they are trained on noise. */
    public static final double LEARNING_RATE = 1e-7;

    private final EngineStep step;
    private final Optimizer adam;

    /** Builds the step and the optimiser. */
    public EngineTraining(Kernels kernels, Workers workers, StepData data) {
        step = new EngineStep(kernels, workers, data);
        adam = Optimizer.named("adam", kernels, step.network().parameters().layout());
    }

    @Override
    public String name() {
        return step.name();
    }

    @Override
    public void forward() {
        step.gradients().zero();
        step.forward();
        step.backward();
        adam.step(step.network().parameters(), step.gradients(), LEARNING_RATE);
    }
}
