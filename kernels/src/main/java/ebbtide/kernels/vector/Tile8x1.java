package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/** A group of eight by one vector: the last panel of an odd number at 512 bits. */
final class Tile8x1 {
    private Tile8x1() {}

    /** The left factor as a group: element (r, k) at aOff + 8·k + r. */
    static void group(
            float[] a,
            int aOff,
            int depth,
            float[] p,
            int pOff,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean add) {
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        FloatVector c6 = c0;
        FloatVector c7 = c0;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, p, pOff + k * Panels.WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP]);
            c0 = x.fma(b0, c0);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 1]);
            c1 = x.fma(b0, c1);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 2]);
            c2 = x.fma(b0, c2);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 3]);
            c3 = x.fma(b0, c3);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 4]);
            c4 = x.fma(b0, c4);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 5]);
            c5 = x.fma(b0, c5);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 6]);
            c6 = x.fma(b0, c6);
            x = FloatVector.broadcast(SPECIES, a[aOff + k * Panels.GROUP + 7]);
            c7 = x.fma(b0, c7);
        }
        int s1 = sumsOff + sumsStride;
        int s2 = s1 + sumsStride;
        int s3 = s2 + sumsStride;
        int s4 = s3 + sumsStride;
        int s5 = s4 + sumsStride;
        int s6 = s5 + sumsStride;
        int s7 = s6 + sumsStride;
        if (add) {
            FloatVector.fromArray(SPECIES, sums, sumsOff).add(c0).intoArray(sums, sumsOff);
            FloatVector.fromArray(SPECIES, sums, s1).add(c1).intoArray(sums, s1);
            FloatVector.fromArray(SPECIES, sums, s2).add(c2).intoArray(sums, s2);
            FloatVector.fromArray(SPECIES, sums, s3).add(c3).intoArray(sums, s3);
            FloatVector.fromArray(SPECIES, sums, s4).add(c4).intoArray(sums, s4);
            FloatVector.fromArray(SPECIES, sums, s5).add(c5).intoArray(sums, s5);
            FloatVector.fromArray(SPECIES, sums, s6).add(c6).intoArray(sums, s6);
            FloatVector.fromArray(SPECIES, sums, s7).add(c7).intoArray(sums, s7);
        } else {
            c0.intoArray(sums, sumsOff);
            c1.intoArray(sums, s1);
            c2.intoArray(sums, s2);
            c3.intoArray(sums, s3);
            c4.intoArray(sums, s4);
            c5.intoArray(sums, s5);
            c6.intoArray(sums, s6);
            c7.intoArray(sums, s7);
        }
    }
}
