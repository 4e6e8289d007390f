package ebbtide.engine.echo;

import java.util.Arrays;

/**
 * Linear regression with a ridge, from sums that grow row by row: S = Σ x·xᵀ and R = Σ x·yᵀ, and
 * then V = ((S + λI)⁻¹·R)ᵀ, which minimises Σ ‖V·x − y‖² + λ‖V‖². Memory is features² + 2 · features
 * · outputs numbers, however long the series: feed it in as many pieces as it comes in. Rows are
 * added one at a time in their order, so pieces and a single pass give the same bits.
 *
 * <p>Rows are float64, sums and the Cholesky factor pairs of float64 ({@link Doubled}). Reservoir
 * states are nearly collinear: the eigenvalues of S spread over twenty decades and more, and in the
 * small ones lies what tells a forecast with an error of 1e-4 from one with 1e-3. Float64 sums lose
 * what is below 2⁻⁵³ of the largest, and force a ridge that hides it.
 *
 * <p>Sources: A. Hoerl, R. Kennard, "Ridge regression", Technometrics 12(1), 1970; M. Lukoševičius,
 * "A practical guide to applying echo state networks", in: Neural networks: tricks of the trade,
 * Springer 2012, section 4.2 and equation 9.
 *
 * <p>Not safe for use by several threads.
 */
public final class RidgeReadout {
    private final int features;
    private final int outputs;
    /** The lower triangle of S, high and low parts. */
    private final double[][] squares;
    private final double[][] squaresLow;
    /** Rᵀ, a row for each output, high and low parts. */
    private final double[][] products;
    private final double[][] productsLow;
    private long rows;

    /**
     * Starts sums of no rows.
     *
     * @throws IllegalArgumentException if a size is below 1
     */
    public RidgeReadout(int features, int outputs) {
        this.features = Numbers.atLeast(1, "features", features);
        this.outputs = Numbers.atLeast(1, "outputs", outputs);
        this.squares = triangle(features);
        this.squaresLow = triangle(features);
        this.products = new double[outputs][features];
        this.productsLow = new double[outputs][features];
    }

    private static double[][] triangle(int rows) {
        double[][] triangle = new double[rows][];
        Arrays.setAll(triangle, i -> new double[i + 1]);
        return triangle;
    }

    /** Returns how many rows have been added. */
    public long rows() {
        return rows;
    }

    /**
     * Adds one row.
     *
     * @param x features
     * @param y holds the outputs from {@code offset}
     * @throws IllegalArgumentException unless the lengths fit and all numbers are finite; the sums
     *     are then as they were
     */
    public void add(double[] x, double[] y, int offset) {
        Numbers.length("features", features, x.length);
        if (offset < 0 || offset > y.length - outputs) {
            throw new IllegalArgumentException(
                    "outputs: expected %d from %d on, got an array of %d"
                            .formatted(outputs, offset, y.length));
        }
        Numbers.finite("features", x, 0, features);
        Numbers.finite("outputs", y, offset, outputs);
        for (int i = 0; i < features; i++) {
            Doubled.addMultiple(x[i], x, squares[i], squaresLow[i]);
        }
        for (int o = 0; o < outputs; o++) {
            Doubled.addMultiple(y[offset + o], x, products[o], productsLow[o]);
        }
        rows++;
    }

    /**
     * Returns V, a row of features for each output. The sums stay: more rows may follow, and
     * another ridge may be tried.
     *
     * @param ridge λ, at least 0
     * @throws IllegalArgumentException unless λ is finite and at least 0
     * @throws ArithmeticException if S + λI is not positive definite: features that depend on each
     *     other, or fewer rows than features, with too small a ridge
     */
    public double[][] solve(double ridge) {
        Numbers.range("ridge", ridge, 0, Double.MAX_VALUE);
        double[][] high = new double[features][];
        double[][] low = new double[features][];
        double trace = 0;
        Doubled sum = new Doubled();
        for (int i = 0; i < features; i++) {
            high[i] = squares[i].clone();
            low[i] = squaresLow[i].clone();
            trace += high[i][i];
            sum.add(high[i][i], low[i][i], ridge);
            high[i][i] = sum.high();
            low[i][i] = sum.low();
        }
        Cholesky factors;
        try {
            factors = new Cholesky(high, low);
        } catch (ArithmeticException e) {
            throw new ArithmeticException(
                    "read-out of %d features from %d rows with ridge %s: %s; raise the ridge, to %.0e or more"
                            .formatted(features, rows, ridge, e.getMessage(),
                                    Math.max(trace, 1e-300) * 0x1p-96));
        }
        double[][] weights = new double[outputs][];
        for (int o = 0; o < outputs; o++) {
            weights[o] = products[o].clone();
            factors.solve(weights[o], productsLow[o].clone());
        }
        return weights;
    }
}
