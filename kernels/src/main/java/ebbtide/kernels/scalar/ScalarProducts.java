package ebbtide.kernels.scalar;

import ebbtide.kernels.Panels;
import ebbtide.kernels.Products;
import java.util.Arrays;

/**
 * The reference of {@link Products}. The sixteen columns of a panel run innermost, so that C2 may turn
 * them into vectors by itself: with one running sum an element it ran at a tenth of the speed.
 */
public final class ScalarProducts implements Products {
    /** The block sums of one row and panel. */
    private static final ThreadLocal<float[]> BLOCK =
            ThreadLocal.withInitial(() -> new float[Panels.WIDTH]);

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
        float[] block = BLOCK.get();
        for (int panel = 0; panel < panels; panel++) {
            for (int r = 0; r < rows; r++) {
                int to = sumsOff + r * sumsStride + panel * Panels.WIDTH;
                for (int k0 = 0; k0 < depth; k0 += Panels.BLOCK) {
                    int terms = Math.min(Panels.BLOCK, depth - k0);
                    int from = packedOff + panel * panelStride + k0 * Panels.WIDTH;
                    sum(a, aOff + r * aStride + k0, 1, terms, packed, from, block);
                    put(block, sums, to, accumulate || k0 > 0);
                }
            }
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
        float[] block = BLOCK.get();
        for (int panel = 0; panel < panels; panel++) {
            for (int r = 0; r < rows; r++) {
                int left = aOff + r / Panels.GROUP * groupStride + r % Panels.GROUP;
                int from = packedOff + panel * panelStride;
                sum(a, left, Panels.GROUP, depth, packed, from, block);
                put(block, sums, sumsOff + r * sumsStride + panel * Panels.WIDTH, accumulate);
            }
        }
    }

    /** block[c] = Σₖ a[k] · packed(k, c), k ascending, from zero. */
    private static void sum(
            float[] a, int aOff, int aTerm, int depth, float[] packed, int packedOff,
            float[] block) {
        Arrays.fill(block, 0f);
        for (int k = 0; k < depth; k++) {
            float x = a[aOff + k * aTerm];
            for (int c = 0; c < Panels.WIDTH; c++) {
                block[c] = Math.fma(x, packed[packedOff + k * Panels.WIDTH + c], block[c]);
            }
        }
    }

    private static void put(float[] block, float[] sums, int to, boolean add) {
        for (int c = 0; c < Panels.WIDTH; c++) {
            sums[to + c] = add ? sums[to + c] + block[c] : block[c];
        }
    }
}
