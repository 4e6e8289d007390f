package ebbtide.bench.flow;

import ebbtide.bench.plot.Report;
import java.util.Map;

/**
 * How an experiment came out.
 *
 * @param measured in one line
 * @param holds whether the prediction holds
 * @param figures for JSON
 * @param page charts, tables and words
 */
public record Outcome(
        String measured, boolean holds, Map<String, Object> figures, Report page) {
}
