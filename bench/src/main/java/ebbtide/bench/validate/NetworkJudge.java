package ebbtide.bench.validate;

import java.util.Map;
import java.util.TreeSet;

/**
 * Holds the engine's outputs, forward and backward, to the first-order bound of their rounding, element
 * by element. A bound is one pass over the whole graph, so of large tensors the elements with the largest
 * errors are judged, and some others.
 */
final class NetworkJudge {
    /** Above this share of the tensor's largest element a bound says nothing. */
    private static final double REACH = 1e-2;

    private final GraphNetwork network;
    private final double[] roundings;
    private final int elements;
    private final Worst worst;
    private final Median median = new Median();
    private double widest;

    /** Judges by this network; {@code work} limits the nodes visited for one tensor. */
    NetworkJudge(GraphNetwork network, String shape, double work) {
        this.network = network;
        Graph graph = network.graph;
        roundings = new double[graph.size()];
        double edges = 0;
        for (int node = 0; node < roundings.length; node++) {
            roundings[node] = graph.rounding(node);
            edges += 1 + graph.left(node).length;
        }
        elements = (int) Math.clamp(work / edges, 4, 1e6);
        worst = new Worst(shape);
    }

    /** Judges all tensors. */
    void judge(Map<String, float[]> actual) {
        actual.forEach((name, numbers) -> judge(name, numbers, network.outputs.get(name)));
    }

    private void judge(String name, float[] actual, int[] nodes) {
        double largest = 0;
        for (int node : nodes) {
            largest = Math.max(largest, Math.abs(value(node)));
        }
        if (largest > Float.MAX_VALUE) {
            // It overflows in float32, which no bound of relative errors foresees.
            widest = Double.POSITIVE_INFINITY;
        }
        for (int i : chosen(actual, nodes)) {
            double error = Math.abs(actual[i] - value(nodes[i]));
            double bound = nodes[i] < 0
                    ? 0
                    : GraphSweeps.bound(network.graph, nodes[i], roundings);
            widest = Math.max(widest, bound / largest);
            // Exactly right is right even where the bound is 0.
            double ratio = error == 0 ? 0 : error / bound;
            median.see(ratio);
            worst.see(ratio, () -> "%s[%d], error %.3g".formatted(name, i, error));
        }
    }

    private double value(int node) {
        return node < 0 ? 0 : network.graph.value(node);
    }

    /** All elements, or those with the largest errors and as many at even distances. */
    private TreeSet<Integer> chosen(float[] actual, int[] nodes) {
        TreeSet<Integer> chosen = new TreeSet<>();
        int even = Math.max(1, 2 * nodes.length / elements);
        TreeSet<Integer> byError = new TreeSet<>((a, b) -> {
            int order = Double.compare(error(actual, nodes, b), error(actual, nodes, a));
            return order == 0 ? Integer.compare(a, b) : order;
        });
        for (int i = 0; i < nodes.length; i++) {
            if (nodes.length <= elements || i % even == 0) {
                chosen.add(i);
            }
            byError.add(i);
            if (byError.size() > elements / 2) {
                byError.pollLast();
            }
        }
        chosen.addAll(byError);
        return chosen;
    }

    private double error(float[] actual, int[] nodes, int i) {
        double error = Math.abs(actual[i] - value(nodes[i]));
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    Finding finding(String check, String subject) {
        Finding finding = Finding.of(
                check, subject, worst, 1, "of the bound",
                "median %.2g, bound up to %.2g".formatted(median.value(), widest));
        // Past its reach the bound is wrong as a whole: a saturated unit has no slope, but errors.
        return widest <= REACH
                ? finding
                : finding.outOfReach("the bound grows to %.2g, relative".formatted(widest));
    }
}
