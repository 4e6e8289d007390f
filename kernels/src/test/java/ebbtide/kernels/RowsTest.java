package ebbtide.kernels;

import ebbtide.checks.Bits;
import ebbtide.checks.TestData;
import ebbtide.kernels.scalar.ScalarPacking;
import ebbtide.kernels.scalar.ScalarPointwise;
import ebbtide.kernels.scalar.ScalarProducts;
import ebbtide.kernels.scalar.ScalarRows;
import ebbtide.kernels.vector.VectorRows;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.BeforeContainer;

@AddLifecycleHook(TestWidth.class)
class RowsTest {
    private final Rows scalar = new ScalarRows();
    private final Rows vector = new VectorRows();

    @BeforeContainer
    static void width() {
        TestWidth.assertExpected();
    }

    /** A gathered row is W·x + b of a one-hot x, bit for bit, even where both are −0. */
    @Property(tries = 100)
    void gatherIsAOneHotProduct(@ForAll long seed, @ForAll boolean extreme) {
        TestData data =
                new TestData(seed, extreme ? TestData.Kind.EXTREME : TestData.Kind.CANCELLING);
        int inputs = 9;
        float[] table = data.floats(inputs * 16);
        float[] bias = data.floats(16);
        table[5] = -0f;
        bias[5] = -0f;
        int[] index = data.indices(4, inputs);
        index[2] = 0;
        float[] gathered = new float[4 * 16];
        scalar.gather(table, 0, 16, index, 0, bias, 0, gathered, 0, 16, 4, 16);

        float[] product = new float[4 * 16];
        new ScalarProducts().multiply(oneHot(index, inputs), 0, inputs, 4, inputs,
                packed(table, inputs), 0, Panels.stride(inputs), 1, product, 0, 16, false);
        new ScalarPointwise().addBias(product, 0, 16, bias, 0, product, 0, 16, 4, 16);
        Bits.assertSame("gathered", product, gathered, seed);
    }

    /** A scattered sum is the product of the one-hot inputs with the terms, bit for bit. */
    @Property(tries = 100)
    void scatterAddIsAOneHotProduct(@ForAll long seed) {
        TestData data = new TestData(seed, TestData.Kind.CANCELLING);
        int rows = 12;
        float[] terms = data.floats(rows * 16);
        int[] index = data.indices(rows, 5);
        float[] scattered = new float[8 * 16];
        scalar.scatterAdd(terms, 0, 16, index, 0, scattered, 0, 16, rows, 16);

        float[] product = new float[8 * 16];
        float[] left = new float[2 * rows * Panels.GROUP];
        new ScalarPacking().packColumns(oneHot(index, 5), 0, 5, rows, 5, left, 0,
                rows * Panels.GROUP, 0);
        new ScalarProducts().multiplyGroups(left, 0, rows * Panels.GROUP, Panels.GROUP, rows,
                packed(terms, rows), 0,
                Panels.stride(rows), 1, product, 0, 16, false);
        Bits.assertSame("scattered", product, scattered, seed);
    }

    /** 2²⁴ + 1 is 2²⁴ in float32: only the old value first, then r ascending, gives these sums. */
    @Example
    void addRowsKeepsTheOrder() {
        float big = 0x1p24f;
        float[] column0 = {1, 1, -big};
        float[] column1 = {1, big, -big};
        float[] rows = new float[3 * 16];
        for (int r = 0; r < 3; r++) {
            rows[r * 16] = column0[r];
            rows[r * 16 + 1] = column1[r];
        }
        float[] sums = new float[16];
        sums[0] = big;
        sums[1] = 1;
        scalar.addRows(rows, 0, 16, 3, 16, sums, 0);
        Bits.assertSame("column 0", 0f, sums[0]);
        Bits.assertSame("column 1", 2f, sums[1]);
    }

    private static float[] oneHot(int[] index, int columns) {
        float[] x = new float[index.length * columns];
        for (int r = 0; r < index.length; r++) {
            x[r * columns + index[r]] = 1f;
        }
        return x;
    }

    private static float[] packed(float[] rows, int depth) {
        float[] packed = new float[Panels.size(depth, 16)];
        new ScalarPacking().packRows(rows, 0, 16, depth, 16, packed, 0, Panels.stride(depth), 0);
        return packed;
    }
}
