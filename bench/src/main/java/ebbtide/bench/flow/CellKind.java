package ebbtide.bench.flow;

import ebbtide.bench.train.Structure;

/**
 * What Pascanu's theorem has to know of a cell. With a largest slope γ of the nonlinearity, a leak α and
 * recurrent matrices U (and V of skip connections),
 *
 * <pre>
 *   ‖∂h_t/∂h_{t−1}‖ ≤ (1 − α) + α·γ·σ₁(U)
 * </pre>
 *
 * Source: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks",
 * ICML 2013, section 2.1, for α = 1. Gated cells have no such bound from their matrices alone.
 *
 * @param name of the nonlinearity or the gated cell: sigmoid, tanh, relu, identity, lstm, gru
 * @param leak α; 1 for none
 */
public record CellKind(String name, double leak) {
    /** Returns the kind of a cell without leak. */
    public static CellKind of(String name) {
        return new CellKind(name, 1);
    }

    /** Returns the kind of the cells of {@code structure}. */
    public static CellKind of(Structure structure) {
        return new CellKind(structure.cell(), structure.leak() > 0 ? structure.leak() : 1);
    }

    /** Returns γ, or NaN where the theorem does not apply. */
    public double slope() {
        return switch (name) {
            case "sigmoid" -> 0.25;
            case "tanh", "relu", "identity" -> 1;
            default -> Double.NaN;
        };
    }

    /** Returns the bound on a step's factor for a given σ₁(U), or NaN. */
    public double bound(double largestSingularValue) {
        return 1 - leak + leak * slope() * largestSingularValue;
    }

    /** Returns the gates in the order of the rows of U; one without name where there are none. */
    String[] gates() {
        return switch (name) {
            case "lstm" -> new String[] {"input", "forget", "cell", "output"};
            case "gru" -> new String[] {"reset", "update", "new"};
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
