package ebbtide.kernels.vector;

import static ebbtide.kernels.Polynomials.ROUND_BITS;
import static ebbtide.kernels.Polynomials.SQRT_HALF_BITS;
import static ebbtide.kernels.vector.VectorPolynomials.*;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector twin of {@link ebbtide.kernels.scalar.ScalarMath}: the same functions, step for step,
 * with the same bits at every width (NaN payloads excepted). What each step is for stands there.
 *
 * <p>Every constant is a {@code static final} vector, and nothing is called but the Vector API: C2
 * then reads constants as memory operands, spills nothing (sigmoid is 33 instructions with AVX2) and
 * stays under its node limit. With broadcasts in place log and tanh passed the limit, and every
 * vector was boxed: 32 ns for 16 values instead of 12.
 */
public final class VectorMath {

    private static final int SIGN = 0x8000_0000;
    private static final int MANTISSA = 0x007f_ffff;

    private VectorMath() {}

    /** e^x, lane by lane; see {@link ebbtide.kernels.scalar.ScalarMath#exp}. */
    public static FloatVector exp(FloatVector x) {
        FloatVector a = x.blend(EXP_MIN, x.compare(LT, EXP_MIN));
        a = a.blend(EXP_MAX, a.compare(GT, EXP_MAX));
        FloatVector t = a.fma(LOG2_E, EXP_ROUND);
        FloatVector n = t.sub(EXP_ROUND);
        FloatVector exact = n.fma(MINUS_LN2_HIGH, a);
        FloatVector r = n.fma(MINUS_LN2_LOW, exact);
        FloatVector tail = n.fma(MINUS_LN2_LOW, exact.sub(r));

        FloatVector r2 = r.fma(r, TINY);
        FloatVector w = r2.fma(r2.fma(E6, r.fma(E5, E4)), r.fma(E3, E2));
        FloatVector p = r.add(r2.fma(w, tail)).add(ONE);

        IntVector bits = t.reinterpretAsInts();
        IntVector half = bits.lanewise(LSHR, 1);
        FloatVector y = p.mul(half.lanewise(LSHL, 23).reinterpretAsFloats());
        return y.mul(bits.sub(half).lanewise(LSHL, 23).reinterpretAsFloats());
    }

    /** The natural logarithm, lane by lane; see {@link ebbtide.kernels.scalar.ScalarMath#log}. */
    public static FloatVector log(FloatVector x) {
        VectorMask<Float> small = x.compare(LT, MIN_NORMAL);
        FloatVector scaled = x.blend(x.mul(LOG_SCALE), small);
        FloatVector offset = ROUND.blend(LOG_OFFSET, small);

        IntVector bits = scaled.reinterpretAsInts().sub(SQRT_HALF_BITS);
        IntVector exponent = bits.lanewise(ASHR, 23);
        FloatVector n = exponent.add(ROUND_BITS).reinterpretAsFloats().sub(offset);
        IntVector mantissa = bits.and(MANTISSA);
        FloatVector f = mantissa.add(SQRT_HALF_BITS).reinterpretAsFloats().sub(ONE);

        FloatVector f2 = f.mul(f);
        FloatVector f4 = f2.mul(f2);
        FloatVector low = f2.fma(f.fma(L3, L2), f.fma(L1, L0));
        FloatVector high = f2.fma(f.fma(L7, L6), f.fma(L5, L4));
        FloatVector w = f.fma(f4.fma(high, low), MINUS_HALF);

        FloatVector sum = n.fma(LN2_HIGH, f);
        FloatVector tail = n.fma(LN2_HIGH, sum.neg()).add(f);
        FloatVector y = sum.add(f2.fma(w, n.fma(LN2_LOW, tail)));
        y = y.blend(x, x.compare(EQ, INFINITY));
        y = y.blend(MINUS_INFINITY, x.compare(EQ, ZERO));
        return NAN.blend(y, x.compare(GE, ZERO));
    }

    /** 1 / (1 + e^-x), lane by lane; see {@link ebbtide.kernels.scalar.ScalarMath#sigmoid}. */
    public static FloatVector sigmoid(FloatVector x) {
        FloatVector a = x.abs();
        a = a.blend(SIGMOID_MAX, a.compare(GT, SIGMOID_MAX));
        FloatVector t = a.fma(MINUS_LOG2_E, SIGMOID_ROUND);
        FloatVector n = t.sub(SIGMOID_ROUND);
        FloatVector r = n.fma(LN2, a);
        FloatVector scale = t.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();

        FloatVector r2 = r.fma(r, TINY);
        FloatVector high = r2.fma(r.fma(S6, S5), r.fma(S4, S3));
        FloatVector q = r2.fma(high, r.fma(S2, SIGMOID_SCALE));
        FloatVector d = r.fma(q, scale.add(SIGMOID_SCALE));
        FloatVector lost = r.fma(q, SIGMOID_SCALE.sub(d).add(scale));
        lost = n.mul(LN2_TAIL).fma(d, lost);

        FloatVector g = ONE.div(d);
        FloatVector minus = g.neg();
        FloatVector residual = minus.fma(lost, minus.fma(d, ONE));
        FloatVector y = g.fma(residual, g).mul(scale);
        return ONE.sub(y).blend(y, x.compare(LT, ZERO));
    }

    /** The hyperbolic tangent, lane by lane; see {@link ebbtide.kernels.scalar.ScalarMath#tanh}. */
    public static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector b = a.reinterpretAsInts().min(TANH_MAX_BITS).reinterpretAsFloats();
        FloatVector t = b.fma(MINUS_TWO_LOG2_E, TANH_ROUND);
        FloatVector n = t.sub(TANH_ROUND);
        FloatVector r = n.fma(HALF_LN2, b);
        FloatVector scale = t.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();

        FloatVector r2 = r.fma(r, TINY);
        FloatVector high = r2.fma(r.fma(D6, D5), r.fma(D4, D3));
        FloatVector q = r2.fma(high, r.fma(D2, TWO));
        FloatVector d = r.fma(q, scale.fma(HALF, ONE));
        FloatVector large = ONE.sub(scale.div(d));
        IntVector sign = x.reinterpretAsInts().and(SIGN);
        large = large.reinterpretAsInts().or(sign).reinterpretAsFloats();

        FloatVector s = x.fma(x, TINY);
        FloatVector s2 = s.mul(s);
        FloatVector p = s2.fma(s.fma(s.fma(T6, T5), T4), s.fma(T3, T2));
        FloatVector small = x.fma(s.mul(s2.fma(p, s.fma(T1, T0))), x);
        return small.blend(large, a.compare(GE, TANH_SPLIT));
    }
}
