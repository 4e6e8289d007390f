package ebbtide.engine;

import java.util.Arrays;

/**
 * Gradients of every parameter, in the parameters' {@link Layout}. Backward passes add to them until
 * {@link #zero} is called. Not safe for use by several threads.
 *
 * <p><b>Micro-batches.</b> A batch that does not fit can go through smaller plans in turn, all adding to
 * one object, with dy that belongs to the whole batch (a mean divides by its size, not by that of the
 * part). Then y, hn, cn, dx, dh0 and dc0 are bit for bit those of one large batch. The gradients are
 * the same sums in another order: those of the large batch run over all rows of a step before they go
 * on to the step before it, in blocks of ⌊256 / B⌋ whole steps, so that any division of the rows divides
 * a block. They agree within the bound of rounding (NUMERICS.md), and bit for bit only
 *
 * <ul>
 *   <li>where nothing is rounded, as with small whole numbers;
 *   <li>for sums without products (biases, W of token inputs) over a single step, where each part
 *       after the first is one row: adding a row to the gradient is then what adding it to the block
 *       would be.
 * </ul>
 *
 * <p>The order of the parts decides the bits; the same division gives the same bits at any number of
 * threads.
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
