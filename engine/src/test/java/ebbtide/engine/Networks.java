package ebbtide.engine;

import ebbtide.kernels.Activation;
import java.util.stream.Stream;

/** One network of every kind of cell, by name. */
enum Networks {
    SIGMOID,
    TANH,
    RELU,
    IDENTITY,
    LEAKY,
    SKIP,
    LSTM,
    GRU,
    LEARNED_LEAK,
    RESIDUAL,
    PEEPHOLE,
    PROJECTED,
    GRU_RESET_FIRST,
    NORMALIZED,
    NORMALIZED_LEAKY,
    NORMALIZED_LSTM,
    NORMALIZED_GRU;

    RnnBuilder of(int inputs, int hidden) {
        return switch (this) {
            case SIGMOID, TANH, RELU, IDENTITY ->
                Rnn.elman(Activation.valueOf(name()), inputs, hidden);
            case LEAKY -> Rnn.leaky(Activation.TANH, inputs, hidden, 0.3f);
            case SKIP -> Rnn.sigmoid(inputs, hidden).skip(3, 5);
            case LSTM -> Rnn.lstm(inputs, hidden).forgetBias(1);
            case GRU -> Rnn.gru(inputs, hidden);
            case LEARNED_LEAK -> Rnn.learnedLeak(Activation.SIGMOID, inputs, hidden, 0.3f);
            case RESIDUAL -> Rnn.residual(Activation.TANH, inputs, hidden);
            case PEEPHOLE -> Rnn.lstm(inputs, hidden).peepholes().forgetBias(1);
            case PROJECTED -> hidden < 2 ? Rnn.lstm(inputs, hidden)
                    : Rnn.lstm(inputs, hidden).projection((hidden + 1) / 2);
            case NORMALIZED -> Rnn.tanh(inputs, hidden).layerNorm(true);
            case NORMALIZED_LEAKY ->
                Rnn.learnedLeak(Activation.TANH, inputs, hidden, 0.3f).layerNorm(true);
            case NORMALIZED_LSTM -> Rnn.lstm(inputs, hidden).forgetBias(1).layerNorm(true);
            case NORMALIZED_GRU -> Rnn.gru(inputs, hidden).layerNorm(true);
            case GRU_RESET_FIRST -> Rnn.gruResetFirst(inputs, hidden);
        };
    }

    static Stream<Networks> all() {
        return Stream.of(values());
    }
}
