package ebbtide.bench.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON has no NaN and no infinity. */
final class JsonFigures {
    private JsonFigures() {
    }

    /** Returns a copy in which numbers that are not finite are null, however deep they lie. */
    static Map<String, Object> finite(Map<?, ?> figures) {
        Map<String, Object> copy = new LinkedHashMap<>();
        figures.forEach((name, value) -> copy.put(name.toString(), finite(value)));
        return copy;
    }

    private static Object finite(Object value) {
        return switch (value) {
            case Double d -> Double.isFinite(d) ? d : null;
            case double[] array -> finite(Arrays.stream(array).boxed().toList());
            case List<?> list -> list.stream().map(JsonFigures::finite).toList();
            case Map<?, ?> map -> finite(map);
            case null, default -> value;
        };
    }
}
