package ebbtide.bench.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** JSON has no NaN and no infinity. */
final class JsonFigures {
    private JsonFigures() {
    }

    /** Returns a copy in which numbers that are not finite are null. */
    static Map<String, Object> finite(Map<String, ?> figures) {
        Map<String, Object> copy = new LinkedHashMap<>();
        figures.forEach((name, value) -> copy.put(name, finite(value)));
        return copy;
    }

    private static Object finite(Object value) {
        boolean finite = !(value instanceof Double d) || Double.isFinite(d);
        return finite ? value : null;
    }
}
