package ebbtide.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Views of a sequence's parts, made when another sequence comes and then kept: those who call a plan over and
 * over bring the same tensors, and a step allocates nothing.
 */
final class Parts<T> {
    private final int count;
    private final BiFunction<T, Integer, T> cut;
    private final List<T> parts = new ArrayList<>();
    private T whole;

    /** @param cut returns part i of a sequence */
    Parts(int count, BiFunction<T, Integer, T> cut) {
        this.count = count;
        this.cut = cut;
    }

    /** Returns part {@code i} of {@code whole}, or null of null. */
    T of(T whole, int i) {
        if (whole == null) {
            return null;
        }
        if (this.whole != whole) {
            parts.clear();
            for (int part = 0; part < count; part++) {
                parts.add(cut.apply(whole, part));
            }
            this.whole = whole;
        }
        return parts.get(i);
    }
}
