package ebbtide.bench.validate;

import ebbtide.bench.validate.Graph.Op;

/** One pass over a graph: again with other numbers, derivatives forward and back, rounding errors. */
final class GraphSweeps {
    private GraphSweeps() {
    }

    /** All values with the leaves as in {@code x}, which is overwritten. */
    static void evaluate(Graph graph, double[] x) {
        for (int node = 0; node < x.length; node++) {
            x[node] = graph.compute(node, x);
        }
    }

    /** Jv: how each node moves when the leaves move by {@code v}, which is overwritten. */
    static void tangent(Graph graph, double[] v) {
        for (int node = 0; node < v.length; node++) {
            int[] a = graph.left(node);
            int[] b = graph.right(node);
            v[node] = switch (graph.op(node)) {
                case LEAF -> v[node];
                case ADD -> v[a[0]] + v[b[0]];
                case SUB -> v[a[0]] - v[b[0]];
                case MUL, DOT -> {
                    double sum = 0;
                    for (int k = 0; k < a.length; k++) {
                        sum += v[a[k]] * graph.value(b[k]) + graph.value(a[k]) * v[b[k]];
                    }
                    yield sum;
                }
                default -> graph.slope(node) * v[a[0]];
            };
        }
    }

    /** Jᵀw: w holds weights of nodes and is overwritten by the derivatives of their sum. */
    static void adjoint(Graph graph, double[] w) {
        for (int node = w.length - 1; node >= 0; node--) {
            if (w[node] != 0) {
                back(graph, node, w[node], w);
            }
        }
    }

    private static void back(Graph graph, int node, double adjoint, double[] w) {
        int[] a = graph.left(node);
        int[] b = graph.right(node);
        switch (graph.op(node)) {
            case LEAF -> {
            }
            case ADD -> {
                w[a[0]] += adjoint;
                w[b[0]] += adjoint;
            }
            case SUB -> {
                w[a[0]] += adjoint;
                w[b[0]] -= adjoint;
            }
            case MUL, DOT -> {
                for (int k = 0; k < a.length; k++) {
                    w[a[k]] += adjoint * graph.value(b[k]);
                    w[b[k]] += adjoint * graph.value(a[k]);
                }
            }
            default -> w[a[0]] += adjoint * graph.slope(node);
        }
    }

    /**
     * Σ |∂out/∂v|·δ_v over all operations v: to first order, what rounding can move {@code out} by. The
     * derivative is that of the whole program, formed before its absolute value is taken.
     */
    static double bound(Graph graph, int out, double[] roundings) {
        double[] w = new double[out + 1];
        w[out] = 1;
        adjoint(graph, w);
        double sum = 0;
        for (int node = 0; node <= out; node++) {
            sum += Math.abs(w[node]) * roundings[node];
        }
        return sum;
    }

    /** The derivative of {@code out} by one leaf from a complex step (Squire, Trapp, 1998). */
    static double complexStep(Graph graph, int leaf, int out) {
        double h = 1e-30;
        double[] re = new double[out + 1];
        double[] im = new double[out + 1];
        for (int node = 0; node <= out; node++) {
            if (graph.op(node) == Op.LEAF) {
                re[node] = graph.value(node);
                im[node] = node == leaf ? h : 0;
            } else {
                complex(graph, node, re, im);
            }
        }
        return im[out] / h;
    }

    private static void complex(Graph graph, int node, double[] re, double[] im) {
        int[] a = graph.left(node);
        int[] b = graph.right(node);
        double x = re[a[0]];
        double y = im[a[0]];
        switch (graph.op(node)) {
            case ADD -> set(node, x + re[b[0]], y + im[b[0]], re, im);
            case SUB -> set(node, x - re[b[0]], y - im[b[0]], re, im);
            case MUL, DOT -> {
                double r = 0;
                double i = 0;
                for (int k = 0; k < a.length; k++) {
                    r += re[a[k]] * re[b[k]] - im[a[k]] * im[b[k]];
                    i += re[a[k]] * im[b[k]] + im[a[k]] * re[b[k]];
                }
                set(node, r, i, re, im);
            }
            case EXP -> set(node, Math.exp(x) * Math.cos(y), Math.exp(x) * Math.sin(y), re, im);
            case LOG -> set(node, Math.log(Math.hypot(x, y)), Math.atan2(y, x), re, im);
            case SIGMOID -> {
                double r = 1 + Math.exp(-x) * Math.cos(y);
                double i = -Math.exp(-x) * Math.sin(y);
                set(node, r / (r * r + i * i), -i / (r * r + i * i), re, im);
            }
            case TANH -> {
                double t = Math.tanh(x);
                double s = Math.tan(y);
                double d = 1 + t * t * s * s;
                set(node, t * (1 + s * s) / d, s * (1 - t * t) / d, re, im);
            }
            case RECIPROCAL_ROOT -> {
                double r = 1 / Math.sqrt(Math.hypot(x, y));
                double angle = -Math.atan2(y, x) / 2;
                set(node, r * Math.cos(angle), r * Math.sin(angle), re, im);
            }
            default -> throw new AssertionError("not analytic: " + graph.op(node));
        }
    }

    private static void set(int node, double r, double i, double[] re, double[] im) {
        re[node] = r;
        im[node] = i;
    }
}
