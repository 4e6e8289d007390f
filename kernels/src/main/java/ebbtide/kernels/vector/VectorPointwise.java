package ebbtide.kernels.vector;

import static ebbtide.kernels.Polynomials.SIGMOID_LAST;
import static ebbtide.kernels.Polynomials.SIGMOID_MAX;
import static ebbtide.kernels.vector.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Panels;
import ebbtide.kernels.Pointwise;
import ebbtide.kernels.scalar.ScalarPointwise;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * {@link Pointwise} on vectors. Every derivative spells out the same sum and flush: no method may take
 * a vector, {@link VectorFunctions} says why. Clipping is a pass of its own, since few ask for it. (In two
 * passes over a row differentiate took twice as long; before sigmoid and tanh the second pass does not
 * show.)
 */
public final class VectorPointwise implements Pointwise {
    private static final ScalarPointwise TAIL = new ScalarPointwise();

    /** A row of −0, which changes no number that it is added to. */
    private static final float[] NOTHING = new float[8 * Panels.WIDTH];

    static {
        Arrays.fill(NOTHING, -0f);
    }

    private final float least;

    /** Creates the operations. */
    public VectorPointwise() {
        this(VANISHED);
    }

    /** @param least what is smaller in magnitude is flushed */
    VectorPointwise(float least) {
        this.least = least;
    }

    @Override
    public Pointwise gradual() {
        return new VectorPointwise(0f);
    }

    @Override
    public void apply(Activation f, float[] x, int xOff, float[] y, int yOff, int n) {
        int done = SPECIES.loopBound(n);
        applyVectors(f, x, xOff, y, yOff, done);
        TAIL.apply(f, x, xOff + done, y, yOff + done, n - done);
    }

    @Override
    public void exp(float[] x, int xOff, float[] y, int yOff, int n) {
        int done = SPECIES.loopBound(n);
        VectorFunctions.exp(x, xOff, y, yOff, done);
        TAIL.exp(x, xOff + done, y, yOff + done, n - done);
    }

    @Override
    public void log(float[] x, int xOff, float[] y, int yOff, int n) {
        int done = SPECIES.loopBound(n);
        VectorFunctions.log(x, xOff, y, yOff, done);
        TAIL.log(x, xOff + done, y, yOff + done, n - done);
    }

    @Override
    public void addBias(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] bias,
            int biasOff,
            float[] out,
            int outOff,
            int outStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int o = outOff + r * outStride;
            for (int c = 0; c < columns; c += SPECIES.length()) {
                FloatVector b = FloatVector.fromArray(SPECIES, bias, biasOff + c);
                FloatVector.fromArray(SPECIES, sums, s + c).add(b).intoArray(out, o + c);
            }
        }
    }

    @Override
    public void activate(
            Activation f,
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] h,
            int hOff,
            int hStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int y = hOff + r * hStride;
            add(sums, sumsOff + r * sumsStride, h, y, columns);
            state(f, h, y, columns);
        }
    }

    /** flush(φ(z)) in place. */
    private void state(Activation f, float[] h, int y, int columns) {
        switch (f) {
            case SIGMOID -> VectorFunctions.sigmoid(
                    h, y, h, y, columns, least == 0f ? SIGMOID_MAX : SIGMOID_LAST);
            case TANH -> VectorFunctions.tanh(h, y, h, y, columns, least);
            case RELU -> relu(h, y, h, y, columns, least);
            case IDENTITY -> flush(h, y, columns);
        }
    }

    @Override
    public void differentiate(
            Activation f,
            float limit,
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] h,
            int hOff,
            int hStride,
            float[] dz,
            int dzOff,
            int dzStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int s = sumsOff + r * sumsStride;
            int y = hOff + r * hStride;
            int d = dzOff + r * dzStride;
            if (limit == Float.POSITIVE_INFINITY) {
                backward(f, sums, s, h, y, dz, d, columns);
            } else {
                addAndClip(limit, sums, s, dz, d, columns);
                for (int c = 0; c < columns; c += NOTHING.length) {
                    int n = Math.min(NOTHING.length, columns - c);
                    backward(f, NOTHING, 0, h, y + c, dz, d + c, n);
                }
            }
        }
    }

    private void backward(
            Activation f, float[] sums, int s, float[] h, int y, float[] dz, int d, int columns) {
        switch (f) {
            case SIGMOID -> sigmoidBackward(least, sums, s, h, y, dz, d, columns);
            case TANH -> tanhBackward(least, sums, s, h, y, dz, d, columns);
            case RELU -> reluBackward(least, sums, s, h, y, dz, d, columns);
            case IDENTITY -> {
                add(sums, s, dz, d, columns);
                flush(dz, d, columns);
            }
        }
    }

    @Override
    public void accumulate(
            float[] sums,
            int sumsOff,
            int sumsStride,
            float[] out,
            int outOff,
            int outStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            add(sums, sumsOff + r * sumsStride, out, outOff + r * outStride, columns);
        }
    }

    /** y = φ(x) over n elements, n a multiple of the width. */
    private static void applyVectors(Activation f, float[] x, int xOff, float[] y, int yOff,
            int n) {
        switch (f) {
            case SIGMOID -> VectorFunctions.sigmoid(x, xOff, y, yOff, n);
            case TANH -> VectorFunctions.tanh(x, xOff, y, yOff, n);
            case RELU -> relu(x, xOff, y, yOff, n, 0f);
            case IDENTITY -> copy(x, xOff, y, yOff, n);
        }
    }

    private static void relu(
            float[] x, int xOff, float[] y, int yOff, int n, float least) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOff + i);
            v.blend(0f, v.compare(LT, least)).intoArray(y, yOff + i);
        }
    }

    private static void copy(float[] x, int xOff, float[] y, int yOff, int n) {
        if (x != y || xOff != yOff) {
            System.arraycopy(x, xOff, y, yOff, n);
        }
    }

    private static void add(float[] x, int xOff, float[] sum, int sumOff, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOff + i);
            FloatVector.fromArray(SPECIES, sum, sumOff + i).add(v).intoArray(sum, sumOff + i);
        }
    }

    private static void sigmoidBackward(
            float least, float[] sums, int s, float[] h, int y, float[] dz, int d, int columns) {
        for (int c = 0; c < columns; c += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, sums, s + c);
            v = FloatVector.fromArray(SPECIES, dz, d + c).add(v);
            v = v.blend(0f, v.abs().compare(LT, least));
            FloatVector u = FloatVector.fromArray(SPECIES, h, y + c);
            v.mul(u.neg().fma(u, u)).intoArray(dz, d + c);
        }
    }

    private static void tanhBackward(
            float least, float[] sums, int s, float[] h, int y, float[] dz, int d, int columns) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int c = 0; c < columns; c += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, sums, s + c);
            v = FloatVector.fromArray(SPECIES, dz, d + c).add(v);
            v = v.blend(0f, v.abs().compare(LT, least));
            FloatVector u = FloatVector.fromArray(SPECIES, h, y + c);
            v.mul(u.neg().fma(u, one)).intoArray(dz, d + c);
        }
    }

    private static void reluBackward(
            float least, float[] sums, int s, float[] h, int y, float[] dz, int d, int columns) {
        for (int c = 0; c < columns; c += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, sums, s + c);
            v = FloatVector.fromArray(SPECIES, dz, d + c).add(v);
            v = v.blend(0f, v.abs().compare(LT, least));
            FloatVector u = FloatVector.fromArray(SPECIES, h, y + c);
            v.blend(0f, u.compare(LE, 0f)).intoArray(dz, d + c);
        }
    }

    private void flush(float[] x, int xOff, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOff + i);
            v.blend(0f, v.abs().compare(LT, least)).intoArray(x, xOff + i);
        }
    }

    /** dz = clip(dz + sums). */
    private static void addAndClip(
            float limit, float[] sums, int s, float[] dz, int d, int columns) {
        for (int c = 0; c < columns; c += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, sums, s + c);
            v = FloatVector.fromArray(SPECIES, dz, d + c).add(v);
            v = v.blend(limit, v.compare(GT, limit));
            v.blend(-limit, v.compare(LT, -limit)).intoArray(dz, d + c);
        }
    }
}
