package ebbtide.kernels.vector;

import static ebbtide.kernels.Polynomials.*;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;
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
 */
public final class VectorMath {

    private static final int SIGN = 0x8000_0000;
    private static final int MANTISSA = 0x007f_ffff;

    private VectorMath() {}

    /** e^x, lane by lane; see {@link ebbtide.kernels.scalar.ScalarMath#exp}. */
    public static FloatVector exp(FloatVector x) {
        FloatVector t = fma(x, LOG2_E, EXP_ROUND);
        FloatVector n = t.sub(EXP_ROUND);
        FloatVector exact = fma(n, -LN2_HIGH, x);
        FloatVector r = fma(n, -LN2_LOW, exact);
        FloatVector tail = fma(n, -LN2_LOW, exact.sub(r));

        FloatVector r2 = r.mul(r);
        FloatVector w = r2.fma(fma(r2, E6, fma(r, E5, E4)), fma(r, E3, E2));
        FloatVector p = r.add(r2.fma(w, tail)).add(1.0f);

        IntVector bits = t.reinterpretAsInts();
        IntVector half = bits.lanewise(LSHR, 1);
        FloatVector y = p.mul(power(half)).mul(power(bits.sub(half)));
        y = y.blend(Float.POSITIVE_INFINITY, x.compare(GT, EXP_LIMIT));
        return y.blend(0.0f, x.compare(LT, -EXP_LIMIT));
    }

    /** The natural logarithm, lane by lane; see {@link ebbtide.kernels.scalar.ScalarMath#log}. */
    public static FloatVector log(FloatVector x) {
        VectorMask<Float> small = x.compare(LT, Float.MIN_NORMAL);
        FloatVector scaled = x.blend(x.mul(0x1p23f), small);
        FloatVector offset = broadcast(ROUND).blend(ROUND + 23.0f, small);

        IntVector bits = scaled.reinterpretAsInts().sub(SQRT_HALF_BITS);
        IntVector exponent = bits.lanewise(ASHR, 23);
        FloatVector n = exponent.add(ROUND_BITS).reinterpretAsFloats().sub(offset);
        IntVector mantissa = bits.and(MANTISSA);
        FloatVector f = mantissa.add(SQRT_HALF_BITS).reinterpretAsFloats().sub(1.0f);

        FloatVector f2 = f.mul(f);
        FloatVector f4 = f2.mul(f2);
        FloatVector low = f2.fma(fma(f, L3, L2), fma(f, L1, L0));
        FloatVector high = f2.fma(fma(f, L7, L6), fma(f, L5, L4));
        FloatVector w = f.fma(f4.fma(high, low), broadcast(-0.5f));

        FloatVector sum = fma(n, LN2_HIGH, f);
        FloatVector tail = fma(n, LN2_HIGH, sum.neg()).add(f);
        FloatVector y = sum.add(f2.fma(w, fma(n, LN2_LOW, tail)));
        y = y.blend(x, x.compare(EQ, Float.POSITIVE_INFINITY));
        y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0.0f));
        return broadcast(Float.NaN).blend(y, x.compare(GE, 0.0f));
    }

    /** 1 / (1 + e^-x), lane by lane; see {@link ebbtide.kernels.scalar.ScalarMath#sigmoid}. */
    public static FloatVector sigmoid(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector t = fma(a, -LOG2_E, SIGMOID_ROUND);
        FloatVector n = t.sub(SIGMOID_ROUND);
        FloatVector r = fma(n, LN2, a);
        FloatVector scale = power(t.reinterpretAsInts());

        FloatVector r2 = r.mul(r);
        FloatVector high = r2.fma(fma(r, S6, S5), fma(r, S4, S3));
        FloatVector q = r2.fma(high, fma(r, S2, SIGMOID_SCALE));
        FloatVector d = r.fma(q, scale.add(SIGMOID_SCALE));
        FloatVector lost = r.fma(q, broadcast(SIGMOID_SCALE).sub(d).add(scale));
        lost = n.mul(LN2_TAIL).fma(d, lost);

        FloatVector g = broadcast(1.0f).div(d);
        FloatVector minus = g.neg();
        FloatVector residual = minus.fma(lost, minus.fma(d, broadcast(1.0f)));
        FloatVector y = g.fma(residual, g).mul(scale);
        y = y.blend(0.0f, a.compare(GT, EXP_LIMIT));
        return broadcast(1.0f).sub(y).blend(y, x.compare(LT, 0.0f));
    }

    /** The hyperbolic tangent, lane by lane; see {@link ebbtide.kernels.scalar.ScalarMath#tanh}. */
    public static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        int limit = Float.floatToRawIntBits(TANH_LIMIT);
        FloatVector b = a.reinterpretAsInts().min(limit).reinterpretAsFloats();
        FloatVector t = fma(b, -2.0f * LOG2_E, TANH_ROUND);
        FloatVector n = t.sub(TANH_ROUND);
        FloatVector r = fma(n, 0.5f * LN2, b);
        FloatVector scale = power(t.reinterpretAsInts());

        FloatVector r2 = r.mul(r);
        FloatVector high = r2.fma(fma(r, D6, D5), fma(r, D4, D3));
        FloatVector q = r2.fma(high, fma(r, D2, 2.0f));
        FloatVector d = r.fma(q, fma(scale, 0.5f, 1.0f));
        FloatVector large = broadcast(1.0f).sub(scale.div(d));
        IntVector sign = x.reinterpretAsInts().and(SIGN);
        large = large.reinterpretAsInts().or(sign).reinterpretAsFloats();

        FloatVector s = x.mul(x);
        FloatVector s2 = s.mul(s);
        FloatVector p = s2.fma(s.fma(fma(s, T6, T5), broadcast(T4)), fma(s, T3, T2));
        FloatVector small = x.mul(s).fma(s2.fma(p, fma(s, T1, T0)), x);
        return small.blend(large, a.compare(GE, TANH_SPLIT));
    }

    /** The float whose biased exponent stands in the low eight bits, the ninth being zero. */
    private static FloatVector power(IntVector exponent) {
        return exponent.lanewise(LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector fma(FloatVector a, float b, float c) {
        return a.fma(broadcast(b), broadcast(c));
    }

    private static FloatVector fma(FloatVector a, float b, FloatVector c) {
        return a.fma(broadcast(b), c);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
