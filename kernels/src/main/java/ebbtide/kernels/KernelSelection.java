package ebbtide.kernels;

import ebbtide.kernels.scalar.ScalarKernels;
import ebbtide.kernels.vector.VectorKernels;
import java.lang.System.Logger.Level;

/**
 * Which kernels this JVM runs, chosen once at start-up and told in one log line.
 *
 * <p>System property {@value #PROPERTY}: {@code auto} (the default) takes vectors of the width that the
 * JVM prefers on this CPU; {@code 128}, {@code 256} or {@code 512} force a width; {@code scalar} forces
 * the reference. Without the module jdk.incubator.vector the scalar kernels serve.
 *
 * @param kernels the kernels
 * @param reason why these, in a few words
 */
public record KernelSelection(Kernels kernels, String reason) {
    /** The system property that forces a choice. */
    public static final String PROPERTY = "ebbtide.kernels";

    private static final String FLAG = "--add-modules jdk.incubator.vector";

    /** Returns the choice; the first call makes it and logs it. */
    public static KernelSelection selected() {
        return Holder.SELECTED;
    }

    /** Returns the scalar kernels, whatever was chosen: the reference that all others are held to. */
    public static Kernels reference() {
        return ScalarKernels.create();
    }

    /** Returns whether the Vector API is there for this program. */
    public static boolean vectorModulePresent() {
        try {
            Class.forName(
                    "jdk.incubator.vector.FloatVector",
                    false,
                    KernelSelection.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static final class Holder {
        static final KernelSelection SELECTED = choose();
    }

    private static KernelSelection choose() {
        String wish = System.getProperty(PROPERTY, "auto").strip();
        if (!wish.matches("auto|scalar|128|256|512")) {
            throw new IllegalArgumentException(
                    "-D%s: expected auto, scalar, 128, 256 or 512, got %s"
                            .formatted(PROPERTY, wish));
        }
        System.Logger logger = System.getLogger("ebbtide.kernels");
        if (wish.equals("scalar")) {
            return tell(logger, Level.INFO, ScalarKernels.create(), "forced by -D" + PROPERTY);
        }
        if (!vectorModulePresent()) {
            return tell(
                    logger,
                    Level.WARNING,
                    ScalarKernels.create(),
                    "module jdk.incubator.vector is missing; start java with "
                            + FLAG
                            + " for vector kernels, several times as fast");
        }
        return tell(
                logger,
                VectorKernels.emulated() ? Level.WARNING : Level.INFO,
                VectorKernels.create(),
                reason(wish));
    }

    private static String reason(String wish) {
        if (VectorKernels.emulated()) {
            return "forced by -D%s, but this CPU has only %d bits: correct, and very slow"
                    .formatted(PROPERTY, VectorKernels.widestBits());
        }
        return wish.equals("auto")
                ? "the width the JVM prefers on this CPU"
                : "forced by -D" + PROPERTY;
    }

    private static KernelSelection tell(
            System.Logger logger, Level level, Kernels kernels, String reason) {
        logger.log(level, "Ebbtide kernels: {0} ({1})", kernels.name(), reason);
        return new KernelSelection(kernels, reason);
    }
}
