package ebbtide.engine;

/** Checks of sizes and shapes that the public layer makes once, before anything is written. */
final class Shapes {
    private Shapes() {}

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "%s: expected at least 1, got %d".formatted(name, value));
        }
        return value;
    }

    static void count(String name, int expected, int actual) {
        if (actual != expected) {
            throw new IllegalArgumentException(
                    "%s: expected %d, got %d".formatted(name, expected, actual));
        }
    }

    /** Returns a·b·c, or says that one array cannot hold as many floats. */
    static int size(int a, int b, int c) {
        long size = (long) a * b;
        size = size > Integer.MAX_VALUE ? size : size * c;
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "%d x %d x %d elements are more than one array holds (2^31 - 9); use fewer steps, a smaller batch or checkpoints"
                            .formatted(a, b, c));
        }
        return (int) size;
    }

    /** Checks that a tensor has the expected shape; null passes. */
    static void shape(String name, Tensor tensor, int steps, int rows, int features) {
        if (tensor != null
                && (tensor.steps() != steps
                        || tensor.rows() != rows
                        || tensor.features() != features)) {
            throw new IllegalArgumentException(
                    "%s: expected [%d, %d, %d], got [%d, %d, %d]"
                            .formatted(
                                    name,
                                    steps,
                                    rows,
                                    features,
                                    tensor.steps(),
                                    tensor.rows(),
                                    tensor.features()));
        }
    }

    /** Checks that an output shares no memory with another tensor; nulls pass. */
    static void apart(String output, Tensor written, String other, Tensor tensor) {
        if (written != null && tensor != null && written.overlaps(tensor)) {
            throw new IllegalArgumentException(
                    "%s overlaps %s in memory; give it an array of its own"
                            .formatted(output, other));
        }
    }
}
