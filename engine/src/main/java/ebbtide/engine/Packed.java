package ebbtide.engine;

import ebbtide.kernels.Packing;
import ebbtide.kernels.Panels;

/** A right factor [depth, columns] in panels, as the products read it; see {@link Panels}. */
final class Packed {
    final float[] data;
    final int depth;
    final int columns;
    final int panelStride;

    Packed(int depth, int columns) {
        this.depth = depth;
        this.columns = columns;
        this.panelStride = Panels.stride(depth);
        this.data = new float[Panels.size(depth, columns)];
    }

    int panels() {
        return Panels.count(columns);
    }

    /** Packs Wᵀ of a weight matrix W [columns, depth]: the right factor of y = x·Wᵀ. */
    void packTransposed(Packing packing, float[] flat, Layout.Slot w) {
        packing.packTransposed(flat, w.offset(), w.stride(), columns, depth, data, 0);
    }

    /** Packs a weight matrix W [depth, columns] as it stands: the right factor of dx = dz·W. */
    void packRows(Packing packing, float[] flat, Layout.Slot w) {
        packing.packRows(flat, w.offset(), w.stride(), depth, columns, data, 0, panelStride, 0);
    }
}
