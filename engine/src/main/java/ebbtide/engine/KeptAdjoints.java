package ebbtide.engine;

import ebbtide.kernels.Reductions;

/**
 * What a plan keeps of a layer's ∂L/∂h_t: every step of it, or its norms, or both. Norms alone need the
 * values of two steps only, which stay in the cache: one is measured while the other is written.
 */
final class KeptAdjoints {
    private static final int STEPS_TO_MEASURE = 2;

    /** Which of them are kept. */
    record Choice(boolean values, boolean norms) {
        /** Makes room for them, in rows of {@code stride} floats, or returns null. */
        KeptAdjoints room(int steps, int batch, int stride) {
            return values || norms ? new KeptAdjoints(this, steps, batch, stride) : null;
        }

        /** Floats of that room, for each row of the batch. */
        long floats(int steps, int stride) {
            return (long) slots(steps) * stride + (norms ? steps : 0);
        }

        private int slots(int steps) {
            return values ? steps : norms ? STEPS_TO_MEASURE : 0;
        }
    }

    final Choice choice;
    /** ∂L/∂h_t: of every step, or of the last two that were reached. */
    final float[] values;

    private final int slots;
    private final int batch;
    private final int stride;
    private final float[] norms;

    private KeptAdjoints(Choice choice, int steps, int batch, int stride) {
        this.choice = choice;
        this.batch = batch;
        this.stride = stride;
        slots = choice.slots(steps);
        values = new float[Shapes.size(slots, batch, stride)];
        norms = new float[choice.norms() ? Shapes.size(steps, batch, 1) : 0];
    }

    /** Index in {@link #values} of a row of step {@code t}. */
    int index(int t, int row) {
        return (t % slots * batch + row) * stride;
    }

    /** Takes the norms of some rows of step {@code t}, whose elements are all there. */
    void measure(Reductions reductions, int t, int from, int to, int features) {
        for (int row = from; choice.norms() && row < to; row++) {
            norms[t * batch + row] = reductions.norm(values, index(t, row), features);
        }
    }

    /** ‖∂L/∂h_t‖ of a row. */
    float norm(int t, int row) {
        return norms[t * batch + row];
    }
}
