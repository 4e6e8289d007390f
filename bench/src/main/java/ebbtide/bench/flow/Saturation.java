package ebbtide.bench.flow;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The share of units, over all steps, whose slope φ'(z) is less than a tenth of the largest slope there
 * is: |tanh z| above 0.949, σ(z) below 0.026 or above 0.974, relu at 0. A gated cell has a share for each
 * gate.
 */
final class Saturation {
    private static final double SHARE = 0.1;

    private Saturation() {
    }

    /** Returns the shares of the units, or of each gate. */
    static Map<String, Double> of(Recurrence recurrence) {
        StateBlock[] states = recurrence.states();
        Map<String, Double> shares = new LinkedHashMap<>();
        if (recurrence.kind().gated()) {
            for (Gates gates : Gates.of(recurrence, states)) {
                gates(recurrence, gates, shares);
            }
        } else {
            double[] rates = recurrence.rates();
            for (int t = 0; t < recurrence.steps(); t++) {
                for (int i = 0; i < rates.length; i++) {
                    double slope = slope(recurrence, rates[i], states[t], states[t + 1], i);
                    count(shares, "units", slope < SHARE * recurrence.kind().slope());
                }
            }
        }
        shares.replaceAll((name, n) -> n / recurrence.steps() / recurrence.rnn().hidden());
        return shares;
    }

    /** φ'(z) of a unit without gates, from its states before and after the step. */
    static double slope(
            Recurrence recurrence, double rate, StateBlock before, StateBlock after, int unit) {
        double kept = recurrence.kind().adds() ? 1 : 1 - rate;
        double output = (after.get(0, unit) - kept * before.get(0, unit)) / rate;
        return recurrence.kind().slopeAt(output);
    }

    private static void gates(Recurrence recurrence, Gates gates, Map<String, Double> shares) {
        String[] names = recurrence.kind().gates();
        for (int g = 0; g < names.length; g++) {
            for (int i = 0; i < recurrence.rnn().hidden(); i++) {
                count(shares, names[g], gates.share(g, i) < SHARE);
            }
        }
    }

    private static void count(Map<String, Double> shares, String name, boolean saturated) {
        shares.merge(name, saturated ? 1.0 : 0.0, Double::sum);
    }
}
