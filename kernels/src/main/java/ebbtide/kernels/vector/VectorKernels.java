package ebbtide.kernels.vector;

import ebbtide.kernels.Kernels;
import jdk.incubator.vector.VectorShape;

/** The vector kernels as one set. */
public final class VectorKernels {
    private VectorKernels() {}

    /** Returns the set at this JVM's width. */
    public static Kernels create() {
        return new Kernels(
                "vector" + VectorWidth.SPECIES.vectorBitSize(),
                VectorWidth.SPECIES.length(),
                new VectorPacking(),
                new VectorProducts(),
                new VectorPointwise(),
                new VectorCells(),
                new VectorGatedVariants(),
                new VectorRows(),
                new VectorReductions(),
                new VectorLosses(),
                new VectorUpdates());
    }

    /** Returns the widest float vector of this CPU, as this JVM uses it, in bits. */
    public static int widestBits() {
        return VectorShape.largestShapeFor(float.class).vectorBitSize();
    }

    /** Returns whether the chosen width is wider than the CPU, so that every operation is a slow call. */
    public static boolean emulated() {
        return VectorWidth.SPECIES.vectorBitSize() > widestBits();
    }
}
