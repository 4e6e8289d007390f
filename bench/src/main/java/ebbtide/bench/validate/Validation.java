package ebbtide.bench.validate;

import java.util.List;

/** All checks, in the order in which they run. */
public final class Validation {
    private static final List<Check> CHECKS = List.of(
            new TwinCheck(),
            new ActivationCheck(),
            new ProductCheck(),
            new UnrolledCheck(),
            new GradientCheck(),
            new GoldenCheck(),
            new DeterminismCheck(),
            new SpecialCheck(),
            new FailureCheck(),
            new SoakCheck());

    private Validation() {
    }

    /** Returns the checks. */
    public static List<Check> checks() {
        return CHECKS;
    }

    /** Runs one check; an exception is a finding, too. Returns false if the user stopped it. */
    public static boolean run(Check check, ValidationRun run) {
        try {
            check.run(run);
            return true;
        } catch (ValidationRun.Interrupted e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception | AssertionError e) {
            Worst worst = new Worst();
            worst.see(false, () -> String.valueOf(e));
            run.add(Finding.ofFailures(check.name(), "the check itself", worst, "did not end"));
            return true;
        }
    }
}
