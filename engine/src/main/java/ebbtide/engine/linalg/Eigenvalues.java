package ebbtide.engine.linalg;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The eigenvalues of a real matrix, largest modulus first; of a conjugate pair, which has one modulus,
 * the one with the positive imaginary part first.
 *
 * @param real their real parts
 * @param imaginary their imaginary parts
 */
public record Eigenvalues(double[] real, double[] imaginary) {
    /** Brings eigenvalues in any order into this one. */
    public static Eigenvalues sorted(double[] real, double[] imaginary) {
        int[] order =
                IntStream.range(0, real.length)
                        .boxed()
                        .sorted(
                                Comparator.<Integer>comparingDouble(
                                        i -> -Math.hypot(real[i], imaginary[i]))
                                        .thenComparingDouble(i -> -real[i])
                                        .thenComparingDouble(i -> -imaginary[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        return new Eigenvalues(
                IntStream.of(order).mapToDouble(i -> real[i]).toArray(),
                IntStream.of(order).mapToDouble(i -> imaginary[i]).toArray());
    }

    /** Returns how many there are, multiple ones counted as often. */
    public int count() {
        return real.length;
    }

    /** Returns |λ| of one. */
    public double modulus(int index) {
        return Math.hypot(real[index], imaginary[index]);
    }

    /** Returns the spectral radius, max |λ|. */
    public double spectralRadius() {
        return modulus(0);
    }
}
