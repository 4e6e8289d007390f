package ebbtide.engine.linalg;

import java.util.Arrays;

/**
 * Singular values by Hestenes' method: pairs of vectors are rotated until all are orthogonal; their
 * lengths are the singular values, small ones to high relative accuracy, too. Sources: M. Hestenes,
 * "Inversion of matrices by biorthogonalization and related results", SIAM J. 6, 1958; J. Demmel, K.
 * Veselić, "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl. 13, 1992.
 */
final class OneSidedJacobi {
    private static final int MOST_SWEEPS = 60;

    /** Vectors count as orthogonal when the cosine of their angle is below it. */
    private static final double ORTHOGONAL = 0x1p-51;

    private OneSidedJacobi() {}

    /**
     * Returns the singular values of the matrix of some vectors, the largest first.
     *
     * @param vectors no more than their length; overwritten
     */
    static double[] singularValues(double[][] vectors) {
        double largest = 0;
        for (double[] vector : vectors) {
            for (double element : vector) {
                largest = Math.max(largest, Math.abs(element));
            }
        }
        double[] values = new double[vectors.length];
        if (largest == 0) {
            return values;
        }
        // A power of two: squares neither overflow nor vanish, and nothing is rounded.
        int exponent = Math.getExponent(largest);
        for (double[] vector : vectors) {
            for (int k = 0; k < vector.length; k++) {
                vector[k] = Math.scalb(vector[k], -exponent);
            }
        }
        int sweeps = 0;
        while (sweep(vectors)) {
            if (++sweeps == MOST_SWEEPS) {
                throw new ArithmeticException(
                        "singular values: no convergence in %d sweeps".formatted(MOST_SWEEPS));
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = -Math.scalb(Math.sqrt(dot(vectors[i], vectors[i])), exponent);
        }
        Arrays.sort(values);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }

    /** Visits every pair once; returns whether one was rotated. */
    private static boolean sweep(double[][] vectors) {
        boolean rotated = false;
        for (int i = 0; i < vectors.length; i++) {
            for (int j = i + 1; j < vectors.length; j++) {
                rotated |= rotate(vectors[i], vectors[j]);
            }
        }
        return rotated;
    }

    private static boolean rotate(double[] p, double[] q) {
        double pp = dot(p, p);
        double qq = dot(q, q);
        double pq = dot(p, q);
        if (Math.abs(pq) <= ORTHOGONAL * Math.sqrt(pp) * Math.sqrt(qq)) {
            return false;
        }
        // The smaller of the two angles that make them orthogonal.
        double zeta = (qq - pp) / (2 * pq);
        double tangent = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
        double cos = 1 / Math.hypot(1, tangent);
        double sin = cos * tangent;
        for (int k = 0; k < p.length; k++) {
            double x = p[k];
            p[k] = cos * x - sin * q[k];
            q[k] = sin * x + cos * q[k];
        }
        return true;
    }

    /** Four sums side by side, for the processor has room for them. */
    private static double dot(double[] a, double[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int k = 0;
        for (; k + 3 < a.length; k += 4) {
            s0 += a[k] * b[k];
            s1 += a[k + 1] * b[k + 1];
            s2 += a[k + 2] * b[k + 2];
            s3 += a[k + 3] * b[k + 3];
        }
        for (; k < a.length; k++) {
            s0 += a[k] * b[k];
        }
        return (s0 + s1) + (s2 + s3);
    }
}
