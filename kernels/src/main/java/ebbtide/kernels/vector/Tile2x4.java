package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.LANES;
import static ebbtide.kernels.vector.Tiles.column;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/** The register tile of two rows by four vectors, for what is left of the rows: eight sums in flight. */
final class Tile2x4 {
    static final int VECTORS = 4;

    private Tile2x4() {}

    /** The left factor as rows: element (r, k) at aOff + r·aStride + k. */
    static void rows(
            float[] a,
            int aOff,
            int aStride,
            int depth,
            float[] p,
            int pOff,
            int panelStride,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean add) {
        FloatVector c00 = FloatVector.zero(SPECIES);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c03 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c12 = c00;
        FloatVector c13 = c00;
        int p1 = pOff + column(1, panelStride);
        int p2 = pOff + column(2, panelStride);
        int p3 = pOff + column(3, panelStride);
        int a1 = aOff + aStride;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, p, pOff + k * Panels.WIDTH);
            FloatVector b1 = FloatVector.fromArray(SPECIES, p, p1 + k * Panels.WIDTH);
            FloatVector b2 = FloatVector.fromArray(SPECIES, p, p2 + k * Panels.WIDTH);
            FloatVector b3 = FloatVector.fromArray(SPECIES, p, p3 + k * Panels.WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[aOff + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(SPECIES, a[a1 + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
        }
        int s1 = sumsOff + sumsStride;
        if (add) {
            FloatVector.fromArray(SPECIES, sums, sumsOff).add(c00).intoArray(sums, sumsOff);
            FloatVector.fromArray(SPECIES, sums, sumsOff + LANES).add(c01).intoArray(sums,
                    sumsOff + LANES);
            FloatVector.fromArray(SPECIES, sums, sumsOff + 2 * LANES).add(c02).intoArray(sums,
                    sumsOff + 2 * LANES);
            FloatVector.fromArray(SPECIES, sums, sumsOff + 3 * LANES).add(c03).intoArray(sums,
                    sumsOff + 3 * LANES);
            FloatVector.fromArray(SPECIES, sums, s1).add(c10).intoArray(sums, s1);
            FloatVector.fromArray(SPECIES, sums, s1 + LANES).add(c11).intoArray(sums, s1 + LANES);
            FloatVector.fromArray(SPECIES, sums, s1 + 2 * LANES).add(c12).intoArray(sums,
                    s1 + 2 * LANES);
            FloatVector.fromArray(SPECIES, sums, s1 + 3 * LANES).add(c13).intoArray(sums,
                    s1 + 3 * LANES);
        } else {
            c00.intoArray(sums, sumsOff);
            c01.intoArray(sums, sumsOff + LANES);
            c02.intoArray(sums, sumsOff + 2 * LANES);
            c03.intoArray(sums, sumsOff + 3 * LANES);
            c10.intoArray(sums, s1);
            c11.intoArray(sums, s1 + LANES);
            c12.intoArray(sums, s1 + 2 * LANES);
            c13.intoArray(sums, s1 + 3 * LANES);
        }
    }
}
