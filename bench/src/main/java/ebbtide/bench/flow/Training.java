package ebbtide.bench.flow;

import ebbtide.bench.data.Source;
import ebbtide.bench.train.Session;
import ebbtide.engine.Model;
import ebbtide.engine.Workers;
import java.util.List;

/**
 * A training as {@code ebbtide train} would start it.
 *
 * @param model the model
 * @param kind its cells
 * @param source its data
 * @param session the training itself, before its first update
 */
public record Training(Model model, CellKind kind, Source source, Session session) {
    /** Starts trainings. */
    @FunctionalInterface
    public interface Starter {
        /** Returns the training that {@code ebbtide train} would start with these arguments. */
        Training start(List<String> arguments, Workers workers);
    }
}
