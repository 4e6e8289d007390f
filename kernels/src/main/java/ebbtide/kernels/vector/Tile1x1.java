package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/** One row by one vector, for the last columns of the last row. */
final class Tile1x1 {
    private Tile1x1() {}

    /** The left factor as a row: element k at aOff + k. */
    static void row(
            float[] a,
            int aOff,
            int depth,
            float[] p,
            int pOff,
            float[] sums,
            int sumsOff,
            boolean add) {
        FloatVector c0 = FloatVector.zero(SPECIES);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, p, pOff + k * Panels.WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[aOff + k]);
            c0 = x.fma(b0, c0);
        }
        if (add) {
            FloatVector.fromArray(SPECIES, sums, sumsOff).add(c0).intoArray(sums, sumsOff);
        } else {
            c0.intoArray(sums, sumsOff);
        }
    }
}
