package ebbtide.kernels;

/**
 * The constants of exp, log, sigmoid and tanh, shared by the scalar and the vector twin. Where each
 * comes from and what error it leaves stands in {@code NUMERICS.md}.
 */
public final class Polynomials {

    /** 1.5 · 2^23: adding and subtracting it rounds a float below 2^22 to the nearest integer. */
    public static final float ROUND = 0x1.8p23f;

    /** Bits of {@link #ROUND}. */
    public static final int ROUND_BITS = 0x4b400000;

    /** log₂ e. */
    public static final float LOG2_E = 0x1.715476p0f;

    /** ln 2 as the nearest float; what it misses is {@link #LN2_TAIL}. */
    public static final float LN2 = 0x1.62e430p-1f;

    /** ln 2 − {@link #LN2}. */
    public static final float LN2_TAIL = -0x1.05c610p-29f;

    /** The first 15 bits of ln 2: its product with an exponent is exact. */
    public static final float LN2_HIGH = 0x1.62e4p-1f;

    /** ln 2 − {@link #LN2_HIGH}. */
    public static final float LN2_LOW = 0x1.7f7d1cp-20f;

    /** e^r ≈ 1 + r + r²(E2 + E3·r + … + E6·r⁴) on |r| ≤ ln 2 / 2, relative error 3.2e-9. */
    public static final float E2 = 0x1.fffffcp-2f;

    public static final float E3 = 0x1.55548cp-3f;
    public static final float E4 = 0x1.555858p-5f;
    public static final float E5 = 0x1.123dep-7f;
    public static final float E6 = 0x1.6ac73cp-10f;

    /** {@link #ROUND} + 254: the low bits of the sum, halved, are a biased exponent. */
    public static final float EXP_ROUND = 0x1.8p23f + 254.0f;

    /** Here the biased exponent is zero, and so is its power of two. */
    public static final float EXP_MIN = -176.0f;

    /** Above 88.73 exp is ∞, by overflow; up to here the exponent stays in range. */
    public static final float EXP_MAX = 104.0f;

    /**
     * Added to the square of an argument. Where the square has a say in the result it is rounded
     * away, and where it has none it keeps the square normal: subnormal numbers cost twice the time.
     */
    public static final float TINY = 0x1p-62f;

    /**
     * Numerator and denominator of sigmoid are scaled by 2^30, so that 2^-k stays normal to k = 150.
     */
    public static final float SIGMOID_SCALE = 0x1p30f;

    /** {@link #ROUND} + the bits above the mantissa of −{@link #SIGMOID_SCALE}: sign and exponent. */
    public static final float SIGMOID_ROUND = 0x1.8p23f + (256 + 127 + 30);

    /** Here the biased exponent of sigmoid's numerator is zero, and so is the numerator. */
    public static final float SIGMOID_MAX = 109.0f;

    /** The largest a with sigmoid(-a) ≥ {@link Pointwise#VANISHED}. */
    public static final float SIGMOID_LAST = 0x1.154244p6f;

    /** The coefficients of e^r, times {@link #SIGMOID_SCALE}. */
    public static final float S2 = E2 * SIGMOID_SCALE;

    public static final float S3 = E3 * SIGMOID_SCALE;
    public static final float S4 = E4 * SIGMOID_SCALE;
    public static final float S5 = E5 * SIGMOID_SCALE;
    public static final float S6 = E6 * SIGMOID_SCALE;

    /** The coefficients of e^2r. */
    public static final float D2 = E2 * 4;

    public static final float D3 = E3 * 8;
    public static final float D4 = E4 * 16;
    public static final float D5 = E5 * 32;
    public static final float D6 = E6 * 64;

    /** {@link #ROUND} + the biased exponent of 2. */
    public static final float TANH_ROUND = 0x1.8p23f + 128.0f;

    /** From here on tanh is 1 − 2 / (e^2a + 1), below it the odd polynomial. */
    public static final float TANH_SPLIT = 1.0f;

    /** From 9.011 on tanh rounds to 1; arguments are clamped a little above. */
    public static final float TANH_LIMIT = 9.5f;

    /** tanh a ≈ a + a³(T0 + T1·a² + … + T6·a¹²) on |a| ≤ 1, relative error 5.1e-9. */
    public static final float T0 = -0x1.55553cp-2f;

    public static final float T1 = 0x1.110be4p-3f;
    public static final float T2 = -0x1.b9623ap-5f;
    public static final float T3 = 0x1.6009a6p-6f;
    public static final float T4 = -0x1.045ffep-7f;
    public static final float T5 = 0x1.2da0e4p-9f;
    public static final float T6 = -0x1.77d254p-12f;

    /** Bits of √½: the mantissa handed to the logarithm lies in [√½, √2). */
    public static final int SQRT_HALF_BITS = 0x3f3504f3;

    /** Subnormal arguments of the logarithm are multiplied by this first. */
    public static final float LOG_SCALE = 0x1p23f;

    /** {@link #ROUND} + the exponent of {@link #LOG_SCALE}. */
    public static final float LOG_OFFSET = 0x1.8p23f + 23.0f;

    /** log(1 + f) ≈ f − f²/2 + f³(L0 + L1·f + … + L7·f⁷), relative error 5.9e-9. */
    public static final float L0 = 0x1.555554p-2f;

    public static final float L1 = -0x1.000228p-2f;
    public static final float L2 = 0x1.99a00ep-3f;
    public static final float L3 = -0x1.54721cp-3f;
    public static final float L4 = 0x1.22da2p-3f;
    public static final float L5 = -0x1.0d8648p-3f;
    public static final float L6 = 0x1.055b6cp-3f;
    public static final float L7 = -0x1.38b37p-4f;

    private Polynomials() {}
}
