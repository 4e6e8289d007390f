package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.Tiles.LANES;
import static ebbtide.kernels.vector.Tiles.load;

import ebbtide.kernels.Packing;
import ebbtide.kernels.Panels;

/**
 * {@link Packing} with vector copies where rows stay rows; the twin of {@code ScalarPacking}. A panel
 * that the columns do not fill is left to its last column's scalar loop. Groups of four are copied float
 * by float: short vectors would be a second width, which {@link VectorWidth} rules out.
 */
public final class VectorPacking implements Packing {
    @Override
    public void packTransposed(
            float[] w, int wOff, int wStride, int columns, int depth, float[] packed,
            int packedOff) {
        for (int panel = 0; panel < Panels.count(columns); panel++) {
            int to = packedOff + panel * Panels.stride(depth);
            int real = Math.min(Panels.WIDTH, columns - panel * Panels.WIDTH);
            int from = wOff + panel * Panels.WIDTH * wStride;
            for (int k = 0; k < depth; k++) {
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
                    load(a, from + panel * Panels.WIDTH + c)
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
        int whole = columns / Panels.GROUP;
        int rest = columns % Panels.GROUP;
        for (int r = 0; r < rows; r++) {
            int from = aOff + r * aStride;
            int to = packedOff + (k0 + r) * Panels.GROUP;
            for (int group = 0; group < whole; group++) {
                int x = from + group * Panels.GROUP;
                int y = to + group * groupStride;
                packed[y] = a[x];
                packed[y + 1] = a[x + 1];
                packed[y + 2] = a[x + 2];
                packed[y + 3] = a[x + 3];
            }
            if (rest > 0) {
                tail(
                        a, from + columns - rest, rest, packed, to + whole * groupStride,
                        Panels.GROUP);
            }
        }
    }

    private static void tail(float[] a, int from, int real, float[] packed, int to, int width) {
        System.arraycopy(a, from, packed, to, real);
        for (int c = real; c < width; c++) {
            packed[to + c] = 0f;
        }
    }
}
