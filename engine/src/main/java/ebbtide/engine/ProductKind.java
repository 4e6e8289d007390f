package ebbtide.engine;

import ebbtide.kernels.Kernels;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The products of a layer and direction that a library can compute. */
enum ProductKind {
    /** W·x of all steps, before the forward recurrence. */
    PROJECTION("W·x"),
    /** U·h of one step. */
    STEP("U·h"),
    /** dz·U of one step. */
    STEP_BACK("dz·U"),
    /** dx = dz·W of all steps. */
    INPUTS("dx"),
    /** dW += dzᵀ·x and dU += dzᵀ·h_{t−d} of all steps. */
    WEIGHTS("dW, dU");

    /** Those of all steps at once. */
    static final Set<ProductKind> MERGED =
            Collections.unmodifiableSet(EnumSet.of(PROJECTION, INPUTS, WEIGHTS));

    final String symbol;

    ProductKind(String symbol) {
        this.symbol = symbol;
    }

    /**
     * What a library is given unmeasured: all that is merged, and steps where our kernels are scalar. With
     * vectors its copies of U make it slower at steps, or as fast: seen up to 1024 rows of 1024 units.
     */
    static Set<ProductKind> unmeasured(Kernels kernels) {
        return kernels.lanes() == 1
                ? EnumSet.allOf(ProductKind.class)
                : MERGED;
    }
}
