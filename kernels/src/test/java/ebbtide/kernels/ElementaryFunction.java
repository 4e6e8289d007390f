package ebbtide.kernels;

import ebbtide.kernels.scalar.ScalarMath;
import ebbtide.kernels.vector.VectorPointwise;

/**
 * The four functions, each with its documented maximum error, its twins over arrays of whole vectors
 * and a reference in double.
 *
 * <p>The reference is trusted to 1e-6 float ULP: {@code Math.exp} and {@code Math.log} are within 1,
 * {@code Math.tanh} within 2.5 ULP of a double, which is 2^-29 float ULP, and sigmoid adds a sum and a
 * quotient. That settles a maximum such as 0.892; it does not settle which way a value next to a
 * rounding boundary goes, and no claim here depends on that. {@link ElementaryFunctionsTest} holds the
 * reference against BigDecimal.
 */
enum ElementaryFunction {
    EXP(0.892), LOG(0.885), SIGMOID(0.883), TANH(0.947);

    private static final Pointwise KERNELS = new VectorPointwise();

    /** The documented maximum error, in ULP of the exact result. */
    final double maxUlp;

    ElementaryFunction(double maxUlp) {
        this.maxUlp = maxUlp;
    }

    double reference(double x) {
        return switch (this) {
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            // e^x / (1 + e^x) where 1 + e^-x would overflow.
            case SIGMOID -> x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
            case TANH -> Math.tanh(x);
        };
    }

    float scalar(float x) {
        return switch (this) {
            case EXP -> ScalarMath.exp(x);
            case LOG -> ScalarMath.log(x);
            case SIGMOID -> ScalarMath.sigmoid(x);
            case TANH -> ScalarMath.tanh(x);
        };
    }

    void scalar(float[] x, float[] y) {
        switch (this) {
            case EXP -> {
                for (int i = 0; i < x.length; i++) {
                    y[i] = ScalarMath.exp(x[i]);
                }
            }
            case LOG -> {
                for (int i = 0; i < x.length; i++) {
                    y[i] = ScalarMath.log(x[i]);
                }
            }
            case SIGMOID -> {
                for (int i = 0; i < x.length; i++) {
                    y[i] = ScalarMath.sigmoid(x[i]);
                }
            }
            case TANH -> {
                for (int i = 0; i < x.length; i++) {
                    y[i] = ScalarMath.tanh(x[i]);
                }
            }
        }
    }

    /** The vector kernel; the length is a multiple of the width. */
    void vector(float[] x, float[] y) {
        switch (this) {
            case EXP -> KERNELS.exp(x, 0, y, 0, x.length);
            case LOG -> KERNELS.log(x, 0, y, 0, x.length);
            case SIGMOID -> KERNELS.apply(Activation.SIGMOID, x, 0, y, 0, x.length);
            case TANH -> KERNELS.apply(Activation.TANH, x, 0, y, 0, x.length);
        }
    }

    /**
     * |actual − exact| in units of the float spacing at exact; NaN where one is NaN or the signs of two
     * infinities differ, 0 for an overflow where rounding overflows.
     */
    static double ulps(float actual, double exact) {
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
    static float ordered(long index) {
        long negatives = 0x7f80_0001L;
        return Float.intBitsToFloat((int) (index < negatives
                ? 0xff80_0000L - index
                : index - negatives));
    }

    static final long LAST = 2L * 0x7f80_0001L - 1;
}
