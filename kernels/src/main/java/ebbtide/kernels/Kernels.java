package ebbtide.kernels;

/**
 * A complete set of kernels. Two sets that keep the numerics contract give the same bits for the same
 * call; {@link #exact} says whether a set keeps it. All methods of all parts are stateless and may be
 * called by any number of threads on disjoint outputs.
 *
 * @param name "scalar", "vector128", "vector256", "vector512", with "+" and the library's name if there
 *     is one, or "/" if it is on trial
 * @param lanes floats in one vector, 1 for scalar
 * @param exact whether the set keeps the bit contract
 * @param library what computes some of a network's products in place of {@code products}, or null
 * @param libraryOnTrial whether a plan measures first which of them the library computes faster, and
 *     leaves it no others
 */
public record Kernels(
        String name,
        int lanes,
        boolean exact,
        Packing packing,
        Products products,
        Pointwise pointwise,
        Cells cells,
        GatedVariants gatedVariants,
        Rows rows,
        Reductions reductions,
        Losses losses,
        Updates updates,
        MatrixProducts library,
        boolean libraryOnTrial) {

    /** Makes a set that keeps the contract, without a library. */
    public Kernels(
            String name,
            int lanes,
            Packing packing,
            Products products,
            Pointwise pointwise,
            Cells cells,
            GatedVariants gatedVariants,
            Rows rows,
            Reductions reductions,
            Losses losses,
            Updates updates) {
        this(
                name, lanes, true, packing, products, pointwise, cells,
                gatedVariants, rows, reductions, losses,
                updates, null, false);
    }

    /**
     * Returns this set with a library for all products that are merged over time, and for those of single
     * steps where this set is scalar; it does not keep the contract.
     */
    public Kernels with(MatrixProducts library) {
        return with("+", library, false);
    }

    /**
     * Returns this set with a library for those products that it computes faster, merged ones and those of
     * single steps, which each plan measures when it is built, about a second long. It does not
     * keep the contract, and not even two plans of one program need agree in the last bits.
     */
    public Kernels withWhereFaster(MatrixProducts library) {
        return with("/", library, true);
    }

    /**
     * Returns this set without flushing ({@link Pointwise}): what vanishes shrinks to the last subnormal,
     * 1.4e-45, and steps that meet subnormals take up to a hundred times as long on Intel's processors.
     */
    public Kernels withGradualUnderflow() {
        return new Kernels(
                name, lanes, exact, packing, products, pointwise.gradual(), cells.gradual(),
                gatedVariants.gradual(), rows, reductions, losses, updates, library,
                libraryOnTrial);
    }

    private Kernels with(String sign, MatrixProducts library, boolean onTrial) {
        return new Kernels(
                name + sign + library.name(), lanes, false, packing, products, pointwise, cells,
                gatedVariants, rows, reductions, losses, updates, library, onTrial);
    }
}
