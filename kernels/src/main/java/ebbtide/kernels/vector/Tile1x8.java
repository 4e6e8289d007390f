package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.LANES;
import static ebbtide.kernels.vector.Tiles.column;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/** The register tile of one row by eight vectors, for a batch of one: eight sums in flight. */
final class Tile1x8 {
    static final int VECTORS = 8;

    private Tile1x8() {}

    /** The left factor as a row: element k at aOff + k. */
    static void row(
            float[] a,
            int aOff,
            int depth,
            float[] p,
            int pOff,
            int panelStride,
            float[] sums,
            int sumsOff,
            boolean add) {
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        FloatVector c6 = c0;
        FloatVector c7 = c0;
        int p1 = pOff + column(1, panelStride);
        int p2 = pOff + column(2, panelStride);
        int p3 = pOff + column(3, panelStride);
        int p4 = pOff + column(4, panelStride);
        int p5 = pOff + column(5, panelStride);
        int p6 = pOff + column(6, panelStride);
        int p7 = pOff + column(7, panelStride);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, p, pOff + k * Panels.WIDTH);
            FloatVector b1 = FloatVector.fromArray(SPECIES, p, p1 + k * Panels.WIDTH);
            FloatVector b2 = FloatVector.fromArray(SPECIES, p, p2 + k * Panels.WIDTH);
            FloatVector b3 = FloatVector.fromArray(SPECIES, p, p3 + k * Panels.WIDTH);
            FloatVector b4 = FloatVector.fromArray(SPECIES, p, p4 + k * Panels.WIDTH);
            FloatVector b5 = FloatVector.fromArray(SPECIES, p, p5 + k * Panels.WIDTH);
            FloatVector b6 = FloatVector.fromArray(SPECIES, p, p6 + k * Panels.WIDTH);
            FloatVector b7 = FloatVector.fromArray(SPECIES, p, p7 + k * Panels.WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[aOff + k]);
            c0 = x.fma(b0, c0);
            c1 = x.fma(b1, c1);
            c2 = x.fma(b2, c2);
            c3 = x.fma(b3, c3);
            c4 = x.fma(b4, c4);
            c5 = x.fma(b5, c5);
            c6 = x.fma(b6, c6);
            c7 = x.fma(b7, c7);
        }
        if (add) {
            FloatVector.fromArray(SPECIES, sums, sumsOff).add(c0).intoArray(sums, sumsOff);
            FloatVector.fromArray(SPECIES, sums, sumsOff + LANES).add(c1).intoArray(sums,
                    sumsOff + LANES);
            FloatVector.fromArray(SPECIES, sums, sumsOff + 2 * LANES).add(c2).intoArray(sums,
                    sumsOff + 2 * LANES);
            FloatVector.fromArray(SPECIES, sums, sumsOff + 3 * LANES).add(c3).intoArray(sums,
                    sumsOff + 3 * LANES);
            FloatVector.fromArray(SPECIES, sums, sumsOff + 4 * LANES).add(c4).intoArray(sums,
                    sumsOff + 4 * LANES);
            FloatVector.fromArray(SPECIES, sums, sumsOff + 5 * LANES).add(c5).intoArray(sums,
                    sumsOff + 5 * LANES);
            FloatVector.fromArray(SPECIES, sums, sumsOff + 6 * LANES).add(c6).intoArray(sums,
                    sumsOff + 6 * LANES);
            FloatVector.fromArray(SPECIES, sums, sumsOff + 7 * LANES).add(c7).intoArray(sums,
                    sumsOff + 7 * LANES);
        } else {
            c0.intoArray(sums, sumsOff);
            c1.intoArray(sums, sumsOff + LANES);
            c2.intoArray(sums, sumsOff + 2 * LANES);
            c3.intoArray(sums, sumsOff + 3 * LANES);
            c4.intoArray(sums, sumsOff + 4 * LANES);
            c5.intoArray(sums, sumsOff + 5 * LANES);
            c6.intoArray(sums, sumsOff + 6 * LANES);
            c7.intoArray(sums, sumsOff + 7 * LANES);
        }
    }
}
