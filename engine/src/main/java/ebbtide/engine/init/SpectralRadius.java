package ebbtide.engine.init;

import ebbtide.engine.random.Generator;
import java.util.Arrays;

/**
 * A square gaussian matrix scaled so that its largest |eigenvalue| is ρ, the number that decides
 * whether a linear recurrence fades (ρ &lt; 1) or blows up (ρ &gt; 1). Sources: H. Jaeger, "The echo
 * state approach to analysing and training recurrent neural networks", GMD report 148, 2001; R. Pascanu,
 * T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, section
 * 2.1.
 *
 * @param radius ρ, above 0
 */
public record SpectralRadius(double radius) implements Initializer {
    private static final int SQUARINGS = 24;
    private static final int BLOCK = 32;

    /**
     * Creates the initialiser.
     *
     * @throws IllegalArgumentException unless the radius is a finite number above 0
     */
    public SpectralRadius {
        Initializers.requirePositive("radius", radius);
    }

    @Override
    public void fill(float[] w, int rows, int columns, Generator random) {
        Initializers.requireLength(w, rows, columns);
        Initializers.requireSquare("radius", rows, columns);
        double[] gaussian = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            gaussian[i] = random.nextGaussian();
        }
        double factor = radius / largest(gaussian, rows);
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) (gaussian[i] * factor);
        }
    }

    /**
     * Returns the spectral radius of a square matrix, max |λ|: Gelfand's formula ρ = lim ‖Wᵐ‖^(1/m),
     * m = 2²⁴ by repeated squaring, in double. Maximum error, relative: ln(√n·κ)/m, where κ is the
     * condition of the eigenvectors, so 1e-6 for κ = 1e6; besides, eigenvalues of a matrix near a
     * defective one are as sensitive here as anywhere. It takes 50·n³ operations, some ten seconds for
     * 1000 units. (EJML's QR algorithm takes about as long, and its jars have no stable module name, which a
     * published module should not require.)
     *
     * @param w dense, n·n elements
     * @return NaN if an element is NaN or infinite
     */
    public static double of(float[] w, int n) {
        Initializers.requireLength(w, n, n);
        double[] matrix = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            matrix[i] = w[i];
        }
        return largest(matrix, n);
    }

    /** ln ‖Aᵐ‖/m = Σ ln(s[j])/2ʲ, where s[j] is the norm that the j-th power is divided by. */
    private static double largest(double[] matrix, int n) {
        double[] power = matrix.clone();
        double[] square = new double[power.length];
        double log = 0;
        for (int j = 0; j <= SQUARINGS; j++) {
            double norm = norm(power);
            if (!(norm > 0 && norm < Double.POSITIVE_INFINITY)) {
                return norm == 0 ? 0 : Double.NaN;
            }
            log += StrictMath.scalb(StrictMath.log(norm), -j);
            for (int i = 0; i < power.length; i++) {
                power[i] /= norm;
            }
            multiply(power, power, square, n);
            double[] swap = power;
            power = square;
            square = swap;
        }
        return StrictMath.exp(log);
    }

    private static double norm(double[] matrix) {
        double sum = 0;
        for (double element : matrix) {
            sum += element * element;
        }
        return StrictMath.sqrt(sum);
    }

    /** c = a·b; a block of b's rows stays in L2 while it meets all rows of a. */
    private static void multiply(double[] a, double[] b, double[] c, int n) {
        Arrays.fill(c, 0);
        for (int from = 0; from < n; from += BLOCK) {
            int to = Math.min(from + BLOCK, n);
            for (int i = 0; i < n; i++) {
                for (int k = from; k < to; k++) {
                    add(a[i * n + k], b, k * n, c, i * n, n);
                }
            }
        }
    }

    private static void add(double factor, double[] from, int at, double[] to, int row, int n) {
        for (int j = 0; j < n; j++) {
            to[row + j] += factor * from[at + j];
        }
    }
}
