package ebbtide.engine.echo;

import ebbtide.engine.init.SpectralRadius;
import ebbtide.engine.random.Generator;

/**
 * A sparse square matrix W in compressed rows (CSR):
 *
 * <pre>
 *   row i:  sources[i·k .. (i+1)·k)   columns, ascending
 *           weights[i·k .. (i+1)·k)   ±scale
 * </pre>
 *
 * Every unit receives exactly k connections, so the starts of rows need no array of their own. The
 * weights are +1 or −1 before scaling, as in Jaeger's networks (2001): exact in float, so that the
 * spectral radius is that of the matrix itself and not of a rounded copy.
 */
final class Reservoir {
    private final int units;
    private final int connections;
    private final int[] sources;
    private final double[] weights;

    private Reservoir(int units, int connections) {
        this.units = units;
        this.connections = connections;
        this.sources = new int[units * connections];
        this.weights = new double[units * connections];
    }

    /**
     * Draws k sources for each unit without replacement, and scales to the spectral radius.
     *
     * @throws IllegalArgumentException if all eigenvalues of the drawn matrix are zero
     */
    static Reservoir random(int units, int connections, double radius, Generator random) {
        Reservoir reservoir = new Reservoir(units, connections);
        float[] dense = new float[units * units];
        for (int i = 0; i < units; i++) {
            reservoir.draw(i, dense, random);
        }
        double largest = SpectralRadius.of(dense, units);
        // Gelfand's formula takes a nilpotent matrix to zero, or to what rounding leaves of it.
        if (!(largest > 1e-3)) {
            throw new IllegalArgumentException(
                    "reservoir: expected a cycle among %d units of %d connections, drew none; raise connections or change the seed"
                            .formatted(units, connections));
        }
        double factor = radius / largest;
        for (int e = 0; e < reservoir.weights.length; e++) {
            reservoir.weights[e] *= factor;
        }
        return reservoir;
    }

    /** Floyd's sampling, by the dense row: k distinct columns, whatever their order of drawing. */
    private void draw(int row, float[] dense, Generator random) {
        int start = row * units;
        for (int bound = units - connections + 1; bound <= units; bound++) {
            int column = random.nextInt(bound);
            if (dense[start + column] != 0) {
                column = bound - 1;
            }
            dense[start + column] = random.nextLong() < 0 ? -1 : 1;
        }
        int e = row * connections;
        for (int column = 0; column < units; column++) {
            if (dense[start + column] != 0) {
                sources[e] = column;
                weights[e++] = dense[start + column];
            }
        }
    }

    /** sums[i] += Σ W[i, j]·x[j], j ascending. */
    void addProduct(double[] x, double[] sums) {
        for (int i = 0; i < units; i++) {
            double sum = 0;
            for (int e = i * connections; e < (i + 1) * connections; e++) {
                sum += weights[e] * x[sources[e]];
            }
            sums[i] += sum;
        }
    }

    /** Returns W, dense, row after row. */
    double[] dense() {
        double[] dense = new double[units * units];
        for (int e = 0; e < weights.length; e++) {
            dense[e / connections * units + sources[e]] = weights[e];
        }
        return dense;
    }
}
