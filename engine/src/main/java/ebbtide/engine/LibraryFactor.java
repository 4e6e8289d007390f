package ebbtide.engine;

import ebbtide.kernels.MatrixProducts;
import ebbtide.kernels.Panels;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A recurrent matrix as a library multiplies it, U·h forward and Σ_g dz_g·U_g backward: the sums of all
 * units for a worker's rows at once, in a buffer [rows, columns] from which the epilogue gets them tile
 * by tile. The library packs U at each step, which our kernels do once per update, and copies it: so it
 * pays for many rows only.
 */
final class LibraryFactor {
    private final MatrixProducts library;
    private final LayerWeights weights;
    private final LayerState state;
    private final ProductKind kind;
    private final Layout.Slot slot;
    /** The gates of the first stage. */
    private final int[] gates;
    /** Where ∂L/∂z of each gate stands in a row. */
    private final int[] segments;
    /** How many gates one call multiplies: all, if nothing lies between them. */
    private final int together;
    private final int columns;
    private final float[] sums;

    LibraryFactor(LayerWeights weights, LayerState state, int recurrence, ProductKind kind) {
        this.weights = weights;
        this.state = state;
        this.kind = kind;
        library = weights.kernels.library();
        slot = weights.u[recurrence];
        gates = weights.cell.stages()[0];
        segments = IntStream.of(gates)
                .map(gate -> weights.cell.stateSegments()[gate] * weights.padded)
                .toArray();
        boolean contiguous = contiguous(gates, 1);
        if (kind == ProductKind.STEP) {
            columns = gates.length * weights.hidden;
        } else {
            columns = weights.features;
            contiguous &= contiguous(segments, weights.hidden);
        }
        together = contiguous ? gates.length : 1;
        sums = new float[Shapes.size(state.batch, columns, 1)];
    }

    private static boolean contiguous(int[] places, int distance) {
        return IntStream.range(0, places.length)
                .allMatch(i -> places[i] == places[0] + i * distance);
    }

    /** Floats of the buffers of a layer and direction for one worker. */
    static long floats(Cell cell, int batch, int hidden) {
        long columns = (long) cell.stages()[0].length * hidden + cell.features(hidden);
        return cell.delays().size() * batch * columns;
    }

    /** Whether this plan leaves the product to the library. */
    boolean serves() {
        return state.byLibrary.contains(kind);
    }

    /** Computes the sums of rows that stand {@code stride} floats apart. */
    void multiply(float[] data, int offset, int stride, int rows) {
        int hidden = weights.hidden;
        for (int i = 0; i < gates.length; i += together) {
            int u = slot.offset() + gates[i] * hidden * slot.stride();
            if (kind == ProductKind.STEP) {
                library.sgemm(
                        false, true, rows, together * hidden, weights.features, 1,
                        data, offset, stride, weights.flat, u, slot.stride(), 0,
                        sums, i * hidden, columns);
            } else {
                library.sgemm(
                        false, false, rows, columns, together * hidden, 1,
                        data, offset + segments[i], stride, weights.flat, u, slot.stride(),
                        i > 0 ? 1 : 0, sums, 0, columns);
            }
        }
    }

    /** Copies sums to a tile: forward the gates of 16 units stand side by side in it. */
    void copy(int row, int rows, int panel, int panels, float[] tile, int to) {
        int interleaved = kind == ProductKind.STEP ? gates.length : 1;
        int units = columns / interleaved;
        int width = interleaved == 1 ? panels : 1;
        for (int p = panel; p < panel + panels; p += width) {
            int unit = p / interleaved * Panels.WIDTH;
            int from = p % interleaved * units + unit;
            int real = Math.min(width * Panels.WIDTH, units - unit);
            int at = to + (p - panel) * Panels.WIDTH;
            for (int r = 0; r < rows; r++) {
                System.arraycopy(sums, (row + r) * columns + from, tile, at, real);
                Arrays.fill(tile, at + real, at + width * Panels.WIDTH, 0f);
                at += FusedProduct.STRIDE;
            }
        }
    }
}
