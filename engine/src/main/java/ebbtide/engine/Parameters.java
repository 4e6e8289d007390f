package ebbtide.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The parameters of a model: one flat array, a {@link Layout}, and a version that every edit raises, so
 * that packed copies of the weights cannot go stale.
 *
 * <p>Reading is free to any thread while nobody edits. An edit waits for no one: it fails at once while
 * a plan is running on these parameters.
 */
public final class Parameters {
    private final Layout layout;
    private final float[] values;
    /** Passes that run on these parameters, or −1 during an edit. */
    private final AtomicInteger users = new AtomicInteger();
    private volatile long version;

    /** Creates parameters that are all zero. */
    public Parameters(Layout layout) {
        this.layout = layout;
        this.values = new float[layout.size()];
    }

    /** Returns the layout. */
    public Layout layout() {
        return layout;
    }

    /** Returns how many edits there have been. */
    public long version() {
        return version;
    }

    /**
     * Lets {@code edit} change the flat array, and raises the version even if it throws.
     *
     * @throws IllegalStateException while a plan runs on these parameters
     */
    public void edit(Consumer<float[]> edit) {
        if (!users.compareAndSet(0, -1)) {
            throw new IllegalStateException(
                    "parameters edited while a plan runs on them; finish forward and backward first");
        }
        try {
            edit.accept(values);
        } finally {
            version++;
            users.set(0);
        }
    }

    /** Returns a copy of tensor {@code name} without padding. */
    public float[] read(String name) {
        return layout.read(values, name);
    }

    /** Replaces tensor {@code name}; one edit. */
    public void write(String name, float[] dense) {
        edit(flat -> layout.write(flat, name, dense));
    }

    /** The flat array, for reading by the engine. */
    float[] array() {
        return values;
    }

    /** Marks the parameters as in use by a running plan; edits fail until {@link #release}. */
    void acquire() {
        if (users.updateAndGet(n -> n < 0 ? n : n + 1) < 0) {
            throw new IllegalStateException(
                    "a plan was started while the parameters were edited; wait for the edit to end");
        }
    }

    void release() {
        users.decrementAndGet();
    }
}
