package ebbtide.engine.init;

import ebbtide.engine.random.Generator;

/**
 * A square gaussian matrix scaled so that its largest |eigenvalue| is ρ, the number that decides
 * whether a linear recurrence fades (ρ &lt; 1) or blows up (ρ &gt; 1). Sources: H. Jaeger, "The
 * echo state approach to analysing and training recurrent neural networks", GMD report 148, 2001;
 * R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks",
 * ICML 2013, section 2.1.
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
        double[][] gaussian = new double[rows][columns];
        for (double[] row : gaussian) {
            for (int c = 0; c < columns; c++) {
                row[c] = random.nextGaussian();
            }
        }
        double factor = radius / largest(gaussian);
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) (gaussian[i / columns][i % columns] * factor);
        }
    }

    /**
     * Returns the spectral radius of a square matrix, max |λ|: Gelfand's formula ρ = lim
     * ‖Wᵐ‖^(1/m), m = 2²⁴ by repeated squaring, in double. Maximum error, relative: ln(√n·κ)/m,
     * where κ is the condition of the eigenvectors, so 1e-6 for κ = 1e6; besides, eigenvalues of a
     * matrix near a defective one are as sensitive here as anywhere. It takes 50·n³ operations,
     * some ten seconds for 1000 units. (The QR algorithm of EJML took twice as long for 1024, and
     * its jars have no stable module name, which a published module should not require.)
     *
     * @param w dense, n·n elements
     * @return NaN if an element is NaN or infinite
     */
    public static double of(float[] w, int n) {
        Initializers.requireLength(w, n, n);
        double[][] matrix = new double[n][n];
        for (int i = 0; i < w.length; i++) {
            matrix[i / n][i % n] = w[i];
        }
        return largest(matrix);
    }

    /** ln ‖Aᵐ‖/m = Σ ln(s[j])/2ʲ, where s[j] is the norm that the j-th power is divided by. */
    private static double largest(double[][] matrix) {
        double[][] power = matrix;
        double log = 0;
        for (int j = 0; j <= SQUARINGS; j++) {
            power = j == 0 ? power : square(power);
            double norm = norm(power);
            if (!(norm > 0 && norm < Double.POSITIVE_INFINITY)) {
                return norm == 0 ? 0 : Double.NaN;
            }
            log += StrictMath.scalb(StrictMath.log(norm), -j);
            power = divided(power, norm);
        }
        return StrictMath.exp(log);
    }

    private static double norm(double[][] matrix) {
        double sum = 0;
        for (double[] row : matrix) {
            for (double element : row) {
                sum += element * element;
            }
        }
        return StrictMath.sqrt(sum);
    }

    private static double[][] divided(double[][] matrix, double divisor) {
        int n = matrix.length;
        double[][] result = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                result[i][j] = matrix[i][j] / divisor;
            }
        }
        return result;
    }

    /** a·a; a block of rows stays in L2 while it meets every row of the result. */
    private static double[][] square(double[][] a) {
        int n = a.length;
        double[][] result = new double[n][n];
        for (int from = 0; from < n; from += BLOCK) {
            int to = Math.min(from + BLOCK, n);
            for (int i = 0; i < n; i++) {
                for (int k = from; k < to; k++) {
                    add(a[i][k], a[k], result[i]);
                }
            }
        }
        return result;
    }

    /**
     * One index for both arrays: with two, C2 cannot tell that they are apart, and stays scalar.
     */
    private static void add(double factor, double[] from, double[] to) {
        for (int j = 0; j < to.length; j++) {
            to[j] += factor * from[j];
        }
    }
}
