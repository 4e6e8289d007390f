package ebbtide.bench.validate;

import ebbtide.bench.validate.Graph.Op;
import ebbtide.engine.Rnn;
import ebbtide.engine.RnnBuilder;
import ebbtide.kernels.Activation;
import java.util.List;
import java.util.Locale;

/**
 * A kind of cell as the checks see it: how the engine builds it, and its equations (in {@link
 * GraphNetwork}). A new cell is a line here and its equation there.
 *
 * @param name in reports
 * @param cell rnn, residual, leaky, learned, lstm, peephole, projected, gru or reset (first)
 * @param alpha rate of leaky units
 * @param skips delays of skip connections
 * @param layerNorm whether layers are normalised
 */
record CellSpec(
        String name,
        String cell,
        Activation activation,
        float alpha,
        List<Integer> skips,
        boolean layerNorm) {
    static final List<CellSpec> ALL = List.of(
            rnn(Activation.SIGMOID),
            rnn(Activation.TANH),
            rnn(Activation.RELU),
            rnn(Activation.IDENTITY),
            leaky(Activation.TANH, 0.3f),
            skip(Activation.SIGMOID, 3, 5),
            of("residual tanh", "residual", Activation.TANH),
            of("learned leak sigmoid", "learned", Activation.SIGMOID),
            lstm(),
            of("lstm peepholes", "peephole", null),
            of("lstm projection", "projected", null),
            gru(),
            of("gru reset first", "reset", null),
            rnn(Activation.TANH).normalized(),
            leaky(Activation.TANH, 0.3f).normalized(),
            lstm().normalized(),
            gru().normalized());

    static CellSpec rnn(Activation f) {
        return new CellSpec(text(f), "rnn", f, 0, List.of(), false);
    }

    static CellSpec leaky(Activation f, float alpha) {
        return new CellSpec("leaky " + text(f), "leaky", f, alpha, List.of(), false);
    }

    static CellSpec skip(Activation f, Integer... delays) {
        return new CellSpec("skip " + text(f), "rnn", f, 0, List.of(delays), false);
    }

    static CellSpec lstm() {
        return of("lstm", "lstm", null);
    }

    static CellSpec gru() {
        return of("gru", "gru", null);
    }

    private static CellSpec of(String name, String cell, Activation f) {
        return new CellSpec(name, cell, f, 0, List.of(), false);
    }

    private CellSpec normalized() {
        return new CellSpec("normalized " + name, cell, activation, alpha, skips, true);
    }

    private static String text(Activation f) {
        return f.name().toLowerCase(Locale.ROOT);
    }

    RnnBuilder network(int inputs, int hidden) {
        RnnBuilder builder = switch (cell) {
            case "leaky" -> Rnn.leaky(activation, inputs, hidden, alpha);
            case "learned" -> Rnn.learnedLeak(activation, inputs, hidden, 0.5f);
            case "residual" -> Rnn.residual(activation, inputs, hidden);
            case "lstm" -> Rnn.lstm(inputs, hidden);
            case "peephole" -> Rnn.lstm(inputs, hidden).peepholes();
            case "projected" -> Rnn.lstm(inputs, hidden).projection(features(hidden));
            case "gru" -> Rnn.gru(inputs, hidden);
            case "reset" -> Rnn.gruResetFirst(inputs, hidden);
            default -> {
                RnnBuilder elman = Rnn.elman(activation, inputs, hidden);
                yield skips.isEmpty()
                        ? elman
                        : elman.skip(skips.stream().mapToInt(Integer::intValue).toArray());
            }
        };
        return builder.layerNorm(layerNorm);
    }

    /** Returns the size of a state h, which a projection makes smaller than H. */
    int features(int hidden) {
        return cell.equals("projected") ? (hidden + 1) / 2 : hidden;
    }

    /** φ of a node. */
    int activate(Graph graph, int z) {
        return switch (activation) {
            case SIGMOID -> graph.of(Op.SIGMOID, z);
            case TANH -> graph.of(Op.TANH, z);
            case RELU -> graph.of(Op.RELU, z);
            case IDENTITY -> z;
        };
    }

    /** Whether the equations are analytic, so that a complex step may be taken. */
    boolean analytic() {
        return activation != Activation.RELU;
    }
}
