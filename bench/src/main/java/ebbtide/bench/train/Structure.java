package ebbtide.bench.train;

import java.util.List;

/**
 * What a network is made of.
 *
 * @param cell {@code lstm}, {@code gru}, or the nonlinearity of a plain cell
 * @param hidden units of a layer
 * @param layers layers on top of each other
 * @param leak rate α of leaky units, 0 where a plain cell does not leak
 * @param skip delays of connections that skip time steps, besides the delay 1
 * @param forgetBias added to an LSTM's forget gates at the start
 * @param chrono longest dependency that an LSTM's biases start for, 0 for none
 */
public record Structure(
        String cell,
        int hidden,
        int layers,
        float leak,
        List<Integer> skip,
        float forgetBias,
        int chrono) {
    /** Returns a network of a cell as it is by itself. */
    public static Structure of(String cell, int hidden, int layers) {
        return new Structure(cell, hidden, layers, 0f, List.of(), 0f, 0);
    }

    /** Returns the cell and what varies it, for people: {@code tanh, leak 0.1}. */
    public String describe() {
        StringBuilder text = new StringBuilder(cell);
        add(text, leak > 0, "leak " + leak);
        add(text, !skip.isEmpty(), "skip " + skip.toString().replaceAll("[\\[\\]]", ""));
        add(text, forgetBias != 0, "forget bias " + forgetBias);
        add(text, chrono > 0, "chrono " + chrono);
        return text.toString();
    }

    private static void add(StringBuilder text, boolean there, String part) {
        if (there) {
            text.append(", ").append(part);
        }
    }
}
