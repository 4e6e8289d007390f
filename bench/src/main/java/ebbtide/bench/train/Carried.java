package ebbtide.bench.train;

import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;

/**
 * A state that one window hands to the next: h of every layer and, where the cells have one, c after
 * it, in one array that a checkpoint saves as it is.
 */
final class Carried {
    private final Tensor all;
    private final Tensor h;
    private final Tensor c;

    /** Creates a state of {@code batch} sequences that is zero. */
    Carried(Rnn rnn, int batch) {
        int layers = rnn.layers();
        int hidden = rnn.hidden();
        int kinds = rnn.hasCellState() ? 2 : 1;
        all = Tensor.zeros(kinds * layers, batch, hidden);
        h = part(all, 0, layers);
        c = rnn.hasCellState() ? part(all, layers, layers) : null;
    }

    private static Tensor part(Tensor all, int first, int layers) {
        return new Tensor(
                all.data(), all.index(first, 0), layers, all.rows(), all.features(),
                all.stepStride(), all.rowStride());
    }

    /** The states [layers, batch, hidden]. */
    Tensor h() {
        return h;
    }

    /** The cell states [layers, batch, hidden], or null. */
    Tensor c() {
        return c;
    }

    /** All floats. */
    float[] data() {
        return all.data();
    }
}
