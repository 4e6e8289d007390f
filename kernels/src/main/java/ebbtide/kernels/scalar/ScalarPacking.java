package ebbtide.kernels.scalar;

import ebbtide.kernels.Packing;
import ebbtide.kernels.Panels;

/** The reference of {@link Packing}. */
public final class ScalarPacking implements Packing {
    @Override
    public void packTransposed(
            float[] w, int wOff, int wStride, int columns, int depth, float[] packed,
            int packedOff) {
        for (int panel = 0; panel < Panels.count(columns); panel++) {
            for (int k = 0; k < depth; k++) {
                for (int c = 0; c < Panels.WIDTH; c++) {
                    int column = panel * Panels.WIDTH + c;
                    packed[packedOff + panel * Panels.stride(depth) + k * Panels.WIDTH + c] =
                            column < columns ? w[wOff + column * wStride + k] : 0f;
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
        for (int panel = 0; panel < Panels.count(columns); panel++) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < Panels.WIDTH; c++) {
                    int column = panel * Panels.WIDTH + c;
                    packed[packedOff + panel * panelStride + (k0 + r) * Panels.WIDTH + c] =
                            column < columns ? a[aOff + r * aStride + column] : 0f;
                }
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
        for (int group = 0; group < Panels.groups(columns); group++) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < Panels.GROUP; c++) {
                    int column = group * Panels.GROUP + c;
                    packed[packedOff + group * groupStride + (k0 + r) * Panels.GROUP + c] =
                            column < columns ? a[aOff + r * aStride + column] : 0f;
                }
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
        for (int group = 0; group < Panels.groups(rows); group++) {
            int real = Math.min(Panels.GROUP, rows - group * Panels.GROUP);
            for (int k = 0; k < depth; k++) {
                for (int r = 0; r < Panels.GROUP; r++) {
                    packed[packedOff + group * groupStride + k * Panels.GROUP + r] =
                            a[aOff + (group * Panels.GROUP + Math.min(r, real - 1)) * aStride + k];
                }
            }
        }
    }
}
