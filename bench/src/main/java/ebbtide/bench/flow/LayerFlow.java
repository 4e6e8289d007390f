package ebbtide.bench.flow;

import java.util.List;
import java.util.Map;

/**
 * The gradient flow through one layer in one direction.
 *
 * @param layer its number, from 0
 * @param reverse whether it reads from the end; its step 1 is then the last one
 * @param curve ‖∂L/∂h_t‖ in the order in which it reads
 * @param lags steps back n of the Jacobian products
 * @param singularValues of ∂h_T/∂h_{T−n} [lag][i]; NaN where float32 cannot resolve them; of a large layer
 *     the leading ones
 * @param exponents the leading Lyapunov exponents per step, in nats
 * @param matrices the recurrent matrices
 * @param saturation share of saturated units, or of each gate
 * @param verdict the verdict
 */
public record LayerFlow(
        int layer,
        boolean reverse,
        Curve curve,
        int[] lags,
        double[][] singularValues,
        double[] exponents,
        List<Recurrent> matrices,
        Map<String, Double> saturation,
        Verdict verdict) {
    /** Returns what distinguishes it in the names of files: {@code 2}, {@code 2-reverse}. */
    public String key() {
        return layer + 1 + (reverse ? "-reverse" : "");
    }

    /** Returns its name for people. */
    public String name() {
        return "layer " + (layer + 1) + (reverse ? ", reverse direction" : "");
    }
}
