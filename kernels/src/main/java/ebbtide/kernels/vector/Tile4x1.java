package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.broadcast;
import static ebbtide.kernels.vector.Tiles.load;
import static ebbtide.kernels.vector.Tiles.put;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/**
 * The narrow tiles, four rows or one by one vector, for columns that are left over: an odd panel at 512
 * bits, the last panels under one or two rows. They wait for the latency of their few sums.
 */
final class Tile4x1 {
    static final int ROWS = 4;

    private Tile4x1() {}

    /** The left factor as rows: element (r, k) at aOff + r·aStride + k. */
    static void rows(
            float[] a,
            int aOff,
            int aStride,
            int depth,
            float[] p,
            int pOff,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean add) {
        run(a, aOff, aStride, 1, depth, p, pOff, sums, sumsOff, sumsStride, add);
    }

    /** The left factor as a group of four columns: element (r, k) at aOff + 4·k + r. */
    static void columns(
            float[] a, int aOff, int depth, float[] p, int pOff, float[] sums, int sumsOff,
            int stride) {
        run(a, aOff, 1, ROWS, depth, p, pOff, sums, sumsOff, stride, false);
    }

    private static void run(
            float[] a,
            int aOff,
            int aStride,
            int aTerm,
            int depth,
            float[] p,
            int pOff,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean add) {
        FloatVector c0 = FloatVector.zero(VectorWidth.SPECIES);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        int a1 = aOff + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        for (int k = 0; k < depth; k++) {
            FloatVector b = load(p, pOff + k * Panels.WIDTH);
            c0 = broadcast(a, aOff + k * aTerm).fma(b, c0);
            c1 = broadcast(a, a1 + k * aTerm).fma(b, c1);
            c2 = broadcast(a, a2 + k * aTerm).fma(b, c2);
            c3 = broadcast(a, a3 + k * aTerm).fma(b, c3);
        }
        put(c0, sums, sumsOff, add);
        put(c1, sums, sumsOff + sumsStride, add);
        put(c2, sums, sumsOff + 2 * sumsStride, add);
        put(c3, sums, sumsOff + 3 * sumsStride, add);
    }

    /** One row: element k at aOff + k. */
    static void row(
            float[] a, int aOff, int depth, float[] p, int pOff, float[] sums, int sumsOff,
            boolean add) {
        FloatVector c = FloatVector.zero(VectorWidth.SPECIES);
        for (int k = 0; k < depth; k++) {
            c = broadcast(a, aOff + k).fma(load(p, pOff + k * Panels.WIDTH), c);
        }
        put(c, sums, sumsOff, add);
    }
}
