package ebbtide.bench.train;

import ebbtide.engine.Directions;
import java.util.List;

/**
 * What a network is made of.
 *
 * @param cell {@code lstm}, {@code gru}, {@code gru-reset-first}, or the nonlinearity of a plain cell
 * @param hidden units of a layer
 * @param layers layers on top of each other
 * @param leak rate α of leaky units, 0 where a plain cell does not leak
 * @param learnLeak whether training changes the rates, unit by unit
 * @param skip delays of connections that skip time steps, besides the delay 1
 * @param residualRecurrence whether a plain cell adds to its state: h_t = h_{t−1} + φ(z)
 * @param forgetBias added to an LSTM's forget gates at the start
 * @param chrono longest dependency that an LSTM's biases start for, 0 for none
 * @param peepholes whether an LSTM's gates look at the cell state
 * @param layerNorm whether what the cell's pointwise part reads is normalised by layers
 * @param projection states that an LSTM's outputs are projected to, 0 for none
 * @param directions in which layers read
 * @param residual whether a layer's input is added to its output
 * @param dropout rate between layers
 * @param recurrentDropout rate of the states that U multiplies
 * @param zoneout share of units that keep their state
 * @param cellZoneout share of units that keep an LSTM's cell state
 */
public record Structure(
        String cell,
        int hidden,
        int layers,
        float leak,
        boolean learnLeak,
        List<Integer> skip,
        boolean residualRecurrence,
        float forgetBias,
        int chrono,
        boolean peepholes,
        boolean layerNorm,
        int projection,
        Directions directions,
        boolean residual,
        float dropout,
        float recurrentDropout,
        float zoneout,
        float cellZoneout) {
    /** Returns a network of a cell as it is by itself. */
    public static Structure of(String cell, int hidden, int layers) {
        return new Structure(
                cell, hidden, layers, 0f, false, List.of(), false, 0f, 0, false, false, 0,
                Directions.FORWARD,
                false, 0f, 0f, 0f, 0f);
    }

    /** Returns whether training draws masks. */
    public boolean drops() {
        return dropout > 0 || recurrentDropout > 0 || zoneout > 0 || cellZoneout > 0;
    }

    /** Returns whether a state or a gate is another than that of the usual cells. */
    public boolean unusual() {
        return learnLeak || residualRecurrence || peepholes || layerNorm || projection > 0
                || cell.equals("gru-reset-first");
    }

    /** Returns the cell and what varies it, for people: {@code tanh, leak 0.1}. */
    public String describe() {
        StringBuilder text = new StringBuilder(cell);
        add(text, leak > 0, (learnLeak ? "learned leak from " : "leak ") + leak);
        add(text, !skip.isEmpty(), "skip " + skip.toString().replaceAll("[\\[\\]]", ""));
        add(text, residualRecurrence, "residual recurrence");
        add(text, forgetBias != 0, "forget bias " + forgetBias);
        add(text, chrono > 0, "chrono " + chrono);
        add(text, peepholes, "peepholes");
        add(text, layerNorm, "layer normalisation");
        add(text, projection > 0, "projection " + projection);
        add(text, directions == Directions.CONCATENATED, "both directions");
        add(text, directions == Directions.SUMMED, "both directions summed");
        add(text, residual, "residual");
        add(text, dropout > 0, "dropout " + dropout);
        add(text, recurrentDropout > 0, "recurrent dropout " + recurrentDropout);
        add(text, zoneout > 0, "zoneout " + zoneout);
        add(text, cellZoneout > 0, "zoneout of c " + cellZoneout);
        return text.toString();
    }

    private static void add(StringBuilder text, boolean there, String part) {
        if (there) {
            text.append(", ").append(part);
        }
    }
}
