package ebbtide.engine;

/** The products of a layer and direction that are merged over all steps, which a library can compute. */
enum MergedProduct {
    /** W·x of all steps, before the forward recurrence. */
    PROJECTION("W·x"),
    /** dx = dz·W. */
    INPUTS("dx"),
    /** dW += dzᵀ·x and dU += dzᵀ·h_{t−d}. */
    WEIGHTS("dW, dU");

    final String symbol;

    MergedProduct(String symbol) {
        this.symbol = symbol;
    }
}
