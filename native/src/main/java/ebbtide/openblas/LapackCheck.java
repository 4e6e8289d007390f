package ebbtide.openblas;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.DoublePredicate;

/** A few results of {@link Lapack} that are known beforehand. */
final class LapackCheck {
    /** Past the sizes up to which LAPACK works without blocks. */
    private static final int N = 150;

    private static final double LIMIT = 1e-11;

    private LapackCheck() {}

    static void check(Lapack lapack) throws UnusableLibraryException {
        try (Arena arena = Arena.ofConfined()) {
            check(lapack, arena);
        }
    }

    private static void check(Lapack lapack, Arena arena) throws UnusableLibraryException {
        // Twice a cyclic permutation: eigenvalues on the circle of radius 2, singular values 2.
        double[] cyclic = new double[N * N];
        // The second difference plus one, times a vector of ones.
        double[] difference = new double[N * N];
        double[] x = new double[N];
        for (int i = 0; i < N; i++) {
            cyclic[i * N + (i + 1) % N] = 2;
            difference[i * N + i] = 3;
            if (i > 0) {
                difference[i * N + i - 1] = -1;
            }
            x[i] = i == 0 || i == N - 1 ? 2 : 1;
        }
        double[] real = new double[N];
        double[] imaginary = new double[N];
        require("dgeev_", lapack.eigenvalues(arena, cyclic, N, real, imaginary), "2", real,
                re -> Math.abs(re) <= 2 + LIMIT);
        double[] moduli = new double[N];
        Arrays.setAll(moduli, i -> Math.hypot(real[i], imaginary[i]));
        require("dgeev_", 0, "2", moduli, modulus -> Math.abs(modulus - 2) <= LIMIT);
        double[] sigma = new double[N];
        require("dgesdd_", lapack.singularValues(arena, cyclic, N, N, sigma), "2", sigma,
                value -> Math.abs(value - 2) <= LIMIT);
        require("dposv_", lapack.solvePositiveDefinite(arena, difference, N, x, 1), "1", x,
                value -> Math.abs(value - 1) <= LIMIT);
    }

    private static void require(
            String function, int info, String expected, double[] actual, DoublePredicate right)
            throws UnusableLibraryException {
        double wrong = Arrays.stream(actual).filter(right.negate()).findFirst().orElse(0);
        if (info != 0 || !Arrays.stream(actual).allMatch(right)) {
            throw UnusableLibraryException.lasting(
                    "%s came out wrong: expected %s within %s and info 0, got %s and %d"
                            .formatted(function, expected, LIMIT, wrong, info));
        }
    }
}
