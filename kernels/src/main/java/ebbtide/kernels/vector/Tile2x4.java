package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.broadcast;
import static ebbtide.kernels.vector.Tiles.column;
import static ebbtide.kernels.vector.Tiles.load;
import static ebbtide.kernels.vector.Tiles.put;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/** The register tile of two rows by four vectors, for what is left of the rows: eight sums in flight. */
final class Tile2x4 {
    static final int ROWS = 2;
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
        FloatVector c00 = FloatVector.zero(VectorWidth.SPECIES);
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
            FloatVector x0 = broadcast(a, aOff + k);
            FloatVector x1 = broadcast(a, a1 + k);
            FloatVector b = load(p, pOff + k * Panels.WIDTH);
            c00 = x0.fma(b, c00);
            c10 = x1.fma(b, c10);
            b = load(p, p1 + k * Panels.WIDTH);
            c01 = x0.fma(b, c01);
            c11 = x1.fma(b, c11);
            b = load(p, p2 + k * Panels.WIDTH);
            c02 = x0.fma(b, c02);
            c12 = x1.fma(b, c12);
            b = load(p, p3 + k * Panels.WIDTH);
            c03 = x0.fma(b, c03);
            c13 = x1.fma(b, c13);
        }
        put(c00, c01, sums, sumsOff, add);
        put(c02, c03, sums, sumsOff + 2 * Tiles.LANES, add);
        put(c10, c11, sums, sumsOff + sumsStride, add);
        put(c12, c13, sums, sumsOff + sumsStride + 2 * Tiles.LANES, add);
    }
}
