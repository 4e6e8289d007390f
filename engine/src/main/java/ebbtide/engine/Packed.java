package ebbtide.engine;

import ebbtide.kernels.Packing;
import ebbtide.kernels.Panels;

/** A right factor [depth, columns] in panels, as the products read it; see {@link Panels}. */
final class Packed {
    final float[] data;
    final int depth;
    final int panelStride;

    /** @param panels panels of 16 columns, each with its own padding */
    Packed(int depth, int panels) {
        this.depth = depth;
        this.panelStride = Panels.stride(depth);
        this.data = new float[Math.addExact(Panels.FIRST, Math.multiplyExact(panels, panelStride))];
    }

    /** Where a panel stands in {@link #data}. */
    int place(int panel) {
        return Panels.FIRST + panel * panelStride;
    }

    int panels() {
        return data.length / panelStride;
    }

    /**
     * Packs Wᵀ of {@code columns} rows of a weight matrix from {@code row}, into the panels from {@code
     * panel}: the right factor of y = x·Wᵀ.
     */
    void packTransposed(
            Packing packing, float[] flat, Layout.Slot w, int row, int columns, int panel) {
        packing.packTransposed(
                flat, w.offset() + row * w.stride(), w.stride(), columns, depth, data,
                place(panel));
    }

    /** Packs {@link #depth} rows of a weight matrix from {@code row} as terms: the right factor of dx = dz·W. */
    void packRows(Packing packing, float[] flat, Layout.Slot w, int row) {
        packing.packRows(
                flat,
                w.offset() + row * w.stride(),
                w.stride(),
                depth,
                w.columns(),
                data,
                place(0),
                panelStride,
                0);
    }
}
