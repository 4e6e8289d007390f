package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.LANES;
import static ebbtide.kernels.vector.Tiles.WIDE;
import static ebbtide.kernels.vector.Tiles.column;

import ebbtide.kernels.Panels;
import ebbtide.kernels.Products;

/**
 * {@link Products} in register tiles; the twin of {@code ScalarProducts}. The columns of a tile stay in L1
 * while all rows pass over them.
 */
public final class VectorProducts implements Products {
    private static final int FOUR = 4;
    private static final int TWO = 2;

    @Override
    public void multiply(
            float[] a,
            int aOff,
            int aStride,
            int rows,
            int depth,
            float[] packed,
            int packedOff,
            int panelStride,
            int panels,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean accumulate) {
        int vectors = panels * Panels.WIDTH / LANES;
        int fours = rows & -FOUR;
        for (int k0 = 0; k0 < depth; k0 += Panels.BLOCK) {
            int terms = Math.min(Panels.BLOCK, depth - k0);
            int from = packedOff + k0 * Panels.WIDTH;
            boolean add = accumulate || k0 > 0;
            int r = fours;
            fourRows(
                    a, aOff + k0, aStride, fours, terms, packed, from, panelStride, vectors, sums,
                    sumsOff, sumsStride, add);
            if (rows - r >= TWO) {
                twoRows(
                        a, aOff + r * aStride + k0, aStride, terms, packed, from, panelStride,
                        vectors, sums, sumsOff + r * sumsStride, sumsStride, add);
                r += TWO;
            }
            if (r < rows) {
                oneRow(
                        a, aOff + r * aStride + k0, terms, packed, from, panelStride, vectors, 0,
                        sums, sumsOff + r * sumsStride, add);
            }
        }
    }

    private static void fourRows(
            float[] a,
            int aOff,
            int aStride,
            int rows,
            int terms,
            float[] p,
            int pOff,
            int panelStride,
            int vectors,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean add) {
        int v = 0;
        for (; v <= vectors - Tile4x2.VECTORS; v += Tile4x2.VECTORS) {
            for (int r = 0; r < rows; r += FOUR) {
                Tile4x2.rows(
                        a, aOff + r * aStride, aStride, terms, p, pOff + column(v, panelStride),
                        panelStride, sums, sumsOff + r * sumsStride + v * LANES, sumsStride, add);
            }
        }
        for (; v < vectors; v++) {
            for (int r = 0; r < rows; r += FOUR) {
                Tile4x1.rows(
                        a, aOff + r * aStride, aStride, 1, terms, p, pOff + column(v, panelStride),
                        sums, sumsOff + r * sumsStride + v * LANES, sumsStride, add);
            }
        }
    }

    private static void twoRows(
            float[] a,
            int aOff,
            int aStride,
            int terms,
            float[] p,
            int pOff,
            int panelStride,
            int vectors,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean add) {
        int v = 0;
        for (; v <= vectors - Tile2x4.VECTORS; v += Tile2x4.VECTORS) {
            Tile2x4.rows(
                    a, aOff, aStride, terms, p, pOff + column(v, panelStride), panelStride, sums,
                    sumsOff + v * LANES, sumsStride, add);
        }
        oneRow(a, aOff, terms, p, pOff, panelStride, vectors, v, sums, sumsOff, add);
        oneRow(
                a, aOff + aStride, terms, p, pOff, panelStride, vectors, v, sums,
                sumsOff + sumsStride, add);
    }

    /** One row over the vectors from {@code v} on. */
    private static void oneRow(
            float[] a,
            int aOff,
            int terms,
            float[] p,
            int pOff,
            int panelStride,
            int vectors,
            int v,
            float[] sums,
            int sumsOff,
            boolean add) {
        for (; v <= vectors - Tile1x8.VECTORS; v += Tile1x8.VECTORS) {
            Tile1x8.row(
                    a, aOff, terms, p, pOff + column(v, panelStride), panelStride, sums,
                    sumsOff + v * LANES, add);
        }
        for (; v < vectors; v++) {
            Tile1x1.row(
                    a, aOff, terms, p, pOff + column(v, panelStride), sums, sumsOff + v * LANES,
                    add);
        }
    }

    @Override
    public void multiplyGroups(
            float[] a,
            int aOff,
            int groupStride,
            int rows,
            int depth,
            float[] packed,
            int packedOff,
            int panelStride,
            int panels,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean accumulate) {
        int vectors = panels * Panels.WIDTH / LANES;
        int first = 0;
        if (WIDE) {
            int groups = rows / Panels.GROUP;
            wholeGroups(
                    a, aOff, groupStride, groups, depth, packed, packedOff, panelStride, vectors,
                    sums, sumsOff, sumsStride, accumulate);
            first = groups * Panels.GROUP;
        }
        if (first < rows) {
            halfGroups(
                    a, aOff, groupStride, first, rows, depth, packed, packedOff, panelStride,
                    vectors, sums, sumsOff, sumsStride, accumulate);
        }
    }

    private static void wholeGroups(
            float[] a,
            int aOff,
            int groupStride,
            int groups,
            int depth,
            float[] p,
            int pOff,
            int panelStride,
            int vectors,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean add) {
        int v = 0;
        for (; v <= vectors - Tile8x2.VECTORS; v += Tile8x2.VECTORS) {
            for (int g = 0; g < groups; g++) {
                Tile8x2.group(
                        a, aOff + g * groupStride, depth, p, pOff + column(v, panelStride),
                        panelStride, sums, sumsOff + g * Panels.GROUP * sumsStride + v * LANES,
                        sumsStride, add);
            }
        }
        for (; v < vectors; v++) {
            for (int g = 0; g < groups; g++) {
                Tile8x1.group(
                        a, aOff + g * groupStride, depth, p, pOff + column(v, panelStride), sums,
                        sumsOff + g * Panels.GROUP * sumsStride + v * LANES, sumsStride, add);
            }
        }
    }

    private static void halfGroups(
            float[] a,
            int aOff,
            int groupStride,
            int first,
            int rows,
            int depth,
            float[] p,
            int pOff,
            int panelStride,
            int vectors,
            float[] sums,
            int sumsOff,
            int sumsStride,
            boolean add) {
        int v = 0;
        if (WIDE) {
            for (; v <= vectors - Tile4x4.VECTORS; v += Tile4x4.VECTORS) {
                for (int r = first; r < rows; r += Panels.HALF_GROUP) {
                    Tile4x4.halfGroup(
                            a, half(aOff, groupStride, r), depth, p,
                            pOff + column(v, panelStride), panelStride, sums,
                            sumsOff + r * sumsStride + v * LANES, sumsStride, add);
                }
            }
        }
        for (; v <= vectors - Tile4x2.VECTORS; v += Tile4x2.VECTORS) {
            for (int r = first; r < rows; r += Panels.HALF_GROUP) {
                Tile4x2.halfGroup(
                        a, half(aOff, groupStride, r), depth, p, pOff + column(v, panelStride),
                        panelStride, sums, sumsOff + r * sumsStride + v * LANES, sumsStride, add);
            }
        }
        for (; v < vectors; v++) {
            for (int r = first; r < rows; r += Panels.HALF_GROUP) {
                Tile4x1.rows(
                        a, half(aOff, groupStride, r), 1, Panels.GROUP, depth, p,
                        pOff + column(v, panelStride), sums, sumsOff + r * sumsStride + v * LANES,
                        sumsStride, add);
            }
        }
    }

    /** Where the half group of row {@code r} begins. */
    private static int half(int aOff, int groupStride, int r) {
        return aOff + r / Panels.GROUP * groupStride + r % Panels.GROUP;
    }
}
