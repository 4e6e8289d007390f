package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.LANES;
import static ebbtide.kernels.vector.Tiles.WIDE;
import static ebbtide.kernels.vector.VectorWidth.INTS;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Packing;
import ebbtide.kernels.Panels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link Packing} with vector copies where rows stay rows; the twin of {@code ScalarPacking}. A panel
 * that the columns do not fill is left to its last column's scalar loop. Short vectors would be a second
 * width, which {@link VectorWidth} rules out.
 */
public final class VectorPacking implements Packing {
    /** Lanes of a perfect shuffle, first half: x0 y0 x1 y1 ... of x followed by y. */
    private static final int[] LOW = shuffle(0);

    /** The second half: x(n/2) y(n/2) ... */
    private static final int[] HIGH = shuffle(LANES / 2);

    /** Lanes below 8, and the others. */
    private static final VectorMask<Float> FIRST_GROUP =
            VectorMask.fromLong(SPECIES, (1L << Panels.GROUP) - 1);

    private static final VectorMask<Float> SECOND_GROUP = FIRST_GROUP.not();

    /** The first halves of two vectors, and their second halves. */
    private static final int[] FIRST_HALVES = halves(0);

    private static final int[] SECOND_HALVES = halves(LANES / 2);

    private static int[] halves(int first) {
        int[] lanes = new int[LANES];
        for (int i = 0; i < LANES; i++) {
            lanes[i] = first + i + (i < LANES / 2 ? 0 : LANES / 2);
        }
        return lanes;
    }

    private static int[] shuffle(int first) {
        int[] lanes = new int[LANES];
        for (int i = 0; i < LANES; i++) {
            lanes[i] = first + i / 2 + (i % 2) * LANES;
        }
        return lanes;
    }

    @Override
    public void packTransposed(
            float[] w, int wOff, int wStride, int columns, int depth, float[] packed,
            int packedOff) {
        for (int panel = 0; panel < Panels.count(columns); panel++) {
            int to = packedOff + panel * Panels.stride(depth);
            int real = Math.min(Panels.WIDTH, columns - panel * Panels.WIDTH);
            int from = wOff + panel * Panels.WIDTH * wStride;
            int whole = real < Panels.WIDTH ? 0 : depth & -LANES;
            if (whole > 0) {
                int second = Panels.GROUP * wStride;
                transpose(w, from, wStride, Panels.GROUP, whole, packed, to, Panels.WIDTH);
                transpose(
                        w, from + second, wStride, Panels.GROUP, whole, packed,
                        to + Math.max(Panels.GROUP, LANES), Panels.WIDTH);
                if (WIDE) {
                    joinHalves(packed, to, whole);
                }
            }
            for (int k = whole; k < depth; k++) {
                for (int c = 0; c < real; c++) {
                    packed[to + k * Panels.WIDTH + c] = w[from + c * wStride + k];
                }
                for (int c = real; c < Panels.WIDTH; c++) {
                    packed[to + k * Panels.WIDTH + c] = 0f;
                }
            }
        }
    }

    @Override
    public void packRows(
            float[] a,
            int aOff,
            int aStride,
            int rows,
            int columns,
            float[] packed,
            int packedOff,
            int panelStride,
            int k0) {
        int whole = columns / Panels.WIDTH;
        int rest = columns % Panels.WIDTH;
        for (int r = 0; r < rows; r++) {
            int from = aOff + r * aStride;
            int to = packedOff + (k0 + r) * Panels.WIDTH;
            for (int panel = 0; panel < whole; panel++) {
                for (int c = 0; c < Panels.WIDTH; c += LANES) {
                    FloatVector.fromArray(SPECIES, a, from + panel * Panels.WIDTH + c)
                            .intoArray(packed, to + panel * panelStride + c);
                }
            }
            if (rest > 0) {
                tail(
                        a, from + columns - rest, rest, packed, to + whole * panelStride,
                        Panels.WIDTH);
            }
        }
    }

    @Override
    public void packColumns(
            float[] a,
            int aOff,
            int aStride,
            int rows,
            int columns,
            float[] packed,
            int packedOff,
            int groupStride,
            int k0) {
        int copied = columns - columns % Math.max(LANES, Panels.GROUP);
        int r = 0;
        if (WIDE) {
            for (; r < rows - 1; r += 2) {
                int to = packedOff + (k0 + r) * Panels.GROUP;
                copyTwoToGroups(a, aOff + r * aStride, aStride, copied, packed, to, groupStride);
            }
        }
        for (; r < rows; r++) {
            int to = packedOff + (k0 + r) * Panels.GROUP;
            copyToGroups(a, aOff + r * aStride, copied, packed, to, groupStride);
        }
        for (int k = 0; copied < columns && k < rows; k++) {
            for (int c = copied; c < columns; c += Panels.GROUP) {
                tail(
                        a, aOff + k * aStride + c, Math.min(Panels.GROUP, columns - c), packed,
                        packedOff + (k0 + k) * Panels.GROUP + c / Panels.GROUP * groupStride,
                        Panels.GROUP);
            }
        }
    }

    /** Two rows of 512-bit vectors: in a group they stand side by side. */
    private static void copyTwoToGroups(
            float[] a, int from, int stride, int columns, float[] packed, int to, int groupStride) {
        IntVector low = IntVector.fromArray(INTS, FIRST_HALVES, 0);
        IntVector high = IntVector.fromArray(INTS, SECOND_HALVES, 0);
        for (int c = 0; c < columns; c += LANES) {
            IntVector x = FloatVector.fromArray(SPECIES, a, from + c).reinterpretAsInts();
            IntVector y = FloatVector.fromArray(SPECIES, a, from + stride + c).reinterpretAsInts();
            int z = to + c / Panels.GROUP * groupStride;
            low.selectFrom(x, y).reinterpretAsFloats().intoArray(packed, z);
            high.selectFrom(x, y).reinterpretAsFloats().intoArray(packed, z + groupStride);
        }
    }

    /** One row; a vector of 512 bits goes to two groups, half of it masked out each time. */
    private static void copyToGroups(
            float[] a, int from, int columns, float[] packed, int to, int groupStride) {
        for (int c = 0; c < columns; c += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, from + c);
            int y = to + c / Panels.GROUP * groupStride + c % Panels.GROUP;
            if (WIDE) {
                x.intoArray(packed, y, FIRST_GROUP);
                x.intoArray(packed, y + groupStride - Panels.GROUP, SECOND_GROUP);
            } else {
                x.intoArray(packed, y);
            }
        }
    }

    @Override
    public void packGroups(
            float[] a,
            int aOff,
            int aStride,
            int rows,
            int depth,
            float[] packed,
            int packedOff,
            int groupStride) {
        int whole = depth & -LANES;
        for (int group = 0; group < Panels.groups(rows); group++) {
            int from = aOff + group * Panels.GROUP * aStride;
            int to = packedOff + group * groupStride;
            int real = Math.min(Panels.GROUP, rows - group * Panels.GROUP);
            transpose(a, from, aStride, real, whole, packed, to, Panels.GROUP);
            for (int k = whole; k < depth; k++) {
                for (int r = 0; r < Panels.GROUP; r++) {
                    packed[to + k * Panels.GROUP + r] =
                            a[from + Math.min(r, real - 1) * aStride + k];
                }
            }
        }
    }

    /**
     * Eight rows into a group, or half of a panel, in three rounds of perfect shuffles: after the first, rows r and
     * r + 4 alternate, after the last all eight, in their order. Float by float a group took 0.39 to 0.5 ns an
     * element, this 0.07 to 0.11 (Emerald Rapids, 512 bits), and a product reads an element H / 16 times; packing
     * weights float by float took eight times as long.
     *
     * @param apart floats from one term to the next in {@code packed}
     */
    private static void transpose(
            float[] a, int aOff, int aStride, int rows, int depth, float[] packed, int packedOff,
            int apart) {
        int x1 = aOff + Math.min(1, rows - 1) * aStride;
        int x2 = aOff + Math.min(2, rows - 1) * aStride;
        int x3 = aOff + Math.min(3, rows - 1) * aStride;
        int x4 = aOff + Math.min(4, rows - 1) * aStride;
        int x5 = aOff + Math.min(5, rows - 1) * aStride;
        int x6 = aOff + Math.min(6, rows - 1) * aStride;
        int x7 = aOff + Math.min(7, rows - 1) * aStride;
        IntVector low = IntVector.fromArray(INTS, LOW, 0);
        IntVector high = IntVector.fromArray(INTS, HIGH, 0);
        for (int k = 0; k < depth; k += LANES) {
            IntVector a0 = FloatVector.fromArray(SPECIES, a, aOff + k).reinterpretAsInts();
            IntVector a1 = FloatVector.fromArray(SPECIES, a, x1 + k).reinterpretAsInts();
            IntVector a2 = FloatVector.fromArray(SPECIES, a, x2 + k).reinterpretAsInts();
            IntVector a3 = FloatVector.fromArray(SPECIES, a, x3 + k).reinterpretAsInts();
            IntVector a4 = FloatVector.fromArray(SPECIES, a, x4 + k).reinterpretAsInts();
            IntVector a5 = FloatVector.fromArray(SPECIES, a, x5 + k).reinterpretAsInts();
            IntVector a6 = FloatVector.fromArray(SPECIES, a, x6 + k).reinterpretAsInts();
            IntVector a7 = FloatVector.fromArray(SPECIES, a, x7 + k).reinterpretAsInts();

            IntVector b0 = low.selectFrom(a0, a4);
            IntVector b1 = high.selectFrom(a0, a4);
            IntVector b2 = low.selectFrom(a1, a5);
            IntVector b3 = high.selectFrom(a1, a5);
            IntVector b4 = low.selectFrom(a2, a6);
            IntVector b5 = high.selectFrom(a2, a6);
            IntVector b6 = low.selectFrom(a3, a7);
            IntVector b7 = high.selectFrom(a3, a7);

            a0 = low.selectFrom(b0, b4);
            a1 = high.selectFrom(b0, b4);
            a2 = low.selectFrom(b1, b5);
            a3 = high.selectFrom(b1, b5);
            a4 = low.selectFrom(b2, b6);
            a5 = high.selectFrom(b2, b6);
            a6 = low.selectFrom(b3, b7);
            a7 = high.selectFrom(b3, b7);

            int to = packedOff + k * apart;
            low.selectFrom(a0, a4).reinterpretAsFloats().intoArray(packed, to);
            high.selectFrom(a0, a4).reinterpretAsFloats().intoArray(packed, to + place(1, apart));
            low.selectFrom(a1, a5).reinterpretAsFloats().intoArray(packed, to + place(2, apart));
            high.selectFrom(a1, a5).reinterpretAsFloats().intoArray(packed, to + place(3, apart));
            low.selectFrom(a2, a6).reinterpretAsFloats().intoArray(packed, to + place(4, apart));
            high.selectFrom(a2, a6).reinterpretAsFloats().intoArray(packed, to + place(5, apart));
            low.selectFrom(a3, a7).reinterpretAsFloats().intoArray(packed, to + place(6, apart));
            high.selectFrom(a3, a7).reinterpretAsFloats().intoArray(packed, to + place(7, apart));
        }
    }

    /** Where vector {@code v} of transposed terms stands: it is a half of one term, or one, or two of them. */
    private static int place(int v, int apart) {
        return v * LANES / Panels.GROUP * apart + v * LANES % Panels.GROUP;
    }

    /** Two terms of the first eight columns and two of the others, a vector each: one term each, of all columns. */
    private static void joinHalves(float[] packed, int packedOff, int depth) {
        IntVector low = IntVector.fromArray(INTS, FIRST_HALVES, 0);
        IntVector high = IntVector.fromArray(INTS, SECOND_HALVES, 0);
        for (int k = 0; k < depth; k += 2) {
            int to = packedOff + k * Panels.WIDTH;
            IntVector x = FloatVector.fromArray(SPECIES, packed, to).reinterpretAsInts();
            IntVector y = FloatVector.fromArray(SPECIES, packed, to + LANES).reinterpretAsInts();
            low.selectFrom(x, y).reinterpretAsFloats().intoArray(packed, to);
            high.selectFrom(x, y).reinterpretAsFloats().intoArray(packed, to + LANES);
        }
    }

    private static void tail(float[] a, int from, int real, float[] packed, int to, int width) {
        System.arraycopy(a, from, packed, to, real);
        for (int c = real; c < width; c++) {
            packed[to + c] = 0f;
        }
    }
}
