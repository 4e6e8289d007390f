package ebbtide.engine.optim;

/**
 * The learning rate as a function of the update's number alone (the first is 0), so that a resumed
 * training needs nothing but that number. Any implementation must be a pure function; those made
 * here are immutable and safe for use by several threads.
 */
@FunctionalInterface
public interface Schedule {
    /** Returns the learning rate of update {@code update}, counted from 0. */
    double rate(long update);

    /** rate(u) = {@code rate}. */
    static Schedule constant(double rate) {
        requireRate("rate", rate);
        return update -> rate;
    }

    /**
     * rate(u) = {@code rate}·{@code factor}^⌊u / every⌋.
     *
     * @param factor at least 0
     * @param every at least 1
     */
    static Schedule step(double rate, double factor, long every) {
        requireRate("rate", rate);
        requireRate("factor", factor);
        requireCount("updates between steps", every);
        return update -> rate * StrictMath.pow(factor, Math.floorDiv(update, every));
    }

    /**
     * rate(u) = floor + (rate − floor)·(1 + cos(π·min(u, n)/n))/2 for n = {@code updates}: from
     * {@code rate} at the first update down to {@code floor} at update n, and floor ever after.
     * Source: I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts",
     * ICLR 2017, one period without restart.
     *
     * @param updates n, at least 1
     */
    static Schedule cosine(double rate, double floor, long updates) {
        requireRate("rate", rate);
        requireRate("floor", floor);
        requireCount("updates", updates);
        return update -> {
            if (update >= updates) {
                return floor;
            }
            double turn = StrictMath.cos(StrictMath.PI * update / updates);
            return floor + (rate - floor) * (1 + turn) / 2;
        };
    }

    /**
     * Linear warm-up, then another schedule that starts where the warm-up ends: for n = {@code
     * updates}, rate(u) = then.rate(0)·(u + 1)/n while u &lt; n, afterwards then.rate(u − n).
     *
     * @param updates n, at least 0
     */
    static Schedule warmup(long updates, Schedule then) {
        if (updates < 0) {
            throw new IllegalArgumentException(
                    "updates of warm-up: expected at least 0, got " + updates);
        }
        return update -> update < updates
                ? then.rate(0) * (update + 1) / updates
                : then.rate(update - updates);
    }

    private static void requireRate(String what, double value) {
        if (!(value >= 0 && value <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "%s: expected a finite number of at least 0, got %s".formatted(what, value));
        }
    }

    private static void requireCount(String what, long count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "%s: expected at least 1, got %d".formatted(what, count));
        }
    }
}
