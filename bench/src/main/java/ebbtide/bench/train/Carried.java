package ebbtide.bench.train;

import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;

/**
 * A state that one window hands to the next: h of every layer and, where the cells have one, c after
 * it, in one array that a checkpoint saves as it is.
 */
final class Carried {
    private final float[] data;
    private final Tensor h;
    private final Tensor c;

    /** Creates a state of {@code batch} sequences that is zero. */
    Carried(Rnn rnn, int batch) {
        int states = rnn.states();
        int h = states * batch * rnn.features();
        int c = rnn.hasCellState() ? states * batch * rnn.hidden() : 0;
        data = new float[h + c];
        this.h = part(0, states, batch, rnn.features());
        this.c = rnn.hasCellState() ? part(h, states, batch, rnn.hidden()) : null;
    }

    private Tensor part(int offset, int states, int batch, int features) {
        return new Tensor(data, offset, states, batch, features, batch * features, features);
    }

    /** The states that a forward pass begins with. */
    Tensor h() {
        return h;
    }

    /** The cell states, or null. */
    Tensor c() {
        return c;
    }

    /** All floats. */
    float[] data() {
        return data;
    }
}
