package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.LANES;
import static ebbtide.kernels.vector.Tiles.column;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile of 512-bit vectors for half a group, by four: sixteen sums in flight. From rows as they stand
 * it ran at 146 to 151 instead of 164 to 169 GFLOP/s (weights in L2, Emerald Rapids).
 */
final class Tile4x4 {
    static final int VECTORS = 4;

    private Tile4x4() {}

    /** The left factor as half a group: element (r, k) at aOff + 8·k + r. */
    static void halfGroup(
            float[] a,
            int aOff,
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
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c22 = c00;
        FloatVector c23 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        FloatVector c32 = c00;
        FloatVector c33 = c00;
        int p1 = pOff + column(1, panelStride);
        int p2 = pOff + column(2, panelStride);
        int p3 = pOff + column(3, panelStride);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, p, pOff + k * Panels.WIDTH);
            FloatVector b1 = FloatVector.fromArray(SPECIES, p, p1 + k * Panels.WIDTH);
            FloatVector b2 = FloatVector.fromArray(SPECIES, p, p2 + k * Panels.WIDTH);
            FloatVector b3 = FloatVector.fromArray(SPECIES, p, p3 + k * Panels.WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
        }
        int s1 = sumsOff + sumsStride;
        int s2 = s1 + sumsStride;
        int s3 = s2 + sumsStride;
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
            FloatVector.fromArray(SPECIES, sums, s2).add(c20).intoArray(sums, s2);
            FloatVector.fromArray(SPECIES, sums, s2 + LANES).add(c21).intoArray(sums, s2 + LANES);
            FloatVector.fromArray(SPECIES, sums, s2 + 2 * LANES).add(c22).intoArray(sums,
                    s2 + 2 * LANES);
            FloatVector.fromArray(SPECIES, sums, s2 + 3 * LANES).add(c23).intoArray(sums,
                    s2 + 3 * LANES);
            FloatVector.fromArray(SPECIES, sums, s3).add(c30).intoArray(sums, s3);
            FloatVector.fromArray(SPECIES, sums, s3 + LANES).add(c31).intoArray(sums, s3 + LANES);
            FloatVector.fromArray(SPECIES, sums, s3 + 2 * LANES).add(c32).intoArray(sums,
                    s3 + 2 * LANES);
            FloatVector.fromArray(SPECIES, sums, s3 + 3 * LANES).add(c33).intoArray(sums,
                    s3 + 3 * LANES);
        } else {
            c00.intoArray(sums, sumsOff);
            c01.intoArray(sums, sumsOff + LANES);
            c02.intoArray(sums, sumsOff + 2 * LANES);
            c03.intoArray(sums, sumsOff + 3 * LANES);
            c10.intoArray(sums, s1);
            c11.intoArray(sums, s1 + LANES);
            c12.intoArray(sums, s1 + 2 * LANES);
            c13.intoArray(sums, s1 + 3 * LANES);
            c20.intoArray(sums, s2);
            c21.intoArray(sums, s2 + LANES);
            c22.intoArray(sums, s2 + 2 * LANES);
            c23.intoArray(sums, s2 + 3 * LANES);
            c30.intoArray(sums, s3);
            c31.intoArray(sums, s3 + LANES);
            c32.intoArray(sums, s3 + 2 * LANES);
            c33.intoArray(sums, s3 + 3 * LANES);
        }
    }
}
