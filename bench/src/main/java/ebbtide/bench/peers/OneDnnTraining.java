package ebbtide.bench.peers;

import ebbtide.bench.peers.OneDnnGraph.Buffer;
import ebbtide.bench.speed.Contestant;
import ebbtide.bench.speed.EngineTraining;
import ebbtide.bench.speed.StepData;
import ebbtide.engine.Gradients;
import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import ebbtide.engine.optim.Optimizer;
import ebbtide.kernels.KernelSelection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A whole training step with oneDNN: its step, gradients back in PyTorch's layout, our Adam over them,
 * and the parameters in oneDNN's layouts again.
 */
final class OneDnnTraining implements Contestant {
    private final OneDnnStep step;
    private final Parameters parameters;
    private final Gradients gradients;
    private final Optimizer adam;

    OneDnnTraining(StepData data, int threads) throws AbsentPeerException {
        step = new OneDnnStep(data, threads);
        Layout.Builder layout = new Layout.Builder();
        step.parameters().forEach(
                (name, buffer) -> layout.vector(name, (int) (buffer.floats().byteSize() / 4)));
        parameters = new Parameters(layout.build());
        gradients = new Gradients(parameters.layout());
        adam = Optimizer.named(
                "adam", KernelSelection.selected().kernels(), parameters.layout());
        parameters.edit(flat -> step.parameters().forEach((name, buffer) -> {
            Layout.Slot slot = parameters.layout().slot(name);
            MemorySegment.copy(
                    buffer.floats(), ValueLayout.JAVA_FLOAT, 0, flat, slot.offset(),
                    slot.columns());
        }));
    }

    @Override
    public String name() {
        return step.name();
    }

    @Override
    public void begin() {
        step.begin();
    }

    @Override
    public long spinNanos() {
        return step.spinNanos();
    }

    @Override
    public void forward() {
        step.zeroGradients();
        step.forward();
        step.backward();
        step.gradientsBack();
        step.gradients().forEach(this::collect);
        adam.step(parameters, gradients, EngineTraining.LEARNING_RATE);
        parameters.edit(flat -> step.parameters().forEach((name, buffer) -> {
            Layout.Slot slot = parameters.layout().slot(name);
            MemorySegment.copy(
                    flat, slot.offset(), buffer.floats(), ValueLayout.JAVA_FLOAT, 0,
                    slot.columns());
        }));
        step.weightsForth();
    }

    private void collect(String name, Buffer buffer) {
        Layout.Slot slot = gradients.layout().slot(name);
        MemorySegment.copy(
                buffer.floats(), ValueLayout.JAVA_FLOAT, 0, gradients.array(), slot.offset(),
                slot.columns());
    }

    /** Returns one parameter as the step's own layouts get it. */
    float parameter(String name, int index) {
        return step.parameters().get(name).floats()
                .getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    @Override
    public void close() {
        step.close();
    }
}
