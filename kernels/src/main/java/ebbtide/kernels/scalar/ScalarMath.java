package ebbtide.kernels.scalar;

import static ebbtide.kernels.Polynomials.*;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.fma;

/**
 * Exponential, logarithm, sigmoid and hyperbolic tangent in float32, the scalar twin of {@code
 * VectorFunctions}. Each is a fixed sequence of IEEE operations without a branch, so both twins and all
 * vector widths give the same bits. Derivation, error analysis and the measurement of all 2^32
 * arguments: {@code kernels/NUMERICS.md}.
 */
public final class ScalarMath {

    private static final int SIGN = 0x8000_0000;
    private static final int MANTISSA = 0x007f_ffff;

    private ScalarMath() {}

    /**
     * e^x.
     *
     * <p>Valid range: all floats. Maximum error 0.892 ULP, subnormal results included. Monotone.
     *
     * <p>exp(±0) = 1, exp(-∞) = 0, exp(∞) = ∞, exp(NaN) = NaN; ∞ from 88.72284 on, 0 below
     * -103.97208.
     *
     * <p>Source: Cody and Waite (1980) for the reduction x = n ln 2 + r; Tang (1989) for carrying
     * the rounding error of r.
     */
    public static float exp(float x) {
        // The clamps come first: behind them nothing is subnormal but a subnormal result. Blending
        // 0 and ∞ in at the end took twice the time where |x| is in the thousands.
        float a = x < EXP_MIN ? EXP_MIN : x;
        a = a > EXP_MAX ? EXP_MAX : a;
        float t = fma(a, LOG2_E, EXP_ROUND);
        float n = t - EXP_ROUND;
        float exact = fma(n, -LN2_HIGH, a);
        float r = fma(n, -LN2_LOW, exact);
        float tail = fma(n, -LN2_LOW, exact - r);

        float r2 = fma(r, r, TINY);
        float w = fma(r2, fma(r2, E6, fma(r, E5, E4)), fma(r, E3, E2));
        // Rounding r + … before adding 1 keeps the sum monotone for r < 0: fma(r, q, 1) is 1 %
        // faster, but steps back 3332 times between -0.35 and -0.25.
        float p = 1.0f + (r + fma(r2, w, tail));

        // 2^n in two factors: n runs from -150 to 150, and only the last product may round.
        int bits = floatToRawIntBits(t);
        int half = bits >>> 1;
        return p * intBitsToFloat(half << 23) * intBitsToFloat((bits - half) << 23);
    }

    /**
     * The natural logarithm of x.
     *
     * <p>Valid range: all floats. Maximum error 0.885 ULP, subnormal arguments included. Monotone.
     *
     * <p>log(±0) = -∞, log(1) = 0, log(∞) = ∞, log(x) = NaN for x &lt; 0 and NaN.
     *
     * <p>Source: Tang (1990) and fdlibm for the reduction to [√½, √2); Dekker (1971), Fast2Sum, for
     * the sum with n ln 2.
     */
    public static float log(float x) {
        boolean small = x < Float.MIN_NORMAL;
        float scaled = small ? x * LOG_SCALE : x;
        float offset = small ? LOG_OFFSET : ROUND;

        int bits = floatToRawIntBits(scaled) - SQRT_HALF_BITS;
        float n = intBitsToFloat((bits >> 23) + ROUND_BITS) - offset;
        float f = intBitsToFloat((bits & MANTISSA) + SQRT_HALF_BITS) - 1.0f;

        float f2 = f * f;
        float f4 = f2 * f2;
        float low = fma(f2, fma(f, L3, L2), fma(f, L1, L0));
        float high = fma(f2, fma(f, L7, L6), fma(f, L5, L4));
        float w = fma(f, fma(f4, high, low), -0.5f);

        float sum = fma(n, LN2_HIGH, f);
        float tail = f - fma(n, -LN2_HIGH, sum);
        float y = sum + fma(f2, w, fma(n, LN2_LOW, tail));
        y = x == Float.POSITIVE_INFINITY ? x : y;
        y = x == 0.0f ? Float.NEGATIVE_INFINITY : y;
        return x >= 0.0f ? y : Float.NaN;
    }

    /**
     * The logistic function 1 / (1 + e^-x).
     *
     * <p>Valid range: all floats. Maximum error 0.883 ULP, subnormal results included. Monotone, and
     * sigmoid(x) is 1 - sigmoid(-x), rounded, for x ≥ 0.
     *
     * <p>sigmoid(±0) = ½, sigmoid(-∞) = 0, sigmoid(∞) = 1, sigmoid(NaN) = NaN.
     *
     * <p>With a = |x| = k ln 2 + r: sigmoid(-a) = 2^-k / (2^-k + e^r), so that the exponential is
     * never scaled and the numerator is exact. The quotient is corrected by the rounding errors of
     * denominator and division (Muller et al., Handbook of Floating-Point Arithmetic, ch. 4).
     */
    public static float sigmoid(float x) {
        return sigmoid(x, SIGMOID_MAX);
    }

    /** The same, but 0 below −{@code last} and 1 above it. */
    static float sigmoid(float x, float last) {
        float a = Math.abs(x);
        boolean past = a > last;
        a = past ? last : a;
        float t = fma(a, -LOG2_E, SIGMOID_ROUND);
        float n = t - SIGMOID_ROUND;
        float r = fma(n, LN2, a);
        // -2^-k, because the corrections below need -1/d: so nothing has to be negated.
        float scale = past ? -0f : intBitsToFloat(floatToRawIntBits(t) << 23);

        float r2 = fma(r, r, TINY);
        float high = fma(r2, fma(r, S6, S5), fma(r, S4, S3));
        float q = fma(r2, high, fma(r, S2, SIGMOID_SCALE));
        float d = fma(r, q, SIGMOID_SCALE - scale);
        // What d lost by rounding, and what r lost because LN2 is not ln 2.
        float lost = fma(r, q, (SIGMOID_SCALE - d) - scale);
        lost = fma(n * LN2_TAIL, d, lost);

        float g = -1.0f / d;
        float residual = fma(g, lost, fma(g, d, 1.0f));
        float y = fma(g, residual, g) * scale;
        return x >= 0.0f ? 1.0f - y : y;
    }

    /**
     * The hyperbolic tangent.
     *
     * <p>Valid range: all floats. Maximum error 0.97 ULP. Monotone and odd.
     *
     * <p>tanh(±0) = ±0, tanh(±∞) = ±1, tanh(NaN) = NaN; ±1 from 9.010914 on.
     *
     * <p>Source: the split into an odd polynomial and 1 - 2 / (e^2a + 1) follows Cody and Waite
     * (1980); their rational function became a polynomial, their e^2a the quotient of sigmoid.
     */
    public static float tanh(float x) {
        float a = Math.abs(x);
        float b = intBitsToFloat(Math.min(floatToRawIntBits(a), floatToRawIntBits(TANH_LIMIT)));
        float t = fma(b, -2.0f * LOG2_E, TANH_ROUND);
        float n = t - TANH_ROUND;
        float r = fma(n, 0.5f * LN2, b);
        float scale = intBitsToFloat(floatToRawIntBits(t) << 23);

        float r2 = fma(r, r, TINY);
        float high = fma(r2, fma(r, D6, D5), fma(r, D4, D3));
        float q = fma(r2, high, fma(r, D2, 2.0f));
        float large = 1.0f - scale / fma(r, q, fma(scale, 0.5f, 1.0f));

        float s = fma(x, x, TINY);
        float s2 = s * s;
        float p = fma(s2, fma(s, fma(s, T6, T5), T4), fma(s, T3, T2));
        float small = fma(x, s * fma(s2, p, fma(s, T1, T0)), x);
        float y = a >= TANH_SPLIT ? large : small;
        // The sign goes to large, and to the small result of -0, which the sum made 0.
        return intBitsToFloat(floatToRawIntBits(y) | floatToRawIntBits(x) & SIGN);
    }
}
