package ebbtide.bench.validate;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjDoubleConsumer;

/**
 * What a check is given: how much is asked for, and where its findings and its progress go.
 *
 * @param exhaustive whether the long forms run
 * @param seed of all random numbers
 * @param golden a folder of golden cases, or null for those that come with the program
 * @param soakMinutes length of the soak, 0 for none
 * @param findings takes what was found
 * @param progress takes what is going on, and the share of this check that is done
 * @param interrupted tells whether to stop
 */
public record ValidationRun(
        boolean exhaustive,
        long seed,
        Path golden,
        double soakMinutes,
        Consumer<Finding> findings,
        ObjDoubleConsumer<String> progress,
        BooleanSupplier interrupted) {

    void add(Finding finding) {
        findings.accept(finding);
    }

    void report(String doing, double share) {
        progress.accept(doing, share);
    }

    /** Thrown where a check notices that the user wants it to stop. */
    static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    void requireGoOn() {
        if (interrupted.getAsBoolean()) {
            throw new Interrupted();
        }
    }
}
