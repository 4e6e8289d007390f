package ebbtide.engine;

/**
 * How units are dropped while a network is trained.
 *
 * @param dropout of the outputs of every layer but the last, anew at every step (N. Srivastava et al.,
 *     JMLR 15, 2014; PyTorch's)
 * @param recurrent of the states that U multiplies, the same at every step (Gal's)
 * @param zoneout share of units that keep their state
 */
record Regularization(float dropout, float recurrent, float zoneout) {
    static final Regularization NONE = new Regularization(0, 0, 0);

    Regularization {
        rate("dropout", dropout);
        rate("recurrent dropout", recurrent);
        rate("zoneout", zoneout);
    }

    private static void rate(String name, float rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException(
                    "%s: expected a rate from 0 to below 1, got %s".formatted(name, rate));
        }
    }
}
