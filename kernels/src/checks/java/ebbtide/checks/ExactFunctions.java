package ebbtide.checks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The elementary functions to some fifty digits, slowly: the reference of the reference. */
public final class ExactFunctions {
    // tanh of the smallest float cancels 45 digits.
    private static final MathContext DIGITS = new MathContext(100);
    private static final BigDecimal TWO = BigDecimal.TWO;
    private static final BigDecimal LN2 = log(TWO);

    private ExactFunctions() {}

    /** f(x) for a finite x where f is finite. */
    public static BigDecimal of(ElementaryFunction f, float x) {
        BigDecimal exact = new BigDecimal(x);
        return switch (f) {
            case EXP -> exp(exact);
            case LOG -> log(exact);
            case SIGMOID -> {
                BigDecimal e = exp(exact);
                yield e.divide(e.add(BigDecimal.ONE), DIGITS);
            }
            case TANH -> {
                BigDecimal e = exp(exact.multiply(TWO));
                yield e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), DIGITS);
            }
        };
    }

    /** |actual − exact| in units of the float spacing at exact. */
    public static double ulps(float actual, BigDecimal exact) {
        int exponent = Math.max(Math.getExponent(exact.doubleValue()), Float.MIN_EXPONENT) - 23;
        BigDecimal error = new BigDecimal(actual).subtract(exact).abs();
        BigDecimal unit = exponent < 0
                ? BigDecimal.ONE.divide(TWO.pow(-exponent), DIGITS)
                : TWO.pow(exponent);
        return error.divide(unit, DIGITS).doubleValue();
    }

    /** x = k ln 2 + r, and Taylor's series for r. */
    private static BigDecimal exp(BigDecimal x) {
        int k = x.divide(LN2, DIGITS).setScale(0, RoundingMode.HALF_EVEN).intValueExact();
        BigDecimal e = series(x.subtract(LN2.multiply(BigDecimal.valueOf(k)), DIGITS));
        return k < 0 ? e.divide(TWO.pow(-k), DIGITS) : e.multiply(TWO.pow(k), DIGITS);
    }

    private static BigDecimal series(BigDecimal r) {
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int i = 1; i < 80 && term.signum() != 0; i++) {
            term = term.multiply(r).divide(BigDecimal.valueOf(i), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return sum;
    }

    /** Halley's iteration on e^y = x, from the double: each step triples the digits. */
    private static BigDecimal log(BigDecimal x) {
        BigDecimal y = new BigDecimal(Math.log(x.doubleValue()));
        for (int i = 0; i < 3; i++) {
            BigDecimal e = LN2 == null ? series(y) : exp(y);
            BigDecimal step = x.subtract(e).divide(x.add(e), DIGITS);
            y = y.add(step.multiply(TWO), DIGITS);
        }
        return y;
    }
}
