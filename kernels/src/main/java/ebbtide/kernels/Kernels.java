package ebbtide.kernels;

/**
 * A complete set of kernels. Two sets that keep the numerics contract give the same bits for the same
 * call; {@link #exact} says whether a set keeps it. All methods of all parts are stateless and may be
 * called by any number of threads on disjoint outputs.
 *
 * @param name "scalar", "vector128", "vector256", "vector512", or a provider's name
 * @param lanes floats in one vector, 1 for scalar
 * @param exact whether the set keeps the bit contract
 */
public record Kernels(
        String name,
        int lanes,
        boolean exact,
        Packing packing,
        Products products,
        Pointwise pointwise,
        Cells cells,
        Rows rows,
        Reductions reductions,
        Losses losses,
        Updates updates) {}
