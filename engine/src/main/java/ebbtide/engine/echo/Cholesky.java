package ebbtide.engine.echo;

/**
 * A = L·Lᵀ of a symmetric positive definite matrix, and solutions of A·x = b by forward substitution
 * with L and back substitution with Lᵀ. Every number is an unevaluated sum of two float64, high +
 * low, which carries about 106 bits: x solves a system whose matrix differs from A by a relative
 * c·n·2⁻¹⁰⁴. Sources: N. Higham, "Accuracy and stability of numerical algorithms", 2nd edition, SIAM
 * 2002, algorithm 10.2 and theorem 10.4; {@link Doubled} for the arithmetic.
 */
final class Cholesky {
    private final double[][] high;
    private final double[][] low;
    private final Doubled sum = new Doubled();

    /**
     * Factors a matrix, whose lower triangle alone is read and is overwritten by L.
     *
     * @param high row i has at least i + 1 elements
     * @param low the same shape
     * @throws ArithmeticException if the matrix is not positive definite, as far as 106 bits tell
     */
    Cholesky(double[][] high, double[][] low) {
        this.high = high;
        this.low = low;
        for (int i = 0; i < high.length; i++) {
            for (int j = 0; j <= i; j++) {
                sum.set(high[i][j], low[i][j]);
                sum.subtractDot(high[i], low[i], high[j], low[j], j);
                if (j < i) {
                    sum.divide(high[j][j], low[j][j]);
                } else {
                    if (!(sum.high() > 0 && sum.high() < Double.POSITIVE_INFINITY)) {
                        throw new ArithmeticException(
                                "expected a positive definite matrix, got pivot %s at row %d of %d"
                                        .formatted(sum.high(), i, high.length));
                    }
                    sum.root();
                }
                high[i][j] = sum.high();
                low[i][j] = sum.low();
            }
        }
    }

    /** Overwrites b, highs + lows, with the solution of A·x = b. */
    void solve(double[] highs, double[] lows) {
        int n = highs.length;
        for (int i = 0; i < n; i++) {
            sum.set(highs[i], lows[i]);
            sum.subtractDot(high[i], low[i], highs, lows, i);
            keepQuotient(highs, lows, i);
        }
        double[] columnHigh = new double[n];
        double[] columnLow = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            // Lᵀ's row i from its end: the solved numbers are moved to the front to meet it.
            int count = n - 1 - i;
            double[] solvedHigh = new double[count];
            double[] solvedLow = new double[count];
            for (int k = 0; k < count; k++) {
                columnHigh[k] = high[i + 1 + k][i];
                columnLow[k] = low[i + 1 + k][i];
                solvedHigh[k] = highs[i + 1 + k];
                solvedLow[k] = lows[i + 1 + k];
            }
            sum.set(highs[i], lows[i]);
            sum.subtractDot(columnHigh, columnLow, solvedHigh, solvedLow, count);
            keepQuotient(highs, lows, i);
        }
    }

    private void keepQuotient(double[] highs, double[] lows, int i) {
        sum.divide(high[i][i], low[i][i]);
        highs[i] = sum.high();
        lows[i] = sum.low();
    }
}
