package ebbtide.bench.flow;

import java.util.List;
import java.util.Locale;

/**
 * What Pascanu's theorem predicts of a layer, beside what was measured.
 *
 * @param predicted the largest factor that a step back can have, γ·σ₁(U) for a plain cell; NaN where the
 *     theorem says nothing
 * @param measured the factor of a step back, the geometric mean over the steps
 * @param change the factor over all steps
 * @param back steps back that were measured
 * @param words the verdict in words
 */
public record Verdict(double predicted, double measured, double change, int back, String words) {
    private static final double DECADE = 10;

    static Verdict of(Recurrence recurrence, List<Recurrent> matrices, Curve curve) {
        double sum = matrices.stream().mapToDouble(Recurrent::largest).sum();
        double predicted = recurrence.bound(sum);
        double measured = curve.rate();
        int back = curve.last() - curve.first();
        String words = theory(recurrence.kind(), matrices, predicted)
                + (back == 0
                        ? " Nothing to measure: the loss is at the first step that this direction reads."
                        : format(
                                " Measured%s: a factor of %s over %d steps, %s a step: the gradient %s.",
                                recurrence.crossed() ? ", with what enters on the way" : "",
                                number(curve.change()), back, number(measured),
                                fate(curve.change())))
                + (curve.first() > 0
                        ? format(
                                " (Before step %d it is below what float32 can hold.)",
                                curve.first() + 1)
                        : "");
        return new Verdict(predicted, measured, curve.change(), back, words);
    }

    private static String theory(CellKind kind, List<Recurrent> matrices, double predicted) {
        if (Double.isNaN(predicted)) {
            return "Gates: the theorem says nothing of them, the state passes by the matrices.";
        }
        boolean skip = matrices.size() > 1;
        String boundary = format(
                "%s(U)%s %s against 1/gamma %s",
                skip ? "sum of sigma1" : "sigma1", skip ? " + skips" : "",
                number(matrices.stream().mapToDouble(Recurrent::largest).sum()),
                number(1 / kind.slope()));
        if (predicted < 1) {
            return skip
                    ? format("Must vanish: %s.", boundary)
                    : format(
                            "Must vanish: %s, so no step back keeps more than %s of the gradient.",
                            boundary, number(predicted));
        }
        return format(
                "Can explode: %s; a step back may multiply the gradient by up to %s, and need not.",
                boundary, number(predicted));
    }

    /** Returns what a factor over all steps amounts to. */
    public static String fate(double change) {
        return Double.isNaN(change) || Double.isInfinite(change) || change > DECADE
                ? "explodes"
                : change < 1 / DECADE ? "vanishes" : "is carried";
    }

    /** Returns whether the measured rate keeps to the theorem. */
    public boolean withinBound() {
        return Double.isNaN(predicted) || predicted >= 1 || !(measured > predicted * 1.001);
    }

    private static String number(double value) {
        return value >= 0.001 && value < 10_000
                ? format("%.3g", value)
                : format("%.1e", value);
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
