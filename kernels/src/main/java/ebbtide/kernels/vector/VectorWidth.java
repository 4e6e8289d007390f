package ebbtide.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one place that chooses the vector width: the system property {@code ebbtide.kernels} (128, 256
 * or 512 bits), else what the JDK prefers on this CPU.
 *
 * <p>No kernel may use vectors of another width. The methods of {@code FloatVector} call methods of its
 * subclasses, and what C2 inlines there it learns from one type profile, which all callers share: once
 * the profile has seen a second width C2 inlines both, the two results meet in a box that it cannot
 * remove, and any kernel that is compiled after that may allocate one vector a round for as long as the
 * JVM lives. (While reductions used 128-bit vectors next to 256, five of seven JVMs on a loaded machine
 * boxed {@code scale}, {@code clamp} or another kernel.)
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
