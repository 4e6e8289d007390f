package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.broadcast;
import static ebbtide.kernels.vector.Tiles.column;
import static ebbtide.kernels.vector.Tiles.load;
import static ebbtide.kernels.vector.Tiles.put;

import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile of four rows by two vectors: eight sums in flight, which is what two FMA units of
 * four cycles need, and six loads a term. It fits 16 registers; with those, 5×2 ran at 34, 3×3 at 50
 * and 4×2 unrolled fourfold at 38 of 96 GFLOP/s because C2 spills (Zen 3, AVX2), and this one at 94.
 *
 * <p>Its loop is 25 instructions for eight FMAs, near the six a cycle that Zen 3 takes. On a shared virtual
 * machine it runs either at 0.91 to 0.94 of the peak or at 0.56 to 0.61, with the same machine code; a
 * busy hyperthread next to it, which shares the instructions and not the FMAs, would explain that, but is
 * not proved. Rows at a constant distance (one address for all) and a {@code VarHandle.loadLoadFence()}
 * after each row, which costs nothing on x86 and keeps C2 from loading early, make a 6×2 tile fit: 97 at
 * best where this one has 95. It is not used: in one JVM of about six it ran at 38, presumably spilling.
 */
final class Tile4x2 {
    static final int ROWS = 4;
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
        run(a, aOff, aStride, 1, depth, p, pOff, panelStride, sums, sumsOff, sumsStride, add);
    }

    /** The left factor as a group of four columns: element (r, k) at aOff + 4·k + r. */
    static void columns(
            float[] a,
            int aOff,
            int depth,
            float[] p,
            int pOff,
            int panelStride,
            float[] sums,
            int sumsOff,
            int sumsStride) {
        run(a, aOff, 1, ROWS, depth, p, pOff, panelStride, sums, sumsOff, sumsStride, false);
    }

    /**
     * Small enough (under 325 bytecodes) to be inlined into both callers, where {@code aTerm} is a
     * constant: only then does C2 take the bounds checks of {@code a} out of the loop.
     */
    private static void run(
            float[] a,
            int aOff,
            int aStride,
            int aTerm,
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
            FloatVector b0 = load(p, pOff + k * Panels.WIDTH);
            FloatVector b1 = load(p, p1 + k * Panels.WIDTH);
            FloatVector x = broadcast(a, aOff + k * aTerm);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = broadcast(a, a1 + k * aTerm);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = broadcast(a, a2 + k * aTerm);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = broadcast(a, a3 + k * aTerm);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
        }
        put(c00, c01, sums, sumsOff, add);
        put(c10, c11, sums, sumsOff + sumsStride, add);
        put(c20, c21, sums, sumsOff + 2 * sumsStride, add);
        put(c30, c31, sums, sumsOff + 3 * sumsStride, add);
    }
}
