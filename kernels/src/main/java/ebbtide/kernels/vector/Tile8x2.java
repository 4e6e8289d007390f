package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.LANES;
import static ebbtide.kernels.vector.Tiles.column;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile of 512-bit vectors, a group of eight by two: sixteen sums in flight, ten loads a
 * term. It takes 26 of 32 registers. Tiles with fewer loads a sum lost on Emerald Rapids: of 190 GFLOP/s
 * this one reached 165 to 182, 12x2 161 to 182, 14x2 156 to 172, 8x3 129 to 171, 6x4 115 to 174 and 4x4
 * 107 to 172. C2 loads the left factor of a term before its first sum, and from 24 sums on it keeps one on
 * the stack; and four panels of 256 terms are more than the L1 data cache. A tile of 16x1, which asks for half
 * as many weights a sum, lost even where they come from L3: for the first 16 of 64 rows alone 3 to 5 %, for all
 * 14 to 18 %.
 */
final class Tile8x2 {
    static final int VECTORS = 2;

    private Tile8x2() {}

    /** The left factor as a group: element (r, k) at aOff + 8·k + r. */
    static void group(
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
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        FloatVector c40 = c00;
        FloatVector c41 = c00;
        FloatVector c50 = c00;
        FloatVector c51 = c00;
        FloatVector c60 = c00;
        FloatVector c61 = c00;
        FloatVector c70 = c00;
        FloatVector c71 = c00;
        int p1 = pOff + column(1, panelStride);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, p, pOff + k * Panels.WIDTH);
            FloatVector b1 = FloatVector.fromArray(SPECIES, p, p1 + k * Panels.WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 6]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 7]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
        }
        int s1 = sumsOff + sumsStride;
        int s2 = s1 + sumsStride;
        int s3 = s2 + sumsStride;
        int s4 = s3 + sumsStride;
        int s5 = s4 + sumsStride;
        int s6 = s5 + sumsStride;
        int s7 = s6 + sumsStride;
        if (add) {
            FloatVector.fromArray(SPECIES, sums, sumsOff).add(c00).intoArray(sums, sumsOff);
            FloatVector.fromArray(SPECIES, sums, sumsOff + LANES).add(c01).intoArray(sums,
                    sumsOff + LANES);
            FloatVector.fromArray(SPECIES, sums, s1).add(c10).intoArray(sums, s1);
            FloatVector.fromArray(SPECIES, sums, s1 + LANES).add(c11).intoArray(sums, s1 + LANES);
            FloatVector.fromArray(SPECIES, sums, s2).add(c20).intoArray(sums, s2);
            FloatVector.fromArray(SPECIES, sums, s2 + LANES).add(c21).intoArray(sums, s2 + LANES);
            FloatVector.fromArray(SPECIES, sums, s3).add(c30).intoArray(sums, s3);
            FloatVector.fromArray(SPECIES, sums, s3 + LANES).add(c31).intoArray(sums, s3 + LANES);
            FloatVector.fromArray(SPECIES, sums, s4).add(c40).intoArray(sums, s4);
            FloatVector.fromArray(SPECIES, sums, s4 + LANES).add(c41).intoArray(sums, s4 + LANES);
            FloatVector.fromArray(SPECIES, sums, s5).add(c50).intoArray(sums, s5);
            FloatVector.fromArray(SPECIES, sums, s5 + LANES).add(c51).intoArray(sums, s5 + LANES);
            FloatVector.fromArray(SPECIES, sums, s6).add(c60).intoArray(sums, s6);
            FloatVector.fromArray(SPECIES, sums, s6 + LANES).add(c61).intoArray(sums, s6 + LANES);
            FloatVector.fromArray(SPECIES, sums, s7).add(c70).intoArray(sums, s7);
            FloatVector.fromArray(SPECIES, sums, s7 + LANES).add(c71).intoArray(sums, s7 + LANES);
        } else {
            c00.intoArray(sums, sumsOff);
            c01.intoArray(sums, sumsOff + LANES);
            c10.intoArray(sums, s1);
            c11.intoArray(sums, s1 + LANES);
            c20.intoArray(sums, s2);
            c21.intoArray(sums, s2 + LANES);
            c30.intoArray(sums, s3);
            c31.intoArray(sums, s3 + LANES);
            c40.intoArray(sums, s4);
            c41.intoArray(sums, s4 + LANES);
            c50.intoArray(sums, s5);
            c51.intoArray(sums, s5 + LANES);
            c60.intoArray(sums, s6);
            c61.intoArray(sums, s6 + LANES);
            c70.intoArray(sums, s7);
            c71.intoArray(sums, s7 + LANES);
        }
    }
}
