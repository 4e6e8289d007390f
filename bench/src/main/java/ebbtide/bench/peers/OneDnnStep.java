package ebbtide.bench.peers;

import ebbtide.bench.peers.OneDnnGraph.Buffer;
import ebbtide.bench.peers.OneDnnGraph.Call;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepCell;
import ebbtide.bench.speed.StepContestant;
import ebbtide.bench.speed.StepData;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A step by oneDNN's RNN primitives, forward training and backward, with the weights in the layouts
 * that the primitives ask for. {@link #update} brings them there from PyTorch's, and the gradients of
 * the weights back.
 */
final class OneDnnStep implements StepContestant {
    /** GCC's OpenMP threads spin for some milliseconds when there is no more work, and then sleep. */
    private static final long SPIN_NANOS = 10_000_000;

    private static final int X = 1;
    private static final int H = 2;
    private static final int C = 3;
    private static final int Y = 17;
    private static final int W = 33;
    private static final int U = 34;
    private static final int BIAS = 41;
    private static final int WORKSPACE = 64;
    /** ∂L/∂ an argument is the argument plus this. */
    private static final int GRADIENT = 128;

    private final OneDnn library;
    private final int threads;
    private final OneDnnRnn rnn;
    private final OneDnnGraph graph;
    private final Map<Integer, Buffer> forwardBuffers = new HashMap<>();
    private final Map<Integer, Buffer> backwardBuffers = new HashMap<>();
    private final Buffer w;
    private final Buffer u;
    private final Buffer dw;
    private final Buffer du;
    private final Call forward;
    private final Call backward;
    private final List<Call> weightsForth;
    private final List<Call> gradientsBack;

    OneDnnStep(StepData data, int threads) throws AbsentPeerException {
        if (!OneDnnRnn.has(data.cell())) {
            throw new AbsentPeerException("oneDNN has no such cell");
        }
        library = OneDnn.load();
        this.threads = threads;
        library.threads(threads);
        graph = new OneDnnGraph(library);
        Shape shape = data.shape();
        rnn = new OneDnnRnn(data.cell(), shape);
        int gates = data.cell().gates();
        int hidden = shape.hidden();
        long[] wDims = {1, 1, shape.inputs(), gates, hidden};
        long[] uDims = {1, 1, hidden, gates, hidden};
        OneDnnRnn.Tensors tensors = new OneDnnRnn.Tensors(
                graph.layout(OneDnnGraph.TNC, shape.steps(), shape.batch(), shape.inputs()),
                graph.layout(OneDnnGraph.LDNC, 1, 1, shape.batch(), hidden),
                graph.layout(OneDnnGraph.ANY, wDims),
                graph.layout(OneDnnGraph.ANY, uDims),
                graph.layout(OneDnnGraph.LDGO, 1, 1, rnn.biases(), hidden),
                graph.layout(OneDnnGraph.TNC, shape.steps(), shape.batch(), hidden));
        MemorySegment forwardDescriptor = rnn.forward(graph, tensors);
        MemorySegment backwardDescriptor = rnn.backward(graph, tensors, forwardDescriptor);
        List<Integer> states = data.cell() == StepCell.LSTM ? List.of(H, C) : List.of(H);
        List<Integer> arguments = new ArrayList<>(List.of(X, BIAS, Y, W, U));
        arguments.addAll(states);
        for (int argument : arguments) {
            forwardBuffers.put(argument, graph.buffer(forwardDescriptor, argument));
        }
        forwardBuffers.put(WORKSPACE, graph.buffer(forwardDescriptor, WORKSPACE));
        backwardBuffers.putAll(forwardBuffers);
        for (int argument : List.of(W, U)) {
            backwardBuffers.put(argument, graph.buffer(backwardDescriptor, argument));
        }
        for (int argument : arguments) {
            backwardBuffers.put(
                    argument + GRADIENT, graph.buffer(backwardDescriptor, argument + GRADIENT));
        }
        forward = graph.call(forwardDescriptor, forwardBuffers);
        backward = graph.call(backwardDescriptor, backwardBuffers);
        w = graph.buffer(graph.layout(OneDnnGraph.LDGOI, wDims));
        u = graph.buffer(graph.layout(OneDnnGraph.LDGOI, uDims));
        dw = graph.buffer(w.layout());
        du = graph.buffer(u.layout());
        weightsForth = List.of(
                graph.reorder(w, forwardBuffers.get(W)), graph.reorder(u, forwardBuffers.get(U)),
                graph.reorder(w, backwardBuffers.get(W)), graph.reorder(u, backwardBuffers.get(U)));
        gradientsBack = List.of(
                graph.reorder(backwardBuffers.get(W + GRADIENT), dw),
                graph.reorder(backwardBuffers.get(U + GRADIENT), du));
        forwardBuffers.get(X).write(data.x());
        backwardBuffers.get(Y + GRADIENT).write(data.dy());
        w.write(rnn.gates(data.w()));
        u.write(rnn.gates(data.u()));
        forwardBuffers.get(BIAS).write(rnn.biases(data.inputBias(), data.recurrentBias()));
        weightsForth();
    }

    /** Returns the parameters, gate by gate, in oneDNN's order of the gates. */
    Map<String, Buffer> parameters() {
        return Map.of("w", w, "u", u, "bias", forwardBuffers.get(BIAS));
    }

    /** Returns their gradients under the same names, as {@link #gradientsBack} left them. */
    Map<String, Buffer> gradients() {
        return Map.of("w", dw, "u", du, "bias", backwardBuffers.get(BIAS + GRADIENT));
    }

    /** Brings the weights into the layouts of the primitives. */
    void weightsForth() {
        weightsForth.forEach(Call::run);
    }

    /** Brings the gradients of the weights back from theirs. */
    void gradientsBack() {
        gradientsBack.forEach(Call::run);
    }

    /** Sets the gradients of the parameters to zero. */
    void zeroGradients() {
        for (int argument : List.of(W, U, BIAS)) {
            backwardBuffers.get(argument + GRADIENT).floats().fill((byte) 0);
        }
    }

    @Override
    public String name() {
        return Peers.ONEDNN;
    }

    @Override
    public void begin() {
        library.threads(threads);
    }

    @Override
    public boolean packs() {
        return true;
    }

    @Override
    public void update() {
        weightsForth();
        gradientsBack();
    }

    @Override
    public void forward() {
        forward.run();
    }

    @Override
    public void backward() {
        backward.run();
    }

    @Override
    public long spinNanos() {
        return threads == 1 ? 0 : SPIN_NANOS;
    }

    @Override
    public float[] read(Output output) {
        if (output == Output.DW || output == Output.DU) {
            gradientsBack();
        }
        return switch (output) {
            case Y -> floats(forwardBuffers.get(Y));
            case DX -> floats(backwardBuffers.get(X + GRADIENT));
            case DW -> rnn.gates(floats(dw));
            case DU -> rnn.gates(floats(du));
            case INPUT_DB -> rnn.inputBiases(floats(backwardBuffers.get(BIAS + GRADIENT)));
            case RECURRENT_DB -> rnn.recurrentBiases(floats(backwardBuffers.get(BIAS + GRADIENT)));
        };
    }

    private static float[] floats(Buffer buffer) {
        return buffer.floats().toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
        graph.close();
    }
}
