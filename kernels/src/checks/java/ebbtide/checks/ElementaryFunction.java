package ebbtide.checks;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Pointwise;

/**
 * The four functions, each with its documented maximum error and a reference in double.
 *
 * <p>The reference is trusted to 1e-6 float ULP: {@code Math.exp} and {@code Math.log} are within 1,
 * {@code Math.tanh} within 2.5 ULP of a double, which is 2^-29 float ULP, and sigmoid adds a sum and a
 * quotient. That settles a maximum such as 0.892; it does not settle which way a value next to a
 * rounding boundary goes, and no claim here depends on that. {@link ExactFunctions} says so.
 */
public enum ElementaryFunction {
    EXP(0.892), LOG(0.885), SIGMOID(0.883), TANH(0.970);

    /** The documented maximum error, in ULP of the exact result. */
    public final double maxUlp;

    ElementaryFunction(double maxUlp) {
        this.maxUlp = maxUlp;
    }

    /** f(x), within 1e-6 float ULP. */
    public double reference(double x) {
        return switch (this) {
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            // e^x / (1 + e^x) where 1 + e^-x would overflow.
            case SIGMOID -> x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
            case TANH -> Math.tanh(x);
        };
    }

    /** Computes y[i] of x[i] for i &lt; n. */
    public void compute(Pointwise kernels, float[] x, float[] y, int n) {
        switch (this) {
            case EXP -> kernels.exp(x, 0, y, 0, n);
            case LOG -> kernels.log(x, 0, y, 0, n);
            case SIGMOID -> kernels.apply(Activation.SIGMOID, x, 0, y, 0, n);
            case TANH -> kernels.apply(Activation.TANH, x, 0, y, 0, n);
        }
    }

    /**
     * |actual − exact| in units of the float spacing at exact; NaN where one is NaN or the signs of two
     * infinities differ, 0 for an overflow where rounding overflows.
     */
    public static double ulps(float actual, double exact) {
        if (Double.isNaN(exact) || Float.isNaN(actual)) {
            return Double.isNaN(exact) && Float.isNaN(actual) ? 0 : Double.NaN;
        }
        if (Float.isInfinite(actual)) {
            double halfway = 0x1.ffffffp127;
            return Math.signum(actual) * exact >= halfway ? 0 : Double.NaN;
        }
        int exponent = Math.max(Math.getExponent(exact), Float.MIN_EXPONENT);
        return Math.abs(actual - exact) * Math.scalb(1.0, 23 - exponent);
    }

    /** The floats in order: 0 is -∞, {@link #LAST} is ∞. -0 comes before 0. */
    public static float ordered(long index) {
        long negatives = 0x7f80_0001L;
        return Float.intBitsToFloat((int) (index < negatives
                ? 0xff80_0000L - index
                : index - negatives));
    }

    /** The index of ∞. */
    public static final long LAST = 2L * 0x7f80_0001L - 1;
}
