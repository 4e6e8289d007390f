package ebbtide.engine.echo;

/**
 * A number of about 106 bits as the unevaluated sum of two float64, high + low, |low| ≤ ulp(high)/2.
 * Sums and products keep the rounding error of each float64 operation, which is itself a float64
 * (two-sum of Knuth, product error by one fma), and add it to the low part. Sources: T. Dekker, "A
 * floating-point technique for extending the available precision", Numerische Mathematik 18, 1971;
 * T. Ogita, S. Rump, S. Oishi, "Accurate sum and dot product", SIAM Journal on Scientific Computing
 * 26(6), 2005, algorithm 5.3 (Dot2).
 */
final class Doubled {
    private double high;
    private double low;

    double high() {
        return high;
    }

    double low() {
        return low;
    }

    void set(double high, double low) {
        this.high = high + low;
        this.low = low - (this.high - high);
    }

    /** this = (aHigh + aLow) + b, of which b may be any size. */
    void add(double aHigh, double aLow, double b) {
        double sum = aHigh + b;
        double part = sum - aHigh;
        set(sum, (aHigh - (sum - part)) + (b - part) + aLow);
    }

    /** this −= Σ a[k]·b[k], k from 0 to count − 1, of doubled numbers. */
    void subtractDot(
            double[] aHigh, double[] aLow, double[] bHigh, double[] bLow, int count) {
        double h = high;
        double l = low;
        for (int k = 0; k < count; k++) {
            double a = -aHigh[k];
            double b = bHigh[k];
            double product = a * b;
            double sum = h + product;
            double part = sum - h;
            l += (h - (sum - part)) + (product - part)
                    + (Math.fma(a, b, -product) + (a * bLow[k] - aLow[k] * b));
            h = sum;
        }
        set(h, l);
    }

    /** this /= d. */
    void divide(double dHigh, double dLow) {
        double quotient = high / dHigh;
        double rest = Math.fma(-quotient, dHigh, high) + (low - quotient * dLow);
        set(quotient, rest / dHigh);
    }

    /** this = √this, for a number above 0. */
    void root() {
        double root = Math.sqrt(high);
        double rest = Math.fma(-root, root, high) + low;
        set(root, rest / (2 * root));
    }

    /** highs[j] + lows[j] += factor·x[j], as many as there are sums; Dot2 in each place. */
    static void addMultiple(double factor, double[] x, double[] highs, double[] lows) {
        for (int j = 0; j < highs.length; j++) {
            double product = factor * x[j];
            double error = Math.fma(factor, x[j], -product);
            double h = highs[j];
            double sum = h + product;
            double part = sum - h;
            lows[j] += (h - (sum - part)) + (product - part) + error;
            highs[j] = sum;
        }
    }
}
