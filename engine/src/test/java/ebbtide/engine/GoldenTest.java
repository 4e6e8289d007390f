package ebbtide.engine;

import ebbtide.kernels.Activation;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forward and backward of every cell against PyTorch's autograd in float64. */
class GoldenTest {
    @ParameterizedTest
    @CsvSource({
        "rnn_identity_T200_long, 1",
        "rnn_identity_T7_B3_I5_H6, 1",
        "rnn_relu_T7_B3_I5_H6, 1",
        "rnn_sigmoid_B1, 1",
        "rnn_sigmoid_B1, 2",
        "rnn_sigmoid_T33_B5_I17_H23, 1",
        "rnn_sigmoid_T33_B5_I17_H23, 2",
        "rnn_sigmoid_T64_B16_I32_H48, 1",
        "rnn_sigmoid_T64_B16_I32_H48, 3",
        "rnn_sigmoid_T7_B3_I5_H6, 1",
        "rnn_tanh_2layer, 1",
        "rnn_tanh_2layer, 2",
        "rnn_tanh_T33_B5_I17_H23, 1",
        "rnn_tanh_T7_B3_I5_H6, 1",
        "leaky_sigmoid, 1",
        "leaky_sigmoid, 2",
        "leaky_tanh, 1",
        "skip3_sigmoid, 1",
        "skip3_sigmoid, 2",
        "skip4_tanh, 1",
        "lstm_T7_B3_I5_H6, 1",
        "lstm_T33_B5_I17_H23, 1",
        "lstm_T33_B5_I17_H23, 2",
        "gru_T7_B3_I5_H6, 1",
        "gru_T33_B5_I17_H23, 1",
        "gru_T33_B5_I17_H23, 2",
        "rnn_sigmoid_lengths, 1",
        "rnn_sigmoid_lengths, 2",
        "lstm_lengths, 1",
        "lstm_lengths, 3",
        "gru_lengths, 1",
        "gru_lengths, 2",
        "rnn_tanh_bidir_2layer, 1",
        "rnn_tanh_bidir_2layer, 2",
        "lstm_bidir_2layer, 1",
        "lstm_bidir_2layer, 3",
        "gru_bidir_2layer, 1",
        "gru_bidir_2layer, 2"
    })
    void matchesPyTorch(String name, int threads) {
        GoldenCase golden = GoldenCase.read(name);
        int steps = golden.number("steps");
        int batch = golden.number("batch");
        int inputs = golden.number("inputs");
        int hidden = golden.number("hidden");
        int layers = golden.number("layers");
        boolean both = golden.number("directions") == 2;
        Rnn rnn =
                network(golden, inputs, hidden)
                        .layers(layers)
                        .directions(both ? Directions.CONCATENATED : Directions.FORWARD)
                        .build(0);
        int runs = layers * golden.number("directions");
        for (Layout.Slot slot : rnn.parameters().layout().slots()) {
            rnn.parameters().write(slot.name(), golden.floats(slot.name()));
        }
        Tensor y = Tensor.zeros(steps, batch, rnn.outputs());
        Tensor hn = Tensor.zeros(runs, batch, hidden);
        Tensor dx = Tensor.zeros(steps, batch, inputs);
        Tensor dh0 = Tensor.zeros(runs, batch, hidden);
        boolean cells = rnn.hasCellState();
        Tensor cn = cells ? Tensor.zeros(runs, batch, hidden) : null;
        Tensor dc0 = cells ? Tensor.zeros(runs, batch, hidden) : null;
        Gradients gradients = rnn.gradients();
        try (Workers workers = Workers.of(threads)) {
            Planner planner = rnn.planner(steps, batch).workers(workers);
            Plan plan;
            if (golden.has("lengths")) {
                plan = planner.variableLengths().build();
                plan.lengths(golden.lengths());
            } else {
                plan = planner.build();
            }
            plan.forward(
                    golden.tensor("x"),
                    golden.tensor("h0"),
                    cells ? golden.tensor("c0") : null,
                    y,
                    hn,
                    cn);
            plan.backward(
                    golden.tensor("dy"),
                    golden.tensor("dhn"),
                    cells ? golden.tensor("dcn") : null,
                    dx,
                    dh0,
                    dc0,
                    gradients);
        }
        golden.assertClose("y", y.data());
        golden.assertClose("hn", hn.data());
        golden.assertClose("dx", dx.data());
        golden.assertClose("dh0", dh0.data());
        if (cells) {
            golden.assertClose("cn", cn.data());
            golden.assertClose("dc0", dc0.data());
        }
        for (Layout.Slot slot : gradients.layout().slots()) {
            golden.assertClose("grad." + slot.name(), gradients.read(slot.name()));
        }
    }

    private static RnnBuilder network(GoldenCase golden, int inputs, int hidden) {
        Activation activation =
                switch (golden.text("cell")) {
                    case "lstm", "gru" -> null;
                    default -> Activation.valueOf(
                            golden.text("activation").toUpperCase(Locale.ROOT));
                };
        return switch (golden.text("cell")) {
            case "rnn" -> Rnn.elman(activation, inputs, hidden);
            case "leaky" -> Rnn.leaky(
                    activation, inputs, hidden, Float.parseFloat(golden.text("alpha")));
            case "skip" -> Rnn.elman(activation, inputs, hidden).skip(golden.number("skip"));
            case "lstm" -> Rnn.lstm(inputs, hidden);
            case "gru" -> Rnn.gru(inputs, hidden);
            default -> throw new AssertionError("unknown cell " + golden.text("cell"));
        };
    }
}
