package ebbtide.kernels;

import ebbtide.kernels.vector.VectorWidth;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs both twins of the elementary functions over all 2^32 floats, and prints for each function the
 * largest error with its place, the pairs of neighbours where it is not monotone, the arguments where
 * the twins differ, and for sigmoid and tanh where symmetry fails. Some minutes on two cores. The
 * first argument is the number of threads, the others are the functions (all).
 */
final class ExhaustiveFunctions {
    private static final int BLOCK = 1 << 12;
    private static final long CHUNK = 1L << 24;

    private ExhaustiveFunctions() {}

    /** What a range of floats showed. */
    private static final class Result {
        double worst;
        float place;
        long notMonotone;
        long different;
        long asymmetric;
        long notANumber;

        void add(Result other) {
            if (!(other.worst <= worst)) {
                worst = other.worst;
                place = other.place;
            }
            notMonotone += other.notMonotone;
            different += other.different;
            asymmetric += other.asymmetric;
            notANumber += other.notANumber;
        }

        boolean passed(double limit) {
            return worst <= limit && notMonotone + different + asymmetric + notANumber == 0;
        }
    }

    public static void main(String[] args) throws Exception {
        int threads = args.length > 0
                ? Integer.parseInt(args[0])
                : Runtime.getRuntime().availableProcessors();
        List<String> chosen = List.of(args).subList(Math.min(1, args.length), args.length);
        System.out.printf("%d-bit vectors, %d threads%n", VectorWidth.SPECIES.vectorBitSize(),
                threads);
        boolean passed = true;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (ElementaryFunction f : ElementaryFunction.values()) {
                if (chosen.isEmpty() || chosen.contains(f.name().toLowerCase())) {
                    passed &= run(f, pool);
                }
            }
        }
        System.exit(passed ? 0 : 1);
    }

    private static boolean run(ElementaryFunction f, ExecutorService pool) throws Exception {
        long start = System.nanoTime();
        List<Future<Result>> parts = new ArrayList<>();
        for (long from = 0; from <= ElementaryFunction.LAST; from += CHUNK) {
            long first = from;
            parts.add(pool.submit(() -> ordered(f, first)));
        }
        // The NaNs: every pattern above infinity, of either sign.
        parts.add(pool.submit(() -> notANumber(f, 0x7f80_0001)));
        parts.add(pool.submit(() -> notANumber(f, 0xff80_0001)));
        Result all = new Result();
        for (Future<Result> part : parts) {
            all.add(part.get());
        }
        System.out.printf(
                "%-8s max %.5f ULP at %a (%s), documented %.3f; not monotone %d, twins differ"
                        + " %d, asymmetric %d, NaN wrong %d; %.0f s%n",
                f.name().toLowerCase(), all.worst,
                all.place, all.place, f.maxUlp, all.notMonotone, all.different, all.asymmetric,
                all.notANumber, (System.nanoTime() - start) * 1e-9);
        return all.passed(f.maxUlp);
    }

    private static Result ordered(ElementaryFunction f, long from) {
        Result result = new Result();
        float[] x = new float[BLOCK];
        float[] y = new float[BLOCK];
        float[] z = new float[BLOCK];
        float before = from == 0 ? Float.NaN : f.scalar(ElementaryFunction.ordered(from - 1));
        long end = Math.min(from + CHUNK, ElementaryFunction.LAST + 1);
        for (long i = from; i < end; i += BLOCK) {
            for (int k = 0; k < BLOCK; k++) {
                x[k] = ElementaryFunction.ordered(Math.min(i + k, ElementaryFunction.LAST));
            }
            f.scalar(x, y);
            f.vector(x, z);
            for (int k = 0; k < BLOCK; k++) {
                if (y[k] < before) {
                    result.notMonotone++;
                }
                before = y[k];
                check(f, x[k], y[k], z[k], result);
            }
        }
        return result;
    }

    private static void check(ElementaryFunction f, float x, float y, float z, Result result) {
        if (Float.floatToIntBits(y) != Float.floatToIntBits(z)) {
            result.different++;
        }
        double error = ElementaryFunction.ulps(y, f.reference(x));
        if (!(error <= result.worst)) {
            result.worst = error;
            result.place = x;
        }
        boolean symmetric = switch (f) {
            case EXP, LOG -> true;
            case SIGMOID -> x < 0 || y == 1.0f - f.scalar(-x);
            case TANH -> Float.floatToIntBits(y) == Float.floatToIntBits(-f.scalar(-x));
        };
        if (!symmetric) {
            result.asymmetric++;
        }
    }

    private static Result notANumber(ElementaryFunction f, int first) {
        Result result = new Result();
        float[] x = new float[BLOCK];
        float[] y = new float[BLOCK];
        float[] z = new float[BLOCK];
        int count = 0x007f_ffff;
        for (int i = 0; i < count; i += BLOCK) {
            for (int k = 0; k < BLOCK; k++) {
                x[k] = Float.intBitsToFloat(first + Math.min(i + k, count - 1));
            }
            f.scalar(x, y);
            f.vector(x, z);
            for (int k = 0; k < BLOCK; k++) {
                if (!Float.isNaN(y[k]) || !Float.isNaN(z[k])) {
                    result.notANumber++;
                }
            }
        }
        return result;
    }
}
