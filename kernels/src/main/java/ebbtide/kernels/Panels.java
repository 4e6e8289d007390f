package ebbtide.kernels;

/**
 * Geometry of padded rows and packed panels.
 *
 * <p>Every matrix inside the engine has rows padded to a multiple of {@link #WIDTH} floats, one cache
 * line, so that no kernel needs a tail at any vector width. A packed matrix [depth, columns] is a
 * sequence of panels of 16 columns; within a panel, k runs slowest:
 *
 * <pre>
 *   panel 0                          panel 1
 *   k=0  c0  c1  ... c15             k=0  c16 c17 ... c31
 *   k=1  c0  c1  ... c15             k=1  c16 c17 ... c31
 *   ...                              ...
 *   |--- stride(depth) floats ---|
 * </pre>
 *
 * Columns past the last real one are zero. The layout is the same for 128-, 256- and 512-bit vectors:
 * a panel row is four, two or one of them.
 *
 * <p>A left factor is packed the same way, in groups of {@link #GROUP} outputs, which a register tile
 * reads at one address: k runs slowest, the group's outputs side by side. Read from rows as they stand, eight
 * rows need eight addresses, and C2 computes each anew for every term; the tile then ran at 131 to 159
 * instead of 165 to 182 of 190 GFLOP/s, and at 145 where the rows are 4 KiB apart and fall on one set of
 * the cache (Emerald Rapids, 512 bits).
 */
public final class Panels {
    /** Columns of a panel, and the multiple that rows are padded to. */
    public static final int WIDTH = 16;

    /** Outputs of a group of a packed left factor. */
    public static final int GROUP = 8;

    /** Rows that a register tile takes where they do not fill a group: half of one. */
    public static final int HALF_GROUP = GROUP / 2;

    /**
     * Terms of a block: a product sums k in blocks of this many terms, each from zero, and adds the
     * block sums in order. 256 rows of a panel are 16 KiB, half of a 32 KiB L1 data cache.
     */
    public static final int BLOCK = 256;

    /**
     * Where the first panel of an array should begin. The elements of a {@code float[]} begin 16 bytes after
     * its address; with 12 floats before them, panels begin on a cache line wherever the array does, which
     * is so for large arrays under G1 and for all of them with {@code -XX:ObjectAlignmentInBytes=64}. On Intel
     * a 64-byte load that crosses a line counts as two: a step at a batch of one ran at 61 instead of 90
     * GFLOP/s without, others lost 3 % (Emerald Rapids).
     */
    public static final int FIRST = 12;

    private Panels() {}

    /** Returns {@code n} rounded up to a multiple of {@link #WIDTH}. */
    public static int padded(int n) {
        return Math.addExact(n, WIDTH - 1) & -WIDTH;
    }

    /** Returns the number of panels that {@code columns} columns take. */
    public static int count(int columns) {
        return padded(columns) / WIDTH;
    }

    /** Returns the number of groups that {@code outputs} outputs of a left factor take. */
    public static int groups(int outputs) {
        return Math.addExact(outputs, GROUP - 1) / GROUP;
    }

    /** Returns the distance in floats from one panel of {@code depth} terms to the next. */
    public static int stride(int depth) {
        return Math.multiplyExact(depth, WIDTH);
    }

    /**
     * Returns the distance in floats from one group of {@code depth} terms to the next: a cache line more
     * than they take, because packing writes to all groups in turn, and at a distance of a power of
     * two all of them would fall on the same few sets of the cache.
     */
    public static int groupStride(int depth) {
        return Math.addExact(Math.multiplyExact(depth, GROUP), WIDTH);
    }

    /** Returns the floats that a packed [depth, columns] matrix takes. */
    public static int size(int depth, int columns) {
        return Math.multiplyExact(count(columns), stride(depth));
    }
}
