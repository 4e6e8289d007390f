package ebbtide.checks;

import ebbtide.kernels.Pointwise;

/** What ranges of floats showed of one elementary function and its twins. */
public final class FunctionErrors {
    private final ElementaryFunction f;
    private long cases;
    private double worst;
    private float place;
    private long notMonotone;
    private long different;
    private long asymmetric;
    private long notANumber;

    /** Starts with nothing seen. */
    public FunctionErrors(ElementaryFunction f) {
        this.f = f;
    }

    /** Looks at {@code x}, ascending; neighbours in it are held to be monotone. */
    public void see(Pointwise scalar, Pointwise vector, float[] x) {
        float[] y = new float[x.length];
        float[] z = new float[x.length];
        f.compute(scalar, x, y, x.length);
        f.compute(vector, x, z, x.length);
        float[] mirrored = mirrored(scalar, x);
        for (int i = 0; i < x.length; i++) {
            cases++;
            if (i > 0 && y[i] < y[i - 1]) {
                notMonotone++;
            }
            if (Float.floatToIntBits(y[i]) != Float.floatToIntBits(z[i])) {
                different++;
            }
            double error = ElementaryFunction.ulps(y[i], f.reference(x[i]));
            // NaN, a value where none may be, is worse than any error, and stays the worst.
            error = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
            if (error > worst) {
                worst = error;
                place = x[i];
            }
            if (!symmetric(x[i], y[i], mirrored[i])) {
                asymmetric++;
            }
        }
    }

    private float[] mirrored(Pointwise scalar, float[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = -x[i];
        }
        f.compute(scalar, y, y, x.length);
        return y;
    }

    private boolean symmetric(float x, float y, float mirrored) {
        return switch (f) {
            case EXP, LOG -> true;
            case SIGMOID -> x < 0 || Float.isNaN(x) || y == 1.0f - mirrored;
            case TANH -> Float.floatToIntBits(y) == Float.floatToIntBits(-mirrored);
        };
    }

    /** Looks at arguments that are NaN: the function must be. */
    public void seeNaN(Pointwise scalar, Pointwise vector, float[] x) {
        float[] y = new float[x.length];
        float[] z = new float[x.length];
        f.compute(scalar, x, y, x.length);
        f.compute(vector, x, z, x.length);
        for (int i = 0; i < x.length; i++) {
            cases++;
            if (!Float.isNaN(y[i]) || !Float.isNaN(z[i])) {
                notANumber++;
            }
        }
    }

    /** Adds what another range showed. */
    public void add(FunctionErrors other) {
        if (other.worst > worst) {
            worst = other.worst;
            place = other.place;
        }
        cases += other.cases;
        notMonotone += other.notMonotone;
        different += other.different;
        asymmetric += other.asymmetric;
        notANumber += other.notANumber;
    }

    /** Returns the arguments seen. */
    public long cases() {
        return cases;
    }

    /** Returns the largest error in ULP, at {@link #place}. */
    public double worst() {
        return worst;
    }

    /** Returns where the largest error is. */
    public float place() {
        return place;
    }

    /** Returns what is broken besides the error, in words, or an empty text. */
    public String broken() {
        String text = count(notMonotone, "neighbours fall") + count(different, "twins differ")
                + count(asymmetric, "are not symmetric") + count(notANumber, "lose a NaN");
        return text.strip();
    }

    private static String count(long n, String what) {
        return n == 0 ? "" : n + " " + what + " ";
    }
}
