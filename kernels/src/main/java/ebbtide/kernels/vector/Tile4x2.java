package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.LANES;
import static ebbtide.kernels.vector.Tiles.column;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile of four rows by two vectors of 256 or 128 bits: eight sums in flight, which is what
 * two FMA units of four cycles need, and six loads a term. It fits 16 registers; with those, 5×2 ran at 34,
 * 3×3 at 50 and 4×2 unrolled fourfold at 38 of 96 GFLOP/s because C2 spills (Zen 3, AVX2), and this one
 * at 94.
 *
 * <p>On a shared virtual machine it runs either at 0.91 to 0.94 of the peak or at 0.56 to 0.61, with the
 * same machine code; a busy hyperthread next to it, which shares the instructions and not the FMAs, would
 * explain that, but is not proved. Rows at a constant distance (one address for all) and a {@code
 * VarHandle.loadLoadFence()} after each row, which costs nothing on x86 and keeps C2 from loading early,
 * make a 6×2 tile fit: 97 at best where this one has 95. It is not used: in one JVM of about six it ran at
 * 38, presumably spilling.
 */
final class Tile4x2 {
    static final int VECTORS = 2;

    private Tile4x2() {}

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
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        int p1 = pOff + column(1, panelStride);
        int a1 = aOff + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, p, pOff + k * Panels.WIDTH);
            FloatVector b1 = FloatVector.fromArray(SPECIES, p, p1 + k * Panels.WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[aOff + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(SPECIES, a[a1 + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(SPECIES, a[a2 + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(SPECIES, a[a3 + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
        }
        int s1 = sumsOff + sumsStride;
        int s2 = s1 + sumsStride;
        int s3 = s2 + sumsStride;
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
        } else {
            c00.intoArray(sums, sumsOff);
            c01.intoArray(sums, sumsOff + LANES);
            c10.intoArray(sums, s1);
            c11.intoArray(sums, s1 + LANES);
            c20.intoArray(sums, s2);
            c21.intoArray(sums, s2 + LANES);
            c30.intoArray(sums, s3);
            c31.intoArray(sums, s3 + LANES);
        }
    }

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
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
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
        }
        int s1 = sumsOff + sumsStride;
        int s2 = s1 + sumsStride;
        int s3 = s2 + sumsStride;
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
        } else {
            c00.intoArray(sums, sumsOff);
            c01.intoArray(sums, sumsOff + LANES);
            c10.intoArray(sums, s1);
            c11.intoArray(sums, s1 + LANES);
            c20.intoArray(sums, s2);
            c21.intoArray(sums, s2 + LANES);
            c30.intoArray(sums, s3);
            c31.intoArray(sums, s3 + LANES);
        }
    }
}
