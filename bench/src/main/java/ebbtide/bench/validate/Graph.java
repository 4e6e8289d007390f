package ebbtide.bench.validate;

import ebbtide.kernels.Pointwise;
import java.util.Arrays;

/**
 * A straight-line program on real numbers, computed in double as it is written down: node n is a leaf or
 * one operation on nodes before it. A network written so once can be run again in double or complex
 * numbers, differentiated either way ({@link GraphSweeps}), turned into the program of its own gradient
 * ({@link GraphGradient}), and bounded in its float32 rounding ({@link #rounding}).
 */
final class Graph {
    /** u, half the spacing of the floats in [1, 2). */
    static final double U = 0x1p-24;

    private static final double UNDERFLOW = 0x1p-150;
    /** What may count as zero, as a state or an adjoint; a little more, since it is judged by exact values. */
    private static final double VANISHED = 1.01 * Pointwise.VANISHED;

    /** What a node is: of its left and right node, or of two lists of nodes. */
    enum Op {
        LEAF, ADD, SUB, MUL, DOT, SIGMOID, TANH, RELU, EXP, LOG, SIGMOID_SLOPE, TANH_SLOPE,
        RELU_SLOPE, RECIPROCAL, RECIPROCAL_ROOT
    }

    private static final int[] NONE = {};

    private Op[] ops = new Op[1024];
    private int[][] left = new int[1024][];
    private int[][] right = new int[1024][];
    private double[] values = new double[1024];
    private int size;
    final int one = leaf(1);
    final int minusOne = leaf(-1);

    int size() {
        return size;
    }

    Op op(int node) {
        return ops[node];
    }

    int[] left(int node) {
        return left[node];
    }

    int[] right(int node) {
        return right[node];
    }

    double value(int node) {
        return values[node];
    }

    double[] values() {
        return Arrays.copyOf(values, size);
    }

    /** A number from outside, exact. */
    int leaf(double value) {
        int node = append(Op.LEAF, NONE, NONE);
        values[node] = value;
        return node;
    }

    int[] leaves(double[] numbers) {
        int[] nodes = new int[numbers.length];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = leaf(numbers[i]);
        }
        return nodes;
    }

    int add(int a, int b) {
        return node(Op.ADD, a, b);
    }

    int sub(int a, int b) {
        return node(Op.SUB, a, b);
    }

    int mul(int a, int b) {
        return node(Op.MUL, a, b);
    }

    int of(Op function, int a) {
        return computed(function, new int[] {a}, NONE);
    }

    /** Σ a[k]·b[k]; the lists are kept, not copied. */
    int dot(int[] a, int[] b) {
        return computed(Op.DOT, a, b);
    }

    private int node(Op op, int a, int b) {
        return computed(op, new int[] {a}, new int[] {b});
    }

    private int computed(Op op, int[] a, int[] b) {
        int node = append(op, a, b);
        values[node] = compute(node, values);
        return node;
    }

    private int append(Op op, int[] a, int[] b) {
        if (size == ops.length) {
            ops = Arrays.copyOf(ops, 2 * size);
            left = Arrays.copyOf(left, 2 * size);
            right = Arrays.copyOf(right, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        ops[size] = op;
        left[size] = a;
        right[size] = b;
        return size++;
    }

    /** The value of a node from those before it. */
    double compute(int node, double[] x) {
        int[] a = left[node];
        return switch (ops[node]) {
            case LEAF -> x[node];
            case ADD -> x[a[0]] + x[right[node][0]];
            case SUB -> x[a[0]] - x[right[node][0]];
            case MUL -> x[a[0]] * x[right[node][0]];
            case DOT -> {
                int[] b = right[node];
                double sum = 0;
                for (int k = 0; k < a.length; k++) {
                    sum += x[a[k]] * x[b[k]];
                }
                yield sum;
            }
            case SIGMOID -> 1 / (1 + Math.exp(-x[a[0]]));
            case TANH -> Math.tanh(x[a[0]]);
            case RELU -> Math.max(x[a[0]], 0);
            case EXP -> Math.exp(x[a[0]]);
            case LOG -> Math.log(x[a[0]]);
            case SIGMOID_SLOPE -> x[a[0]] * (1 - x[a[0]]);
            case TANH_SLOPE -> (1 - x[a[0]]) * (1 + x[a[0]]);
            case RELU_SLOPE -> x[a[0]] > 0 ? 1 : 0;
            case RECIPROCAL -> 1 / x[a[0]];
            case RECIPROCAL_ROOT -> 1 / Math.sqrt(x[a[0]]);
        };
    }

    /** The slope of a function by its argument. */
    double slope(int node) {
        double x = values[left[node][0]];
        double y = values[node];
        return switch (ops[node]) {
            case SIGMOID -> y * (1 - y);
            case TANH -> (1 - y) * (1 + y);
            case RELU -> y > 0 ? 1 : 0;
            case EXP -> y;
            case LOG -> 1 / x;
            case SIGMOID_SLOPE -> 1 - 2 * x;
            case TANH_SLOPE -> -2 * x;
            case RELU_SLOPE -> 0;
            case RECIPROCAL -> -y * y;
            case RECIPROCAL_ROOT -> -0.5 * y * y * y;
            default -> throw new AssertionError(ops[node]);
        };
    }

    /**
     * What float32 may lose in this one operation. A sum of n products in any order: γ_n·Σ|a·b| (Higham,
     * §3.1). The functions: one ULP, at most 2u of the value. Slopes: one fma and one product; a
     * reciprocal root: a root and a division. What has all but vanished may be flushed besides, whatever
     * it is.
     */
    double rounding(int node) {
        double y = Math.abs(values[node]);
        return operationRounding(node, y) + (ops[node] != Op.LEAF && y < VANISHED ? y : 0);
    }

    private double operationRounding(int node, double y) {
        return switch (ops[node]) {
            case LEAF, RELU, RELU_SLOPE -> 0;
            case ADD, SUB, MUL -> U * y + UNDERFLOW;
            case DOT -> dotRounding(left[node], right[node]);
            case SIGMOID, TANH, EXP, LOG, SIGMOID_SLOPE, TANH_SLOPE, RECIPROCAL, RECIPROCAL_ROOT ->
                2 * U * y + UNDERFLOW;
        };
    }

    private double dotRounding(int[] a, int[] b) {
        double magnitude = 0;
        for (int k = 0; k < a.length; k++) {
            magnitude += Math.abs(values[a[k]] * values[b[k]]);
        }
        return a.length * U / (1 - a.length * U) * magnitude + a.length * UNDERFLOW;
    }
}
