package ebbtide.engine.init;

import ebbtide.engine.random.Generator;
import java.util.Arrays;

/** The initialisers, and the names that the command line knows them by. */
public final class Initializers {
    private static final String CHOICES =
            "choose glorot, uniform, uniform=LIMIT, orthogonal, identity, identity=SCALE, radius=RADIUS or sparse=CONNECTIONS";

    private Initializers() {}

    /**
     * Uniform in ±√(6 / (rows + columns)), so that the variance of activations and of gradients is
     * kept between layers whose units are about linear. Source: X. Glorot, Y. Bengio,
     * "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010,
     * equation 16.
     */
    public static Initializer glorot() {
        return (w, rows, columns, random) -> {
            requireLength(w, rows, columns);
            uniform(w, StrictMath.sqrt(6 / ((double) rows + columns)), random);
        };
    }

    /**
     * Uniform in ±1/√rows. For the matrices of a recurrent layer, whose rows are its hidden units,
     * that is PyTorch's default ({@code torch.nn.RNN}: ±1/√hidden for weights and biases alike).
     * The default of {@code torch.nn.Linear} is {@link #uniform(double) uniform}(1/√inputs).
     */
    public static Initializer uniform() {
        return (w, rows, columns, random) -> {
            requireLength(w, rows, columns);
            uniform(w, 1 / StrictMath.sqrt(rows), random);
        };
    }

    /**
     * Uniform in ±{@code limit}.
     *
     * @throws IllegalArgumentException unless the limit is a finite number above 0
     */
    public static Initializer uniform(double limit) {
        requirePositive("uniform: limit", limit);
        return (w, rows, columns, random) -> {
            requireLength(w, rows, columns);
            uniform(w, limit, random);
        };
    }

    /** Orthonormal rows or columns; see {@link Orthogonal}. */
    public static Initializer orthogonal() {
        return new Orthogonal();
    }

    /**
     * W = {@code scale}·1, for a square recurrent matrix of rectified units: without input the
     * state then stays, and gradients pass unchanged. Biases belong to be zero. Source: Q. Le, N.
     * Jaitly, G. Hinton, "A simple way to initialize recurrent networks of rectified linear units",
     * arXiv:1504.00941, 2015 (scale 1; 0.01 for short memories).
     *
     * @throws IllegalArgumentException unless the scale is a finite number above 0
     */
    public static Initializer identity(double scale) {
        requirePositive("identity: scale", scale);
        return (w, rows, columns, random) -> {
            requireLength(w, rows, columns);
            requireSquare("identity", rows, columns);
            Arrays.fill(w, 0f);
            for (int i = 0; i < rows; i++) {
                w[i * columns + i] = (float) scale;
            }
        };
    }

    /**
     * Gaussian, scaled so that the largest |eigenvalue| is {@code radius}; see {@link
     * SpectralRadius}.
     */
    public static Initializer radius(double radius) {
        return new SpectralRadius(radius);
    }

    /** {@code connections} gaussian weights into each unit, of variance 1; see {@link Sparse}. */
    public static Initializer sparse(int connections) {
        return new Sparse(connections, 1);
    }

    /**
     * Returns the initialiser that the command line calls {@code text}: {@code glorot}, {@code
     * uniform} (±1/√rows), {@code uniform=0.08}, {@code orthogonal}, {@code identity}, {@code
     * identity=0.5}, {@code radius=0.9}, {@code sparse=15}.
     *
     * @throws IllegalArgumentException with a message of one line if there is none of that name, or
     *     its number is missing, superfluous or out of range
     */
    public static Initializer parse(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        String value = equals < 0 ? null : text.substring(equals + 1);
        return switch (name) {
            case "glorot", "orthogonal" -> {
                if (value != null) {
                    throw new IllegalArgumentException(
                            "initializer '%s': %s takes no number; write %s"
                                    .formatted(text, name, name));
                }
                yield name.equals("glorot") ? glorot() : orthogonal();
            }
            case "uniform" -> value == null ? uniform() : uniform(number(text, value));
            case "identity" -> identity(value == null ? 1 : number(text, value));
            case "radius" -> radius(number(text, value));
            case "sparse" -> sparse(count(text, value));
            default ->
                throw new IllegalArgumentException(
                        "unknown initializer '%s'; %s".formatted(text, CHOICES));
        };
    }

    private static double number(String text, String value) {
        try {
            return Double.parseDouble(value == null ? "" : value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "initializer '%s': expected a number after '=', got '%s'; %s"
                            .formatted(text, value == null ? "" : value, CHOICES),
                    e);
        }
    }

    private static int count(String text, String value) {
        try {
            return Integer.parseInt(value == null ? "" : value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "initializer '%s': expected a whole number after '=', got '%s'; %s"
                            .formatted(text, value == null ? "" : value, CHOICES),
                    e);
        }
    }

    private static void uniform(float[] w, double limit, Generator random) {
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) (limit * (2 * random.nextDouble() - 1));
        }
    }

    /** Throws unless the array holds exactly the matrix. */
    static void requireLength(float[] w, int rows, int columns) {
        if (rows < 1 || columns < 1 || w.length != (long) rows * columns) {
            throw new IllegalArgumentException(
                    "initializer: expected rows and columns of at least 1 and an array of rows x columns, got %d x %d and %d floats"
                            .formatted(rows, columns, w.length));
        }
    }

    /** Throws unless the matrix is square. */
    static void requireSquare(String name, int rows, int columns) {
        if (rows != columns) {
            throw new IllegalArgumentException(
                    "initializer %s: expected a square (recurrent) matrix, got %d x %d; use glorot, uniform or orthogonal"
                            .formatted(name, rows, columns));
        }
    }

    /** Throws unless the value is a finite float above 0. */
    static void requirePositive(String what, double value) {
        if (!((float) value > 0f && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "%s: expected a finite number above 0, got %s".formatted(what, value));
        }
    }
}
