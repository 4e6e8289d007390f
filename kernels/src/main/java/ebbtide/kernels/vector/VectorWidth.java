package ebbtide.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one place that chooses the vector width: the system property {@code ebbtide.kernels} (128, 256
 * or 512 bits), else what the JDK prefers on this CPU.
 */
public final class VectorWidth {

    /** Float vectors of the chosen width. */
    public static final VectorSpecies<Float> SPECIES = VectorSpecies.of(float.class, shape());

    /** Int vectors of the same width. */
    public static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, SPECIES.vectorShape());

    private VectorWidth() {}

    private static VectorShape shape() {
        String bits = System.getProperty("ebbtide.kernels", "");
        return bits.matches("128|256|512")
                ? VectorShape.forBitSize(Integer.parseInt(bits))
                : FloatVector.SPECIES_PREFERRED.vectorShape();
    }
}
