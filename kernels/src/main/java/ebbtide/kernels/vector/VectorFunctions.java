package ebbtide.kernels.vector;

import static ebbtide.kernels.Polynomials.*;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * The vector twin of {@link ebbtide.kernels.scalar.ScalarMath} over arrays: y[i] = f(x[i]) for whole
 * vectors, step for step the same operations, with the same bits at every width (NaN payloads
 * excepted). What each step is for stands there.
 *
 * <p>Why loops, and not functions of a vector: C2 builds some 500 nodes for every vector operation, and
 * past 18,000 nodes in one compilation ({@code NodeCountInliningCutoff}) it inlines only what the JDK
 * forces it to. Where that point falls before a call that takes a vector, every vector of the loop is
 * boxed and the loop runs three to twenty times slower; and where it falls depends on what else was
 * inlined, hence on the profile: as functions of a vector, log boxed in 3 of 20 random orders of
 * warm-up, as loops nothing did. So no method of this package takes or returns a vector: the loops of
 * the kernels call nothing but the Vector API, and a kernel makes a second pass over a row in L1 where
 * it needs one of these functions.
 *
 * <p>C2 takes the broadcasts of constants out of the loops. As {@code static final} vectors, read from
 * memory, log took 30 % longer and tanh 20 % (256 bits, Zen 3), exp and sigmoid the same.
 *
 * <p>That callers add the sums of a product in a pass of their own costs little: loops that read two
 * strided blocks and add them first took 1 ns more for 16 values (6.1, then 7.1 ns for sigmoid), which is
 * what the pass takes at the engine's tiles of 64 columns (7.2 ns either way). They gained only where
 * LSTM adds, 45 and then 40 ns for 16 units forward with 144, and nothing with 128 units, whose rows of
 * gates are 2 KiB apart and fall on two sets of the cache (Emerald Rapids, 512 bits).
 */
final class VectorFunctions {
    private static final int SIGN = 0x8000_0000;
    private static final int MANTISSA = 0x007f_ffff;

    private VectorFunctions() {}

    /** eˣ for the first {@code count} elements, a multiple of the width; in place allowed. */
    static void exp(float[] in, int inOff, float[] out, int outOff, int count) {
        for (int i = 0; i < count; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, in, inOff + i);
            FloatVector a = x.blend(EXP_MIN, x.compare(LT, EXP_MIN));
            a = a.blend(EXP_MAX, a.compare(GT, EXP_MAX));
            FloatVector t = a.fma(LOG2_E, EXP_ROUND);
            FloatVector n = t.sub(EXP_ROUND);
            FloatVector exact = n.lanewise(FMA, -LN2_HIGH, a);
            FloatVector r = n.lanewise(FMA, -LN2_LOW, exact);
            FloatVector tail = n.lanewise(FMA, -LN2_LOW, exact.sub(r));

            FloatVector r2 = r.lanewise(FMA, r, TINY);
            FloatVector w = r2.lanewise(FMA, E6, r.fma(E5, E4));
            w = r2.fma(w, r.fma(E3, E2));
            FloatVector p = r.add(r2.fma(w, tail)).add(1.0f);

            IntVector bits = t.reinterpretAsInts();
            IntVector half = bits.lanewise(LSHR, 1);
            FloatVector y = p.mul(half.lanewise(LSHL, 23).reinterpretAsFloats());
            y = y.mul(bits.sub(half).lanewise(LSHL, 23).reinterpretAsFloats());
            y.intoArray(out, outOff + i);
        }
    }

    /** ln x for the first {@code count} elements, a multiple of the width; in place allowed. */
    static void log(float[] in, int inOff, float[] out, int outOff, int count) {
        FloatVector nan = FloatVector.broadcast(SPECIES, Float.NaN);
        FloatVector round = FloatVector.broadcast(SPECIES, ROUND);
        FloatVector minusHalf = FloatVector.broadcast(SPECIES, -0.5f);
        for (int i = 0; i < count; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, in, inOff + i);
            VectorMask<Float> small = x.compare(LT, Float.MIN_NORMAL);
            FloatVector scaled = x.blend(x.mul(LOG_SCALE), small);
            FloatVector offset = round.blend(LOG_OFFSET, small);

            IntVector bits = scaled.reinterpretAsInts().sub(SQRT_HALF_BITS);
            IntVector exponent = bits.lanewise(ASHR, 23);
            FloatVector n = exponent.add(ROUND_BITS).reinterpretAsFloats().sub(offset);
            IntVector mantissa = bits.and(MANTISSA);
            FloatVector f = mantissa.add(SQRT_HALF_BITS).reinterpretAsFloats().sub(1.0f);

            FloatVector f2 = f.mul(f);
            FloatVector f4 = f2.mul(f2);
            FloatVector low = f2.fma(f.fma(L3, L2), f.fma(L1, L0));
            FloatVector high = f2.fma(f.fma(L7, L6), f.fma(L5, L4));
            FloatVector w = f.fma(f4.fma(high, low), minusHalf);

            FloatVector sum = n.lanewise(FMA, LN2_HIGH, f);
            FloatVector tail = f.sub(n.lanewise(FMA, -LN2_HIGH, sum));
            FloatVector y = sum.add(f2.fma(w, n.lanewise(FMA, LN2_LOW, tail)));
            y = y.blend(x, x.compare(EQ, Float.POSITIVE_INFINITY));
            y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0.0f));
            nan.blend(y, x.compare(GE, 0.0f)).intoArray(out, outOff + i);
        }
    }

    /** 1 / (1 + e⁻ˣ) for the first {@code count} elements, a multiple of the width; in place allowed. */
    static void sigmoid(float[] in, int inOff, float[] out, int outOff, int count) {
        sigmoid(in, inOff, out, outOff, count, SIGMOID_MAX);
    }

    /** The same, but 0 below −{@code last} and 1 above it. */
    static void sigmoid(
            float[] in, int inOff, float[] out, int outOff, int count, float last) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1.0f);
        FloatVector minusOne = FloatVector.broadcast(SPECIES, -1.0f);
        FloatVector unit = FloatVector.broadcast(SPECIES, SIGMOID_SCALE);
        for (int i = 0; i < count; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, in, inOff + i);
            FloatVector a = x.abs();
            VectorMask<Float> past = a.compare(GT, last);
            a = a.blend(last, past);
            FloatVector t = a.fma(-LOG2_E, SIGMOID_ROUND);
            FloatVector n = t.sub(SIGMOID_ROUND);
            FloatVector r = n.lanewise(FMA, LN2, a);
            FloatVector scale = t.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();
            scale = scale.blend(-0f, past);

            FloatVector r2 = r.lanewise(FMA, r, TINY);
            FloatVector high = r2.fma(r.fma(S6, S5), r.fma(S4, S3));
            FloatVector q = r2.fma(high, r.fma(S2, SIGMOID_SCALE));
            FloatVector d = r.fma(q, unit.sub(scale));
            FloatVector lost = r.fma(q, unit.sub(d).sub(scale));
            lost = n.mul(LN2_TAIL).fma(d, lost);

            FloatVector g = minusOne.div(d);
            FloatVector residual = g.fma(lost, g.fma(d, one));
            FloatVector y = g.fma(residual, g).mul(scale);
            // 1 - y for x >= 0: with a mask one operation, as a difference and a blend two.
            y = y.lanewise(FMA, minusOne, one, x.compare(GE, 0.0f));
            y.intoArray(out, outOff + i);
        }
    }

    /** tanh x for the first {@code count} elements, a multiple of the width; in place allowed. */
    static void tanh(float[] in, int inOff, float[] out, int outOff, int count) {
        tanh(in, inOff, out, outOff, count, 0f);
    }

    /** The same, but 0 where |x| is below {@code least}. */
    static void tanh(float[] in, int inOff, float[] out, int outOff, int count, float least) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1.0f);
        int limit = Float.floatToRawIntBits(TANH_LIMIT);
        for (int i = 0; i < count; i += SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(SPECIES, in, inOff + i);
            FloatVector a = x.abs();
            FloatVector b = a.reinterpretAsInts().min(limit).reinterpretAsFloats();
            FloatVector t = b.fma(-2.0f * LOG2_E, TANH_ROUND);
            FloatVector n = t.sub(TANH_ROUND);
            FloatVector r = n.lanewise(FMA, 0.5f * LN2, b);
            FloatVector scale = t.reinterpretAsInts().lanewise(LSHL, 23).reinterpretAsFloats();

            FloatVector r2 = r.lanewise(FMA, r, TINY);
            FloatVector high = r2.fma(r.fma(D6, D5), r.fma(D4, D3));
            FloatVector q = r2.fma(high, r.fma(D2, 2.0f));
            FloatVector d = r.fma(q, scale.fma(0.5f, 1.0f));
            FloatVector large = one.sub(scale.div(d));

            FloatVector s = x.lanewise(FMA, x, TINY);
            FloatVector s2 = s.mul(s);
            FloatVector p = s.lanewise(FMA, s.fma(T6, T5), T4);
            p = s2.fma(p, s.fma(T3, T2));
            FloatVector small = x.fma(s.mul(s2.fma(p, s.fma(T1, T0))), x);
            FloatVector y = small.blend(large, a.compare(GE, TANH_SPLIT));
            IntVector sign = x.reinterpretAsInts().and(SIGN);
            y = y.reinterpretAsInts().or(sign).reinterpretAsFloats();
            y.blend(0f, a.compare(LT, least)).intoArray(out, outOff + i);
        }
    }
}
