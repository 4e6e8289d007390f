package ebbtide.bench.data;

import java.util.Arrays;

/**
 * One batch of unrolled steps as the network sees it. Row {@code t * batch + b} of every array belongs
 * to step t of sequence b. Sources fill the same window again and again, so that a training step
 * allocates nothing. Not safe for use by several threads.
 */
public final class Window {
    /** Unrolled steps, T. */
    public final int steps;
    /** Sequences side by side, B. */
    public final int batch;
    /** Integer inputs [T, B]; empty where inputs are floats. */
    public final int[] tokens;
    /** Float inputs [T, B, I]; empty where inputs are integers. */
    public final float[] x;
    /** Classes to predict [T, B]; empty where values are predicted. */
    public final int[] classes;
    /** Values to predict [T, B, O]; empty where classes are predicted. */
    public final float[] values;
    /** 1 where a row counts in the mean loss, else 0 [T, B]. */
    public final float[] mask;
    /** Whether the initial state is zero; otherwise it is carried over. */
    public boolean fresh;
    /** How much the window's mean loss counts among others. */
    public int samples;

    /** Creates a window for {@code source}. */
    public Window(Source source) {
        steps = source.steps();
        batch = source.batch();
        int rows = Math.multiplyExact(steps, batch);
        boolean classify = source.objective() == Objective.CROSS_ENTROPY;
        tokens = new int[source.tokens() ? rows : 0];
        x = new float[source.tokens() ? 0 : Math.multiplyExact(rows, source.inputs())];
        classes = new int[classify ? rows : 0];
        values = new float[classify ? 0 : Math.multiplyExact(rows, source.outputs())];
        mask = new float[rows];
    }

    /** Makes everything zero. */
    public void clear() {
        Arrays.fill(tokens, 0);
        Arrays.fill(x, 0f);
        Arrays.fill(classes, 0);
        Arrays.fill(values, 0f);
        Arrays.fill(mask, 0f);
    }
}
