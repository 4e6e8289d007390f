package ebbtide.kernels;

import ebbtide.checks.Area;
import ebbtide.checks.Bits;
import ebbtide.checks.TestData;
import ebbtide.kernels.scalar.ScalarPacking;
import ebbtide.kernels.scalar.ScalarProducts;
import ebbtide.kernels.vector.VectorPacking;
import ebbtide.kernels.vector.VectorProducts;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.BeforeContainer;

@AddLifecycleHook(TestWidth.class)
class ProductsTest {
    private final Products scalar = new ScalarProducts();
    private final Products vector = new VectorProducts();
    private final Packing scalarPacking = new ScalarPacking();
    private final Packing vectorPacking = new VectorPacking();

    @BeforeContainer
    static void width() {
        TestWidth.assertExpected();
    }

    /** Around the size of a block, and everything small. */
    private static int depth(TestData data) {
        return switch (data.below(4)) {
            case 0 -> Panels.BLOCK - 1 + data.below(3);
            case 1 -> 2 * Panels.BLOCK + data.below(40);
            default -> 1 + data.below(70);
        };
    }

    /** Packing and product together against the definition in double, within γ_K·|A||B|. */
    @Property(tries = 200)
    void productIsWhatItSays(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 7) int rows,
            @ForAll @IntRange(min = 1, max = 37) int columns,
            @ForAll boolean transposed) {
        TestData data = new TestData(seed, TestData.Kind.CANCELLING);
        int depth = depth(data);
        Area a = data.area(rows, depth);
        Area w = transposed ? data.area(columns, depth) : data.area(depth, columns);
        float[] packed = new float[Panels.size(depth, columns)];
        if (transposed) {
            scalarPacking.packTransposed(w.x(), w.off(), w.stride(), columns, depth, packed, 0);
        } else {
            scalarPacking.packRows(w.x(), w.off(), w.stride(), depth, columns, packed, 0,
                    Panels.stride(depth), 0);
        }
        int wide = Panels.padded(columns);
        float[] sums = new float[rows * wide];
        scalar.multiply(a.x(), a.off(), a.stride(), rows, depth, packed, 0, Panels.stride(depth),
                Panels.count(columns), sums, 0, wide, false);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                double exact = 0;
                double magnitude = 0;
                for (int k = 0; k < depth; k++) {
                    int at = transposed ? w.off() + c * w.stride() + k
                            : w.off() + k * w.stride() + c;
                    double term = (double) a.x()[a.off() + r * a.stride() + k] * w.x()[at];
                    exact += term;
                    magnitude += Math.abs(term);
                }
                double bound = depth * 0x1p-24 / (1 - depth * 0x1p-24) * magnitude + 1e-37;
                Bits.assertClose("seed " + seed + " [" + r + ", " + c + "]", exact,
                        sums[r * wide + c], bound);
            }
        }
    }

    /** dW = dzᵀ·x through both packings, against the definition. */
    @Property(tries = 100)
    void columnProductIsWhatItSays(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int units,
            @ForAll @IntRange(min = 1, max = 37) int columns) {
        TestData data = new TestData(seed, TestData.Kind.ORDINARY);
        int terms = depth(data);
        Area dz = data.area(terms, units);
        Area x = data.area(terms, columns);
        float[] left = new float[Panels.groups(units) * terms * Panels.GROUP];
        float[] right = new float[Panels.size(terms, columns)];
        scalarPacking.packColumns(dz.x(), dz.off(), dz.stride(), terms, units, left, 0,
                terms * Panels.GROUP, 0);
        scalarPacking.packRows(x.x(), x.off(), x.stride(), terms, columns, right, 0,
                Panels.stride(terms), 0);
        int wide = Panels.padded(columns);
        float[] sums = new float[Panels.groups(units) * Panels.GROUP * wide];
        scalar.multiplyGroups(left, 0, terms * Panels.GROUP, Panels.groups(units) * Panels.GROUP,
                terms, right, 0,
                Panels.stride(terms), Panels.count(columns), sums, 0, wide, false);
        for (int u = 0; u < units; u++) {
            for (int c = 0; c < columns; c++) {
                double exact = 0;
                double magnitude = 0;
                for (int k = 0; k < terms; k++) {
                    double term = (double) dz.x()[dz.off() + k * dz.stride() + u]
                            * x.x()[x.off() + k * x.stride() + c];
                    exact += term;
                    magnitude += Math.abs(term);
                }
                Bits.assertClose("seed " + seed + " [" + u + ", " + c + "]", exact,
                        sums[u * wide + c],
                        terms * 1.01 * 0x1p-24 * magnitude);
            }
        }
    }
}
