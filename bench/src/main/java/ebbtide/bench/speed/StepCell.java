package ebbtide.bench.speed;

import ebbtide.bench.BadInput;
import ebbtide.engine.Rnn;
import ebbtide.engine.RnnBuilder;
import ebbtide.kernels.Activation;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The cells whose steps are timed. */
public enum StepCell {
    /** Elman with the logistic sigmoid. */
    SIGMOID(1),
    /** Elman with tanh. */
    TANH(1),
    /** Elman with max(z, 0). */
    RELU(1),
    /** Elman without a function. */
    IDENTITY(1),
    /** LSTM. */
    LSTM(4),
    /** GRU with the reset gate after the product. */
    GRU(3);

    private final int gates;

    StepCell(int gates) {
        this.gates = gates;
    }

    /**
     * Returns the cell of this name.
     *
     * @throws BadInput if there is none
     */
    public static StepCell named(String name) {
        for (StepCell cell : values()) {
            if (cell.label().equals(name)) {
                return cell;
            }
        }
        throw new BadInput(
                "--cell: expected one of %s, got %s; choose one",
                Arrays.stream(values()).map(StepCell::label).collect(Collectors.joining(", ")),
                name);
    }

    /** Returns the name that the command line gives it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the products with W, and with U, in a step. */
    public int gates() {
        return gates;
    }

    /** Returns whether this is an Elman cell. */
    public boolean elman() {
        return gates == 1;
    }

    /** Returns φ of an Elman cell. */
    public Activation activation() {
        return Activation.valueOf(name());
    }

    /** Describes a network of this cell. */
    public RnnBuilder network(int inputs, int hidden) {
        return switch (this) {
            case LSTM -> Rnn.lstm(inputs, hidden);
            case GRU -> Rnn.gru(inputs, hidden);
            default -> Rnn.elman(activation(), inputs, hidden);
        };
    }
}
