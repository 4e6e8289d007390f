package ebbtide.kernels.scalar;

import ebbtide.kernels.Kernels;

/** The reference kernels as one set. */
public final class ScalarKernels {
    private ScalarKernels() {}

    /** Returns the set. */
    public static Kernels create() {
        return new Kernels(
                "scalar",
                1,
                new ScalarPacking(),
                new ScalarProducts(),
                new ScalarPointwise(),
                new ScalarCells(),
                new ScalarGatedVariants(),
                new ScalarRows(),
                new ScalarReductions(),
                new ScalarLosses(),
                new ScalarUpdates());
    }
}
