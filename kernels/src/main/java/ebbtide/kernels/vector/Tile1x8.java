package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.broadcast;
import static ebbtide.kernels.vector.Tiles.column;
import static ebbtide.kernels.vector.Tiles.load;
import static ebbtide.kernels.vector.Tiles.put;

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
        FloatVector c0 = FloatVector.zero(VectorWidth.SPECIES);
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
            FloatVector x = broadcast(a, aOff + k);
            c0 = x.fma(load(p, pOff + k * Panels.WIDTH), c0);
            c1 = x.fma(load(p, p1 + k * Panels.WIDTH), c1);
            c2 = x.fma(load(p, p2 + k * Panels.WIDTH), c2);
            c3 = x.fma(load(p, p3 + k * Panels.WIDTH), c3);
            c4 = x.fma(load(p, p4 + k * Panels.WIDTH), c4);
            c5 = x.fma(load(p, p5 + k * Panels.WIDTH), c5);
            c6 = x.fma(load(p, p6 + k * Panels.WIDTH), c6);
            c7 = x.fma(load(p, p7 + k * Panels.WIDTH), c7);
        }
        put(c0, c1, sums, sumsOff, add);
        put(c2, c3, sums, sumsOff + 2 * Tiles.LANES, add);
        put(c4, c5, sums, sumsOff + 4 * Tiles.LANES, add);
        put(c6, c7, sums, sumsOff + 6 * Tiles.LANES, add);
    }
}
