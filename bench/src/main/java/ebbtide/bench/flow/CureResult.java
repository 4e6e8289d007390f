package ebbtide.bench.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of one cure: of each seed, and of the first one its curves. */
final class CureResult {
    final String name;
    /** Its arguments, or what it is where it is no training. */
    final String arguments;
    final List<Double> before = new ArrayList<>();
    final List<Double> after = new ArrayList<>();
    final List<Double> accuracies = new ArrayList<>();
    /** ‖∂L/∂h_t‖, 1 at the end, before and after training, or null. */
    double[] curveBefore;
    double[] curveAfter;
    int solved;
    long updates;
    double seconds;

    CureResult(String name, String arguments) {
        this.name = name;
        this.arguments = arguments;
    }

    /** Median of the seeds, NaN where no gradient goes through time. */
    double changeBefore() {
        return median(before);
    }

    double changeAfter() {
        return median(after);
    }

    private static double median(List<Double> values) {
        return values.isEmpty()
                ? Double.NaN
                : Curve.quantile(values.stream().mapToDouble(v -> v).toArray(), 0.5);
    }

    double accuracy() {
        return accuracies.stream().mapToDouble(a -> a).average().orElse(Double.NaN);
    }

    int seeds() {
        return accuracies.size();
    }

    Map<String, Object> json() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("cure", name);
        figures.put("arguments", arguments);
        figures.put("before", changeBefore());
        figures.put("after", changeAfter());
        figures.put("solved", solved);
        figures.put("accuracy", accuracy());
        figures.put("updates", updates / seeds());
        figures.put("seconds", seconds / seeds());
        return figures;
    }
}
