package ebbtide.bench.flow;

import ebbtide.engine.Rnn;
import ebbtide.engine.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that the laboratory knows to say of a network. Curves are over the batch; Jacobian products, the
 * Lyapunov spectrum and saturation are along its first sequence.
 *
 * @param layers the flow through each layer
 */
public record Analysis(List<LayerFlow> layers) {
    /** Above this many units the Jacobian products are left out: their size grows with H². */
    private static final int LARGEST = 1024;
    /** Up to this many units the whole Lyapunov spectrum is computed, above it the leading part. */
    private static final int WHOLE = 64;
    private static final int LEADING = 32;

    /** Analyses every layer of {@code subject}. */
    public static Analysis of(Subject subject, long seed, Workers workers, Progress progress) {
        progress.at(0, "gradient curve");
        double[][][] norms = subject.norms(workers);
        List<LayerFlow> layers = new ArrayList<>();
        for (int layer = 0; layer < norms.length; layer++) {
            double from = (double) layer / norms.length;
            Progress part = progress.part(from, from + 1.0 / norms.length);
            layers.add(layer(subject, layer, new Curve(norms[layer]), seed, workers, part));
        }
        progress.at(1, "done");
        return new Analysis(layers);
    }

    private static LayerFlow layer(
            Subject subject,
            int layer,
            Curve curve,
            long seed,
            Workers workers,
            Progress progress) {
        Rnn rnn = subject.rnn();
        Inputs one = subject.inputs().repeat(0, 1);
        int[] lags = {};
        double[][] values = {};
        if (rnn.hidden() <= LARGEST) {
            lags = JacobianProducts.lags(subject.steps());
            values = JacobianProducts.singularValues(
                    JacobianProducts
                            .of(rnn, one, layer, lags, workers, progress.part(0.05, 0.3)),
                    progress.part(0.3, 0.6));
        }
        boolean skips = rnn.parameters().layout().has("weight_skip_l" + layer);
        int states = rnn.hidden() * (rnn.hasCellState() ? 2 : 1);
        double[] exponents = skips
                ? new double[0]
                : Lyapunov.of(
                        rnn, one, layer, states <= WHOLE ? states : LEADING, seed, workers,
                        progress.part(0.6, 0.8));
        List<Recurrent> matrices =
                Recurrent.of(rnn, subject.kind(), layer, progress.part(0.8, 0.95));
        progress.at(0.95, "saturation");
        Map<String, Double> saturation = Saturation.of(rnn, subject.kind(), one, layer);
        Verdict verdict = Verdict.of(subject.kind(), matrices, curve);
        return new LayerFlow(
                layer, curve, lags, values, exponents, matrices, saturation, verdict);
    }
}
