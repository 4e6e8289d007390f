package ebbtide.engine;

import ebbtide.kernels.Panels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each named tensor of a model stands in one flat array. A matrix [rows, columns] keeps its rows
 * {@code stride} floats apart, padded to a multiple of 16; padding is zero and stays zero. A vector
 * [columns] is one row. Parameters, gradients and optimiser states of a model share one layout, so an
 * optimiser step or a norm is one pass over flat arrays.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class Layout {
    /**
     * One tensor.
     *
     * @param name PyTorch's name, for example {@code weight_hh_l0}
     * @param rank 1 for a vector, 2 for a matrix
     * @param rows rows of the matrix, 1 for a vector
     * @param columns real columns
     * @param offset of the first element in the flat array, a multiple of 16
     * @param stride floats from one row to the next, a multiple of 16
     */
    public record Slot(String name, int rank, int rows, int columns, int offset, int stride) {
        /** Returns the number of real elements. */
        public int elements() {
            return rows * columns;
        }

        /** Returns the shape as it stands in files. */
        public int[] shape() {
            return rank == 1 ? new int[] {columns} : new int[] {rows, columns};
        }
    }

    private final Map<String, Slot> slots;
    private final int size;

    private Layout(Map<String, Slot> slots, int size) {
        this.slots = slots;
        this.size = size;
    }

    /** Collects tensors in the order in which they are to stand. */
    public static final class Builder {
        private final Map<String, Slot> slots = new LinkedHashMap<>();
        private long size;

        /** Starts an empty layout. */
        public Builder() {}

        /** Adds a vector of {@code columns} elements. */
        public Builder vector(String name, int columns) {
            return add(name, 1, 1, columns);
        }

        /** Adds a matrix. */
        public Builder matrix(String name, int rows, int columns) {
            return add(name, 2, rows, columns);
        }

        private Builder add(String name, int rank, int rows, int columns) {
            if (rows < 1 || columns < 1) {
                throw new IllegalArgumentException(
                        "%s: expected rows and columns of at least 1, got %d x %d"
                                .formatted(name, rows, columns));
            }
            long stride = (columns + (long) Panels.WIDTH - 1) & -Panels.WIDTH;
            Slot slot = new Slot(name, rank, rows, columns, (int) size, (int) stride);
            size += rows * stride;
            if (size > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(
                        "%s: the parameters take %d floats, more than one array holds (2^31 - 9); use fewer units"
                                .formatted(name, size));
            }
            if (slots.put(name, slot) != null) {
                throw new IllegalArgumentException("%s: named twice".formatted(name));
            }
            return this;
        }

        /** Returns the finished layout. */
        public Layout build() {
            return new Layout(new LinkedHashMap<>(slots), (int) size);
        }
    }

    /** Returns the floats that a flat array of this layout has, padding included. */
    public int size() {
        return size;
    }

    /** Returns the number of real elements, padding excluded. */
    public long elements() {
        return slots.values().stream().mapToLong(Slot::elements).sum();
    }

    /** Returns the tensors in order. */
    public List<Slot> slots() {
        return List.copyOf(new ArrayList<>(slots.values()));
    }

    /** Returns whether a tensor of this name exists. */
    public boolean has(String name) {
        return slots.containsKey(name);
    }

    /** Returns the tensor named {@code name}. */
    public Slot slot(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException(
                    "no tensor named %s; there are %s".formatted(name, slots.keySet()));
        }
        return slot;
    }

    /** Copies tensor {@code name} out of a flat array, without padding. */
    public float[] read(float[] flat, String name) {
        Slot slot = slot(name);
        float[] dense = new float[slot.elements()];
        for (int r = 0; r < slot.rows; r++) {
            System.arraycopy(
                    flat, slot.offset + r * slot.stride, dense, r * slot.columns, slot.columns);
        }
        return dense;
    }

    /** Copies a dense tensor to its place in a flat array; padding is left alone. */
    public void write(float[] flat, String name, float[] dense) {
        Slot slot = slot(name);
        if (dense.length != slot.elements()) {
            throw new IllegalArgumentException(
                    "%s: expected %d values (%d x %d), got %d"
                            .formatted(
                                    name, slot.elements(), slot.rows, slot.columns, dense.length));
        }
        for (int r = 0; r < slot.rows; r++) {
            System.arraycopy(
                    dense, r * slot.columns, flat, slot.offset + r * slot.stride, slot.columns);
        }
    }
}
