package ebbtide.engine.init;

import ebbtide.engine.random.Generator;

/**
 * A random matrix with WᵀW = 1 (or W·Wᵀ = 1 where it has fewer rows than columns), uniform among
 * all such: Q of the QR decomposition of a gaussian matrix with the diagonal of R positive. As a
 * recurrent matrix it keeps the length of state and gradient; all |eigenvalues| are 1. {@code
 * torch.nn.init.orthogonal_}.
 *
 * <p>Sources: A. Saxe, J. McClelland, S. Ganguli, "Exact solutions to the nonlinear dynamics of
 * learning in deep linear neural networks", ICLR 2014; F. Mezzadri, "How to generate random
 * matrices from the classical compact groups", Notices of the AMS 54(5), 2007 (why the signs
 * matter); L. Giraud, J. Langou, M. Rozložník, "The loss of orthogonality in the Gram-Schmidt
 * orthogonalization process", Computers and Mathematics with Applications 50(7), 2005 (why twice is
 * enough).
 */
public record Orthogonal() implements Initializer {
    @Override
    public void fill(float[] w, int rows, int columns, Generator random) {
        Initializers.requireLength(w, rows, columns);
        boolean wide = rows < columns;
        double[][] vectors = new double[Math.min(rows, columns)][Math.max(rows, columns)];
        for (int i = 0; i < vectors.length; i++) {
            for (int k = 0; k < vectors[i].length; k++) {
                vectors[i][k] = random.nextGaussian();
            }
            orthonormalise(vectors, i);
        }
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                w[r * columns + c] = (float) (wide ? vectors[r][c] : vectors[c][r]);
            }
        }
    }

    /** Modified Gram-Schmidt, twice, of vector n against those before it, which are orthonormal. */
    private static void orthonormalise(double[][] vectors, int n) {
        double[] v = vectors[n];
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < n; i++) {
                add(-dot(vectors[i], v), vectors[i], v);
            }
        }
        double norm = StrictMath.sqrt(dot(v, v));
        for (int k = 0; k < v.length; k++) {
            v[k] /= norm;
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    private static void add(double factor, double[] a, double[] to) {
        for (int k = 0; k < a.length; k++) {
            to[k] += factor * a[k];
        }
    }
}
