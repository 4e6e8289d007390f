package ebbtide.bench.flow;

import java.util.List;
import java.util.Map;

/**
 * The gradient flow through one layer.
 *
 * @param layer its number, from 0
 * @param curve ‖∂L/∂h_t‖
 * @param lags steps back n of the Jacobian products
 * @param singularValues of ∂h_T/∂h_{T−n} [lag][i]; NaN where float32 cannot resolve them; empty where
 *     the layer is too large for them
 * @param exponents the leading Lyapunov exponents per step, in nats; empty for skip connections
 * @param matrices the recurrent matrices
 * @param saturation share of saturated units, or of each gate
 * @param verdict the verdict
 */
public record LayerFlow(
        int layer,
        Curve curve,
        int[] lags,
        double[][] singularValues,
        double[] exponents,
        List<Recurrent> matrices,
        Map<String, Double> saturation,
        Verdict verdict) {
}
