package ebbtide.engine;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets one thread at a time into a plan, and holds off edits of its parameters meanwhile. Who comes second
 * is refused at once: waiting would hide that two threads share the buffers of one plan.
 */
final class Ownership {
    private final Parameters parameters;
    private final AtomicReference<Thread> owner = new AtomicReference<>();

    Ownership(Parameters parameters) {
        this.parameters = parameters;
    }

    /**
     * Takes the plan for the calling thread until it {@linkplain #leave leaves}.
     *
     * @throws IllegalStateException while another thread has it, or the parameters are edited
     */
    void enter() {
        Thread self = Thread.currentThread();
        if (!owner.compareAndSet(null, self)) {
            Thread other = owner.get();
            throw new IllegalStateException(
                    "plan in use by thread %s; give each thread a plan of its own"
                            .formatted(other == null ? "(just left)" : other.getName()));
        }
        try {
            parameters.acquire();
        } catch (IllegalStateException e) {
            owner.set(null);
            throw e;
        }
    }

    void leave() {
        parameters.release();
        owner.set(null);
    }
}
