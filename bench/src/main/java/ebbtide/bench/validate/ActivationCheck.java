package ebbtide.bench.validate;

import ebbtide.checks.ElementaryFunction;
import ebbtide.checks.ExactFunctions;
import ebbtide.checks.FunctionErrors;
import ebbtide.checks.FunctionSample;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Pointwise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The elementary functions: largest error, monotone, symmetric, NaN kept, both twins equal. A stratified
 * sample of a million floats with the neighbour of each, or all 2³².
 */
final class ActivationCheck implements Check {
    private static final int BLOCK = 1 << 12;
    private static final long CHUNK = 1L << 24;
    /** What the double reference may be off, in float ULP. */
    private static final double REFERENCE = 1e-6;

    private final Pointwise scalar = KernelSelection.reference().pointwise();

    @Override
    public String name() {
        return "activations";
    }

    @Override
    public String title() {
        return "sigmoid, tanh, exp and log: error in ULP, monotone, symmetric";
    }

    @Override
    public void run(ValidationRun run) throws Exception {
        Pointwise vector = KernelSelection.selected().kernels().pointwise();
        ElementaryFunction[] functions = ElementaryFunction.values();
        for (int i = 0; i < functions.length; i++) {
            ElementaryFunction f = functions[i];
            String text = f.name().toLowerCase(Locale.ROOT);
            double before = i;
            FunctionErrors errors = run.exhaustive()
                    ? all(f, vector, run, share -> run.report(
                            text, (before + share) / functions.length))
                    : sample(f, vector);
            run.report(text, (before + 1) / functions.length);
            run.add(finding(f, text, errors));
        }
    }

    private Finding finding(ElementaryFunction f, String text, FunctionErrors errors) {
        float[] y = {errors.place()};
        f.compute(scalar, y, y, 1);
        double exact = Double.isFinite(f.reference(errors.place()))
                ? ExactFunctions.ulps(y[0], ExactFunctions.of(f, errors.place()))
                : errors.worst();
        boolean settled = Math.abs(exact - errors.worst()) <= REFERENCE;
        boolean passed = errors.worst() <= f.maxUlp && errors.broken().isEmpty() && settled;
        String remark = !errors.broken().isEmpty()
                ? errors.broken()
                : settled ? "100 digits agree" : "100 digits say %.7f ULP".formatted(exact);
        return new Finding(
                name(), text, errors.cases(), errors.worst(), f.maxUlp, "ULP",
                "%s (%a)".formatted(errors.place(), errors.place()), "",
                passed ? Verdict.PASSED : Verdict.FAILED, remark);
    }

    /** The sample with the neighbour of each float, and NaNs. */
    private FunctionErrors sample(ElementaryFunction f, Pointwise vector) {
        FunctionErrors errors = new FunctionErrors(f);
        float[] x = FunctionSample.floats();
        float[] pairs = new float[2 * x.length];
        for (int i = 0; i < x.length; i++) {
            pairs[2 * i] = x[i];
            pairs[2 * i + 1] = Math.nextUp(x[i]);
        }
        Arrays.sort(pairs);
        errors.see(scalar, vector, pairs);
        float[] nan = new float[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            int payload = 1 + i * 2048;
            nan[i] = Float.intBitsToFloat((i % 2 == 0 ? 0x7f80_0000 : 0xff80_0000) | payload);
        }
        errors.seeNaN(scalar, vector, nan);
        errors.see(scalar, vector, new float[] {
            Float.NEGATIVE_INFINITY, -0f, 0f, Float.POSITIVE_INFINITY
        });
        return errors;
    }

    private interface Progress {
        void at(double share);
    }

    private FunctionErrors all(
            ElementaryFunction f, Pointwise vector, ValidationRun run, Progress progress)
            throws Exception {
        List<Future<FunctionErrors>> parts = new ArrayList<>();
        FunctionErrors errors = new FunctionErrors(f);
        try (ExecutorService pool =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (long from = 0; from <= ElementaryFunction.LAST; from += CHUNK) {
                long first = from;
                parts.add(pool.submit(() -> ordered(f, vector, first, run)));
            }
            // The NaNs: every pattern above infinity, of either sign.
            parts.add(pool.submit(() -> notANumber(f, vector, 0x7f80_0001, run)));
            parts.add(pool.submit(() -> notANumber(f, vector, 0xff80_0001, run)));
            for (int i = 0; i < parts.size(); i++) {
                errors.add(parts.get(i).get());
                progress.at((i + 1.0) / parts.size());
            }
        }
        return errors;
    }

    /** One chunk of all floats in order, blocks overlapping by one. */
    private FunctionErrors ordered(
            ElementaryFunction f, Pointwise vector, long from, ValidationRun run) {
        FunctionErrors errors = new FunctionErrors(f);
        float[] x = new float[BLOCK + 1];
        long end = Math.min(from + CHUNK, ElementaryFunction.LAST);
        for (long i = from; i < end && !run.interrupted().getAsBoolean(); i += BLOCK) {
            for (int k = 0; k <= BLOCK; k++) {
                x[k] = ElementaryFunction.ordered(Math.min(i + k, ElementaryFunction.LAST));
            }
            errors.see(scalar, vector, x);
        }
        return errors;
    }

    private FunctionErrors notANumber(
            ElementaryFunction f, Pointwise vector, int first, ValidationRun run) {
        FunctionErrors errors = new FunctionErrors(f);
        float[] x = new float[BLOCK];
        int count = 0x007f_ffff;
        for (int i = 0; i < count && !run.interrupted().getAsBoolean(); i += BLOCK) {
            for (int k = 0; k < BLOCK; k++) {
                x[k] = Float.intBitsToFloat(first + Math.min(i + k, count - 1));
            }
            errors.seeNaN(scalar, vector, x);
        }
        return errors;
    }
}
