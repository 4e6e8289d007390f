package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/** The narrow tile of four rows by one vector, for columns that are left over. It waits for the latency of its few sums. */
final class Tile4x1 {
    private Tile4x1() {}

    /** The left factor as rows or as half a group: element (r, k) at aOff + r·aRow + k·aTerm. */
    static void rows(
            float[] a,
            int aOff,
            int aRow,
            int aTerm,
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
        int a1 = aOff + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, p, pOff + k * Panels.WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, a[aOff + k * aTerm]);
            c0 = x.fma(b0, c0);
            x = FloatVector.broadcast(SPECIES, a[a1 + k * aTerm]);
            c1 = x.fma(b0, c1);
            x = FloatVector.broadcast(SPECIES, a[a2 + k * aTerm]);
            c2 = x.fma(b0, c2);
            x = FloatVector.broadcast(SPECIES, a[a3 + k * aTerm]);
            c3 = x.fma(b0, c3);
        }
        int s1 = sumsOff + sumsStride;
        int s2 = s1 + sumsStride;
        int s3 = s2 + sumsStride;
        if (add) {
            FloatVector.fromArray(SPECIES, sums, sumsOff).add(c0).intoArray(sums, sumsOff);
            FloatVector.fromArray(SPECIES, sums, s1).add(c1).intoArray(sums, s1);
            FloatVector.fromArray(SPECIES, sums, s2).add(c2).intoArray(sums, s2);
            FloatVector.fromArray(SPECIES, sums, s3).add(c3).intoArray(sums, s3);
        } else {
            c0.intoArray(sums, sumsOff);
            c1.intoArray(sums, s1);
            c2.intoArray(sums, s2);
            c3.intoArray(sums, s3);
        }
    }
}
