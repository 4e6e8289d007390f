package ebbtide.kernels.vector;

import static ebbtide.kernels.Polynomials.ROUND_BITS;
import static ebbtide.kernels.Polynomials.SQRT_HALF_BITS;
import static ebbtide.kernels.vector.VectorPolynomials.*;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import ebbtide.kernels.Polynomials;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector twin of {@link ebbtide.kernels.scalar.ScalarMath}: the same functions, step for step,
 * with the same bits at every width (NaN payloads excepted). What each step is for stands there.
 *
 * <p>C2 inlines a method of up to 325 bytes of bytecode ({@code FreqInlineSize}). One byte more, and
 * the caller's loop boxes every vector: 30 ns for 16 values in place of 12. A test watches the sizes.
 * That is why nothing is called here but the Vector API, and why most constants are {@code static
 * final} vectors, which cost three bytes each and become memory operands. The few that are broadcast
 * instead stay in registers: they made sigmoid and exp 10 % faster, and there was no room for more.
 */
public final class VectorMath {

    private static final int SIGN = 0x8000_0000;
    private static final int MANTISSA = 0x007f_ffff;

    private VectorMath() {}

    /** e^x, lane by lane; see {@link ebbtide.kernels.scalar.ScalarMath#exp}. */
    public static FloatVector exp(FloatVector x) {
        FloatVector min = FloatVector.broadcast(SPECIES, Polynomials.EXP_MIN);
        FloatVector max = FloatVector.broadcast(SPECIES, Polynomials.EXP_MAX);
        FloatVector round = FloatVector.broadcast(SPECIES, Polynomials.EXP_ROUND);
        FloatVector minusHigh = FloatVector.broadcast(SPECIES, -Polynomials.LN2_HIGH);
        FloatVector minusLow = FloatVector.broadcast(SPECIES, -Polynomials.LN2_LOW);
        FloatVector one = FloatVector.broadcast(SPECIES, 1.0f);

        FloatVector a = x.blend(min, x.compare(LT, min));
        a = a.blend(max, a.compare(GT, max));
        FloatVector t = a.fma(LOG2_E, round);
        FloatVector n = t.sub(round);
        FloatVector exact = n.fma(minusHigh, a);
        FloatVector r = n.fma(minusLow, exact);
        FloatVector tail = n.fma(minusLow, exact.sub(r));

        FloatVector r2 = r.fma(r, TINY);
        FloatVector w = r2.fma(r2.fma(E6, r.fma(E5, E4)), r.fma(E3, E2));
        FloatVector p = r.add(r2.fma(w, tail)).add(one);

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
        FloatVector tail = f.sub(n.fma(MINUS_LN2_HIGH, sum));
        FloatVector y = sum.add(f2.fma(w, n.fma(LN2_LOW, tail)));
        y = y.blend(x, x.compare(EQ, INFINITY));
        y = y.blend(MINUS_INFINITY, x.compare(EQ, ZERO));
        return NAN.blend(y, x.compare(GE, ZERO));
    }

    /** 1 / (1 + e^-x), lane by lane; see {@link ebbtide.kernels.scalar.ScalarMath#sigmoid}. */
    public static FloatVector sigmoid(FloatVector x) {
        FloatVector max = FloatVector.broadcast(SPECIES, Polynomials.SIGMOID_MAX);
        FloatVector round = FloatVector.broadcast(SPECIES, Polynomials.SIGMOID_ROUND);
        FloatVector unit = FloatVector.broadcast(SPECIES, Polynomials.SIGMOID_SCALE);
        FloatVector one = FloatVector.broadcast(SPECIES, 1.0f);

        FloatVector a = x.abs();
        a = a.blend(max, a.compare(GT, max));
        FloatVector t = a.fma(MINUS_LOG2_E, round);
        FloatVector n = t.sub(round);
        FloatVector r = n.fma(LN2, a);
        FloatVector scale = t.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();

        FloatVector r2 = r.fma(r, TINY);
        FloatVector high = r2.fma(r.fma(S6, S5), r.fma(S4, S3));
        FloatVector q = r2.fma(high, r.fma(S2, unit));
        FloatVector d = r.fma(q, scale.add(unit));
        FloatVector lost = r.fma(q, unit.sub(d).add(scale));
        lost = n.mul(LN2_TAIL).fma(d, lost);

        FloatVector g = one.div(d);
        FloatVector minus = g.neg();
        FloatVector residual = minus.fma(lost, minus.fma(d, one));
        FloatVector y = g.fma(residual, g).mul(scale);
        return one.sub(y).blend(y, x.compare(LT, ZERO));
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
