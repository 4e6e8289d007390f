package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/** What the register tiles share: where a vector of packed columns stands, and how sums are put. */
final class Tiles {
    /** Floats in a vector. */
    static final int LANES = SPECIES.length();

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

    static FloatVector load(float[] p, int at) {
        return FloatVector.fromArray(SPECIES, p, at);
    }

    static FloatVector broadcast(float[] a, int at) {
        return FloatVector.broadcast(SPECIES, a[at]);
    }

    /** Stores one vector of sums, or adds it to what is there; after the k-loop, never before. */
    static void put(FloatVector sum, float[] sums, int at, boolean add) {
        if (add) {
            load(sums, at).add(sum).intoArray(sums, at);
        } else {
            sum.intoArray(sums, at);
        }
    }

    /** Stores or adds two neighbouring vectors of sums. */
    static void put(FloatVector sum0, FloatVector sum1, float[] sums, int at, boolean add) {
        put(sum0, sums, at, add);
        put(sum1, sums, at + LANES, add);
    }
}
