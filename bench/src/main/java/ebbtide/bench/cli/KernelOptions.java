package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.train.Models;
import ebbtide.kernels.Kernels;
import picocli.CommandLine.Option;

/** Which kernels compute. */
public final class KernelOptions {
    /** The options by name. */
    static final String KERNELS = "--kernels";
    static final String INEXACT = "--inexact";

    @Option(
            names = KERNELS,
            paramLabel = "NAME",
            description = "auto, scalar, vector, 128, 256 or 512 (default: ${DEFAULT-VALUE}); the result does not"
                    + " depend on them. Or openblas for all products that are merged over time, with its"
                    + " own rounding.")
    private String name = "auto";

    @Option(
            names = INEXACT,
            description = "Allow auto to give OpenBLAS those merged products that it measures it to be"
                    + " faster at: results are then equal within rounding, and not bit for bit.")
    private boolean inexact;

    /**
     * Checks the options, without choosing kernels.
     *
     * @throws BadInput if there are no such kernels
     */
    void require() {
        Models.requireKernels(name);
        if (inexact && !name.equals(Models.AUTO)) {
            throw new BadInput(
                    "--inexact: expected --kernels auto, got %s; leave one of them out", name);
        }
    }

    /**
     * Chooses kernels, which logs a line.
     *
     * @throws BadInput if other kernels were chosen before, or the JVM has no such
     */
    Kernels choose() {
        require();
        Kernels kernels = Models.kernels(name);
        return inexact ? Models.openBlas().map(kernels::withWhereFaster).orElse(kernels) : kernels;
    }
}
