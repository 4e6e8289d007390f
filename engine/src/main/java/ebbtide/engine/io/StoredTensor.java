package ebbtide.engine.io;

import java.util.Arrays;

/**
 * A named tensor as it stands in a file: a type, a shape, and its elements, the last dimension
 * fastest. Elements are held in an array of the type's own kind and are not copied.
 */
public final class StoredTensor {
    /** Types of elements, little-endian in files. */
    public enum Type {
        /** float. */
        F32(4),
        /** double. */
        F64(8),
        /** int. */
        I32(4),
        /** long. */
        I64(8);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Returns the bytes of one element. */
        public int bytes() {
            return bytes;
        }
    }

    private final String name;
    private final Type type;
    private final long[] shape;
    private final Object elements;

    /** Creates a tensor over an array whose length fits the shape. */
    StoredTensor(String name, Type type, long[] shape, Object elements) {
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.elements = elements;
    }

    /**
     * Creates a float32 tensor.
     *
     * @param shape dimensions; none for a single number
     * @throws IllegalArgumentException if the shape does not fit the number of elements
     */
    public static StoredTensor floats(String name, float[] elements, long... shape) {
        requireShape(name, shape, elements.length);
        return new StoredTensor(name, Type.F32, shape.clone(), elements);
    }

    /**
     * Creates an int64 tensor.
     *
     * @param shape dimensions; none for a single number
     * @throws IllegalArgumentException if the shape does not fit the number of elements
     */
    public static StoredTensor longs(String name, long[] elements, long... shape) {
        requireShape(name, shape, elements.length);
        return new StoredTensor(name, Type.I64, shape.clone(), elements);
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the type of the elements. */
    public Type type() {
        return type;
    }

    /** Returns a copy of the shape. */
    public long[] shape() {
        return shape.clone();
    }

    /** Returns whether the shape is this one. */
    public boolean hasShape(int... expected) {
        return Arrays.equals(shape, Arrays.stream(expected).asLongStream().toArray());
    }

    /**
     * Returns the array of a float32 tensor itself.
     *
     * @throws IllegalStateException if the type is another
     */
    public float[] floats() {
        requireType(Type.F32);
        return (float[]) elements;
    }

    /**
     * Returns the array of a float64 tensor itself.
     *
     * @throws IllegalStateException if the type is another
     */
    public double[] doubles() {
        requireType(Type.F64);
        return (double[]) elements;
    }

    /**
     * Returns the array of an int32 tensor itself.
     *
     * @throws IllegalStateException if the type is another
     */
    public int[] ints() {
        requireType(Type.I32);
        return (int[]) elements;
    }

    /**
     * Returns the array of an int64 tensor itself.
     *
     * @throws IllegalStateException if the type is another
     */
    public long[] longs() {
        requireType(Type.I64);
        return (long[]) elements;
    }

    /** Returns name, type and shape, for example {@code bias_hh_l0 F32[64]}. */
    @Override
    public String toString() {
        return name + " " + type + Arrays.toString(shape);
    }

    /** The array, of the type's kind. */
    Object elements() {
        return elements;
    }

    private void requireType(Type expected) {
        if (type != expected) {
            throw new IllegalStateException("expected type %s, got %s".formatted(expected, this));
        }
    }

    private static void requireShape(String name, long[] shape, int length) {
        long size = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(
                        "%s: expected dimensions of at least 0, got %s"
                                .formatted(name, Arrays.toString(shape)));
            }
            size = Math.multiplyExact(size, dimension);
        }
        if (size != length) {
            throw new IllegalArgumentException(
                    "%s: shape %s holds %d elements, got %d"
                            .formatted(name, Arrays.toString(shape), size, length));
        }
    }
}
