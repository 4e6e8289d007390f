package ebbtide.engine;

/**
 * How units are dropped while a network is trained.
 *
 * @param dropout of the outputs of every layer but the last, anew at every step (N. Srivastava et al.,
 *     JMLR 15, 2014; PyTorch's)
 * @param recurrent of the states that U multiplies, the same at every step (Gal's)
 * @param zoneout share of units that keep their state
 * @param cellZoneout share of units that keep their cell state
 */
record Regularization(float dropout, float recurrent, float zoneout, float cellZoneout) {
    static final Regularization NONE = new Regularization(0, 0, 0, 0);

    Regularization {
        rate("dropout", dropout);
        rate("recurrent dropout", recurrent);
        rate("zoneout", zoneout);
        rate("zoneout of cell states", cellZoneout);
    }

    Regularization withDropout(float rate) {
        return new Regularization(rate, recurrent, zoneout, cellZoneout);
    }

    Regularization withRecurrent(float rate) {
        return new Regularization(dropout, rate, zoneout, cellZoneout);
    }

    Regularization withZoneout(float rate) {
        return new Regularization(dropout, recurrent, rate, cellZoneout);
    }

    Regularization withCellZoneout(float rate) {
        return new Regularization(dropout, recurrent, zoneout, rate);
    }

    /** Whether states without masks are means of two, over which no pass goes back. */
    boolean zones() {
        return zoneout > 0 || cellZoneout > 0;
    }

    private static void rate(String name, float rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException(
                    "%s: expected a rate from 0 to below 1, got %s".formatted(name, rate));
        }
    }
}
