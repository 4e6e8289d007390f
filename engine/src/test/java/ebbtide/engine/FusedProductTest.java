package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fused products of any number of rows against the definition, and what they leave alone. */
class FusedProductTest {
    private static final Kernels KERNELS = KernelSelection.selected().kernels();
    private static final int DEPTH = 35;
    private static final float UNTOUCHED = 7f;

    /** Floats of a target that is written to as if it fitted the cache, and of one that does not. */
    private static final int SMALL = 0;

    private static final int LARGE = 1 << 19;

    private final Generator random = Generator.of(3);

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 7, 8, 9, 16})
    void storesRealColumnsAlone(int panels) {
        for (int missing : new int[] {0, 3}) {
            int columns = panels * Panels.WIDTH - missing;
            Epilogue.Store store = new Epilogue.Store(columns);
            StepRows to = new StepRows();
            check(panels, columns, new float[panels * Panels.WIDTH], SMALL, (target, stride) -> {
                to.at(new StepRows(target, 0, 0, stride));
                store.at(to, 0, 0, null);
                return store;
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 7, 8, 9, 16})
    void addsBiasWhereverTheSumsAre(int panels) {
        float[] bias = uniform(panels * Panels.WIDTH);
        Epilogue.AddBias add = new Epilogue.AddBias(KERNELS.pointwise(), bias);
        for (int floats : new int[] {SMALL, LARGE}) {
            check(panels, bias.length, bias, floats, (target, stride) -> {
                add.at(target, 0, stride);
                return add;
            });
        }
    }

    private interface To {
        Epilogue at(float[] target, int stride);
    }

    private void check(int panels, int columns, float[] bias, int floats, To to) {
        int stride = panels * Panels.WIDTH;
        Packed factor = new Packed(DEPTH, panels);
        System.arraycopy(uniform(factor.data.length), 0, factor.data, 0, factor.data.length);
        Term term = Term.of(factor);
        FusedProduct product = new FusedProduct(KERNELS);
        product.reserve(term);
        for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 11, 15, 63, 64, 67, 71, 255, 260}) {
            float[] a = uniform(rows * DEPTH);
            term.at(new StepRows(a, 0, 0, DEPTH), 0, 0, rows);
            float[] target = new float[Math.max(floats, (rows + 8) * stride)];
            Arrays.fill(target, UNTOUCHED);
            float[] expected = target.clone();
            reference(a, rows, factor, bias, columns, stride, expected);
            product.run(new Term[] {term}, rows, 0, panels, 1, to.at(target, stride));
            assertArrayEquals(expected, target, rows + " rows, " + columns + " columns");
        }
    }

    private static void reference(
            float[] a,
            int rows,
            Packed factor,
            float[] bias,
            int columns,
            int stride,
            float[] expected) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                int column = factor.place(c / Panels.WIDTH) + c % Panels.WIDTH;
                float sum = 0;
                for (int k = 0; k < DEPTH; k++) {
                    sum = Math.fma(a[r * DEPTH + k], factor.data[column + k * Panels.WIDTH], sum);
                }
                expected[r * stride + c] = sum + bias[c];
            }
        }
    }

    private float[] uniform(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }
}
