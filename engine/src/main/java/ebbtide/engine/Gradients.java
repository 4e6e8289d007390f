package ebbtide.engine;

import java.util.Arrays;

/**
 * Gradients of every parameter, in the parameters' {@link Layout}. Backward passes add to them until
 * {@link #zero} is called. Not safe for use by several threads.
 */
public final class Gradients {
    private final Layout layout;
    private final float[] values;

    /** Creates gradients that are all zero. */
    public Gradients(Layout layout) {
        this.layout = layout;
        this.values = new float[layout.size()];
    }

    /** Returns the layout. */
    public Layout layout() {
        return layout;
    }

    /** Returns the flat array itself. */
    public float[] array() {
        return values;
    }

    /** Sets every gradient to zero. */
    public void zero() {
        Arrays.fill(values, 0f);
    }

    /** Returns a copy of tensor {@code name} without padding. */
    public float[] read(String name) {
        return layout.read(values, name);
    }
}
