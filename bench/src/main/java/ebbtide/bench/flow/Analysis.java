package ebbtide.bench.flow;

import ebbtide.engine.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All that the laboratory knows to say of a network. Curves are over the batch; Jacobian products, the
 * Lyapunov spectrum and saturation are along its first sequence.
 *
 * @param layers the flow through each layer, in each of its directions
 */
public record Analysis(List<LayerFlow> layers) {
    /** Up to this many units matrices are formed; above, only products with them, for leading values. */
    static final int DENSE = 512;
    /** Up to this many numbers of a state the whole Lyapunov spectrum is computed, else the leading part. */
    private static final int WHOLE = 64;
    private static final int LEADING = 32;

    /** Analyses every layer of {@code subject}. */
    public static Analysis of(Subject subject, long seed, Workers workers, Progress progress) {
        progress.at(0, "gradient curve");
        double[][][] norms = subject.norms(workers);
        List<Recurrence> recurrences = Recurrence.all(subject);
        List<LayerFlow> layers = new ArrayList<>();
        for (int run = 0; run < norms.length; run++) {
            double from = (double) run / norms.length;
            Progress part = progress.part(from, from + 1.0 / norms.length);
            layers.add(
                    layer(recurrences.get(run), new Curve(norms[run]), seed, workers, part));
        }
        progress.at(1, "done");
        return new Analysis(layers);
    }

    private static LayerFlow layer(
            Recurrence recurrence, Curve curve, long seed, Workers workers, Progress progress) {
        int[] lags = JacobianProducts.lags(recurrence.steps());
        double[][] values = recurrence.rnn().features() <= DENSE
                ? JacobianProducts.singularValues(
                        JacobianProducts.of(recurrence, lags, workers, progress.part(0.05, 0.3)),
                        progress.part(0.3, 0.6))
                : JacobianMap.leadingValues(recurrence, lags, workers, progress.part(0.05, 0.6));
        int size = StateBlock.size(recurrence.rnn());
        double[] exponents = Lyapunov.of(
                recurrence, size <= WHOLE ? size : LEADING, seed, workers,
                progress.part(0.6, 0.8));
        List<Recurrent> matrices =
                Recurrent.of(recurrence, DENSE, workers, progress.part(0.8, 0.95));
        progress.at(0.95, "saturation");
        Map<String, Double> saturation = Saturation.of(recurrence);
        Verdict verdict = Verdict.of(recurrence, matrices, curve);
        return new LayerFlow(
                recurrence.layer(), recurrence.reverse(), curve, lags, values, exponents, matrices,
                saturation, verdict);
    }
}
