package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;

/**
 * What the register tiles share: where a vector of packed columns stands, and what fits the registers. A
 * tile is one method that calls nothing but the Vector API and {@link #column}. What C2 may inline into a
 * method has a limit (DesiredMethodLimit, 8,000 bytes), which the Vector API itself is exempt from: a
 * helper that takes or gives a vector, called after a long k-loop, is past it in one JVM and not in the
 * next, and what is not inlined boxes. (With one for the stores, three tiles of 512 bits boxed in one
 * test JVM of two.)
 */
final class Tiles {
    /** Floats in a vector. */
    static final int LANES = SPECIES.length();

    /**
     * Whether vectors are as wide as a panel row: 512 bits, and with them 32 registers. C2 has 16 for
     * what is narrower, unless the processor has AVX-512 all the same.
     */
    static final boolean WIDE = LANES == Panels.WIDTH;

    private Tiles() {}

    /**
     * Returns the distance from a tile's first packed float to that of its vector {@code v}. With
     * {@code v} a constant this is a constant, plus a multiple of the panel stride where a tile
     * spans panels: the vectors of one panel then share one address register. Separate variables for
     * them cost a quarter of the speed (65 instead of 94 of 96 GFLOP/s, Zen 3).
     */
    static int column(int v, int panelStride) {
        return (v * LANES / Panels.WIDTH) * panelStride + v * LANES % Panels.WIDTH;
    }
}
