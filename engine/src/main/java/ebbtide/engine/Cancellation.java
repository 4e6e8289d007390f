package ebbtide.engine;

import java.util.concurrent.CancellationException;

/**
 * A switch that stops a running plan within one time step. Parameters stay whole: only an optimiser
 * changes them. Gradients of a cancelled pass are unspecified; zero them.
 *
 * <p>Safe for use by several threads.
 */
public final class Cancellation {
    private volatile boolean cancelled;

    /** Creates a switch that is off. */
    public Cancellation() {}

    /** Stops the plans that watch this switch. */
    public void cancel() {
        cancelled = true;
    }

    /** Lets plans run again. */
    public void reset() {
        cancelled = false;
    }

    /** Returns whether {@link #cancel} was called. */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Throws if {@link #cancel} was called.
     *
     * @throws CancellationException if so
     */
    public void check() {
        if (cancelled) {
            throw new CancellationException("cancelled");
        }
    }
}
