package ebbtide.bench.validate;

import ebbtide.engine.CheckpointedPlan;
import ebbtide.engine.Directions;
import ebbtide.engine.Gradients;
import ebbtide.engine.Layout;
import ebbtide.engine.Plan;
import ebbtide.engine.Planner;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.Kernels;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One network with all its numbers, each exact in float32: x, h0, c0, dy, dhn, dcn and the parameters by
 * name, dense.
 *
 * @param directions 1, or 2 side by side
 * @param lengths of the sequences, or null where all are full
 */
record Problem(
        CellSpec spec,
        int steps,
        int batch,
        int features,
        int hidden,
        int layers,
        int directions,
        int[] lengths,
        Map<String, double[]> inputs) {

    /** Random numbers: data in ±1, weights in ±gain/√H. */
    static Problem random(
            CellSpec spec, int steps, int batch, int features, int hidden, int layers, double gain,
            long seed) {
        Generator random = Generator.of(seed);
        Map<String, double[]> in = new LinkedHashMap<>();
        int width = spec.features(hidden);
        int states = layers * batch * width;
        int cells = layers * batch * hidden;
        Rnn rnn = spec.network(features, hidden).layers(layers).build(seed);
        in.put("x", numbers(random, steps * batch * features, 1));
        in.put("h0", numbers(random, states, 1));
        in.put("dy", numbers(random, steps * batch * width, 1));
        in.put("dhn", numbers(random, states, 1));
        if (rnn.hasCellState()) {
            in.put("c0", numbers(random, cells, 1));
            in.put("dcn", numbers(random, cells, 1));
        }
        for (Layout.Slot slot : rnn.parameters().layout().slots()) {
            in.put(slot.name(), numbers(random, slot.elements(), gain / Math.sqrt(hidden)));
        }
        return new Problem(
                spec, steps, batch, features, hidden, layers, 1, null, in);
    }

    private static double[] numbers(Generator random, int count, double scale) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (scale * random.uniform(-1, 1));
        }
        return numbers;
    }

    String shape() {
        return "T,B,I,H,L = %d,%d,%d,%d,%d".formatted(steps, batch, features, hidden, layers);
    }

    int length(int row) {
        return lengths == null ? steps : lengths[row];
    }

    /** Rows of the states: layers times directions. */
    private int runs() {
        return layers * directions;
    }

    /** The name of the gradient of an input. */
    String gradientName(String input) {
        return switch (input) {
            case "x", "h0", "c0" -> "d" + input;
            default -> "grad." + input;
        };
    }

    /** The engine's network with these parameters. */
    Rnn network(Kernels kernels) {
        Rnn rnn = spec.network(features, hidden)
                .layers(layers)
                .directions(directions == 2 ? Directions.CONCATENATED : Directions.FORWARD)
                .kernels(kernels)
                .build(0);
        for (Layout.Slot slot : rnn.parameters().layout().slots()) {
            rnn.parameters().write(slot.name(), floats(slot.name()));
        }
        return rnn;
    }

    float[] floats(String name) {
        double[] numbers = inputs.get(name);
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    private Tensor sequence(String name, int width) {
        return Tensor.of(floats(name), steps, batch, width);
    }

    /** The size of a state h. */
    int width() {
        return spec.features(hidden);
    }

    private Tensor states(String name, int width) {
        return inputs.containsKey(name) ? Tensor.of(floats(name), runs(), batch, width) : null;
    }

    /** The passes of a plan, with checkpoints or without. */
    private interface Forward {
        void run(Tensor x, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn);
    }

    private interface Backward {
        void run(
                Tensor dy, Tensor dhn, Tensor dcn, Tensor dx, Tensor dh0, Tensor dc0,
                Gradients gradients);
    }

    /** Runs the engine forward and backward; returns every output by name, dense. */
    Map<String, float[]> run(Rnn rnn, Workers workers) {
        Planner planner = rnn.planner(steps, batch).workers(workers);
        Plan plan = (lengths == null ? planner : planner.variableLengths()).build();
        if (lengths != null) {
            plan.lengths(lengths);
        }
        return run(rnn, plan::forward, plan::backward);
    }

    /** The same with checkpoints, for sequences that are all full. */
    Map<String, float[]> runCheckpointed(Rnn rnn, Workers workers) {
        CheckpointedPlan plan = rnn.planner(steps, batch).workers(workers).buildCheckpointed();
        return run(rnn, plan::forward, plan::backward);
    }

    private Map<String, float[]> run(Rnn rnn, Forward forward, Backward backward) {
        Tensor y = Tensor.zeros(steps, batch, rnn.outputs());
        Tensor dx = Tensor.zeros(steps, batch, features);
        Tensor hn = Tensor.zeros(runs(), batch, width());
        Tensor dh0 = Tensor.zeros(runs(), batch, width());
        Tensor cn = rnn.hasCellState() ? Tensor.zeros(runs(), batch, hidden) : null;
        Tensor dc0 = rnn.hasCellState() ? Tensor.zeros(runs(), batch, hidden) : null;
        Gradients gradients = rnn.gradients();
        forward.run(
                sequence("x", features), states("h0", width()), states("c0", hidden), y, hn, cn);
        backward.run(
                sequence("dy", rnn.outputs()), states("dhn", width()), states("dcn", hidden), dx,
                dh0, dc0, gradients);
        Map<String, float[]> out = new LinkedHashMap<>();
        out.put("y", y.data());
        out.put("hn", hn.data());
        out.put("dx", dx.data());
        out.put("dh0", dh0.data());
        if (cn != null) {
            out.put("cn", cn.data());
            out.put("dc0", dc0.data());
        }
        for (Layout.Slot slot : gradients.layout().slots()) {
            out.put("grad." + slot.name(), gradients.read(slot.name()));
        }
        return out;
    }
}
