package ebbtide.bench.flow;

import ebbtide.bench.train.Structure;
import java.util.ArrayList;
import java.util.List;

/**
 * What Pascanu's theorem has to know of a cell. With a largest slope γ of the nonlinearity, recurrent
 * matrices U (and V of skip connections), and the share α of its state that a unit renews,
 *
 * <pre>
 *   ‖∂h_t/∂h_{t−1}‖ ≤ κ + α·γ·σ₁(U),    κ = 1 − α, or 1 where a unit adds to its state
 * </pre>
 *
 * Source: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks",
 * ICML 2013, section 2.1, for α = 1. Gated cells have no such bound from their matrices alone.
 *
 * @param name of the nonlinearity or the gated cell: sigmoid, tanh, relu, identity, lstm, gru,
 *     gru-reset-first
 * @param leak α; 1 for none; where rates are learned, those of the network count
 * @param adds whether h_t = h_{t−1} + φ(z_t)
 * @param delays of the recurrences in steps, 1 the first
 */
public record CellKind(String name, double leak, boolean adds, List<Integer> delays) {
    /** Returns the kind of a cell without variations. */
    public static CellKind of(String name) {
        return new CellKind(name, 1, false, List.of(1));
    }

    /** Returns the kind of the cells of {@code structure}. */
    public static CellKind of(Structure structure) {
        List<Integer> delays = new ArrayList<>(List.of(1));
        delays.addAll(structure.skip());
        return new CellKind(
                structure.cell(), structure.leak() > 0 ? structure.leak() : 1,
                structure.residualRecurrence(), List.copyOf(delays));
    }

    /** Returns γ, or NaN where the theorem does not apply. */
    public double slope() {
        return switch (name) {
            case "sigmoid" -> 0.25;
            case "tanh", "relu", "identity" -> 1;
            default -> Double.NaN;
        };
    }

    /** Returns whether gates stand between a state and the one before it. */
    boolean gated() {
        return Double.isNaN(slope());
    }

    /** Returns the gates in the order of the rows of U; one without name where there are none. */
    String[] gates() {
        return switch (name) {
            case "lstm" -> new String[] {"input", "forget", "cell", "output"};
            case "gru", "gru-reset-first" -> new String[] {"reset", "update", "new"};
            default -> new String[] {""};
        };
    }

    /** Returns φ'(z), given φ(z). */
    double slopeAt(double output) {
        return switch (name) {
            case "sigmoid" -> output * (1 - output);
            case "tanh" -> 1 - output * output;
            case "relu" -> output > 0 ? 1 : 0;
            default -> 1;
        };
    }
}
