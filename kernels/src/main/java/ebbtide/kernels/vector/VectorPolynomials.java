package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Polynomials;
import jdk.incubator.vector.FloatVector;

/** The constants of {@link Polynomials}, one to every lane. */
final class VectorPolynomials {

    // Shared.
    static final FloatVector ZERO = all(0.0f);
    static final FloatVector HALF = all(0.5f);
    static final FloatVector ONE = all(1.0f);
    static final FloatVector TWO = all(2.0f);
    static final FloatVector INFINITY = all(Float.POSITIVE_INFINITY);
    static final FloatVector TINY = all(Polynomials.TINY);

    // exp
    static final FloatVector LOG2_E = all(Polynomials.LOG2_E);
    static final FloatVector MINUS_LN2_LOW = all(-Polynomials.LN2_LOW);
    static final FloatVector EXP_MIN = all(Polynomials.EXP_MIN);
    static final FloatVector EXP_MAX = all(Polynomials.EXP_MAX);
    static final FloatVector EXP_ROUND = all(Polynomials.EXP_ROUND);
    static final FloatVector E2 = all(Polynomials.E2);
    static final FloatVector E3 = all(Polynomials.E3);
    static final FloatVector E4 = all(Polynomials.E4);
    static final FloatVector E5 = all(Polynomials.E5);
    static final FloatVector E6 = all(Polynomials.E6);

    // log
    static final FloatVector MINUS_LN2_HIGH = all(-Polynomials.LN2_HIGH);
    static final FloatVector MIN_NORMAL = all(Float.MIN_NORMAL);
    static final FloatVector LOG_SCALE = all(Polynomials.LOG_SCALE);
    static final FloatVector ROUND = all(Polynomials.ROUND);
    static final FloatVector LOG_OFFSET = all(Polynomials.LOG_OFFSET);
    static final FloatVector LN2_HIGH = all(Polynomials.LN2_HIGH);
    static final FloatVector LN2_LOW = all(Polynomials.LN2_LOW);
    static final FloatVector MINUS_HALF = all(-0.5f);
    static final FloatVector MINUS_INFINITY = all(Float.NEGATIVE_INFINITY);
    static final FloatVector NAN = all(Float.NaN);
    static final FloatVector L0 = all(Polynomials.L0);
    static final FloatVector L1 = all(Polynomials.L1);
    static final FloatVector L2 = all(Polynomials.L2);
    static final FloatVector L3 = all(Polynomials.L3);
    static final FloatVector L4 = all(Polynomials.L4);
    static final FloatVector L5 = all(Polynomials.L5);
    static final FloatVector L6 = all(Polynomials.L6);
    static final FloatVector L7 = all(Polynomials.L7);

    // sigmoid
    static final FloatVector MINUS_LOG2_E = all(-Polynomials.LOG2_E);
    static final FloatVector LN2 = all(Polynomials.LN2);
    static final FloatVector LN2_TAIL = all(Polynomials.LN2_TAIL);
    static final FloatVector SIGMOID_MAX = all(Polynomials.SIGMOID_MAX);
    static final FloatVector SIGMOID_SCALE = all(Polynomials.SIGMOID_SCALE);
    static final FloatVector SIGMOID_ROUND = all(Polynomials.SIGMOID_ROUND);
    static final FloatVector S2 = all(Polynomials.S2);
    static final FloatVector S3 = all(Polynomials.S3);
    static final FloatVector S4 = all(Polynomials.S4);
    static final FloatVector S5 = all(Polynomials.S5);
    static final FloatVector S6 = all(Polynomials.S6);

    // tanh
    static final FloatVector MINUS_TWO_LOG2_E = all(-2.0f * Polynomials.LOG2_E);
    static final FloatVector HALF_LN2 = all(0.5f * Polynomials.LN2);
    static final FloatVector TANH_ROUND = all(Polynomials.TANH_ROUND);
    static final FloatVector TANH_SPLIT = all(Polynomials.TANH_SPLIT);
    static final FloatVector D2 = all(Polynomials.D2);
    static final FloatVector D3 = all(Polynomials.D3);
    static final FloatVector D4 = all(Polynomials.D4);
    static final FloatVector D5 = all(Polynomials.D5);
    static final FloatVector D6 = all(Polynomials.D6);
    static final FloatVector T0 = all(Polynomials.T0);
    static final FloatVector T1 = all(Polynomials.T1);
    static final FloatVector T2 = all(Polynomials.T2);
    static final FloatVector T3 = all(Polynomials.T3);
    static final FloatVector T4 = all(Polynomials.T4);
    static final FloatVector T5 = all(Polynomials.T5);
    static final FloatVector T6 = all(Polynomials.T6);
    static final int TANH_MAX_BITS = Float.floatToRawIntBits(Polynomials.TANH_LIMIT);

    private VectorPolynomials() {}

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
