package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link VectorMath} over arrays, y[i] = f(x[i]) for whole vectors: the only loops that hand a vector
 * to a method of ours.
 *
 * <p>C2 builds some 500 nodes for every vector operation, and past 18,000 nodes in one compilation
 * ({@code NodeCountInliningCutoff}) it inlines only what the JDK forces it to. Where that point falls
 * before a call that takes a vector, every vector of the loop is boxed and the loop runs twenty times
 * slower; and where it falls depends on what else was inlined, hence on the profile. (Seen with the
 * four activations behind one {@code switch}, with exp and log in one loop, and with private methods
 * that took an accumulator.) So the other kernels call nothing but the Vector API inside their loops,
 * and make a second pass over a row in L1 where they need one of these functions.
 */
final class VectorFunctions {
    private VectorFunctions() {}

    static void exp(float[] x, int xOff, float[] y, int yOff, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOff + i);
            VectorMath.exp(v).intoArray(y, yOff + i);
        }
    }

    static void log(float[] x, int xOff, float[] y, int yOff, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOff + i);
            VectorMath.log(v).intoArray(y, yOff + i);
        }
    }

    static void sigmoid(float[] x, int xOff, float[] y, int yOff, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOff + i);
            VectorMath.sigmoid(v).intoArray(y, yOff + i);
        }
    }

    static void tanh(float[] x, int xOff, float[] y, int yOff, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xOff + i);
            VectorMath.tanh(v).intoArray(y, yOff + i);
        }
    }
}
