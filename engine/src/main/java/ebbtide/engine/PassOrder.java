package ebbtide.engine;

/**
 * Keeps the passes of a plan in order: one thread at a time, while nobody edits the parameters; a
 * backward pass once after each forward pass, over the parameters that it saw.
 */
final class PassOrder {
    private static final long NONE = -1;

    private final Rnn rnn;
    private final Ownership ownership;
    private long forwardVersion = NONE;
    private boolean wentBack;
    private boolean masksDrawn;

    PassOrder(Rnn rnn) {
        this.rnn = rnn;
        ownership = new Ownership(rnn.parameters());
    }

    /** Takes the plan for the calling thread until it {@linkplain #leave leaves}. */
    void enter() {
        ownership.enter();
    }

    void leave() {
        ownership.leave();
    }

    /** What the last forward pass left is no longer of use. */
    void forget() {
        forwardVersion = NONE;
    }

    void masks(boolean drawn) {
        forget();
        masksDrawn = drawn;
    }

    /** A forward pass ended that saw this version of the parameters. */
    void wentForward(long version) {
        forwardVersion = version;
        wentBack = false;
    }

    void requireForward() {
        if (forwardVersion != rnn.parameters().version()) {
            throw new IllegalStateException(
                    forwardVersion == NONE
                            ? "no forward pass to go back over; call forward first"
                            : "the parameters were edited after forward; call forward again");
        }
    }

    /** A backward pass begins, and writes over what forward left. */
    void goBack() {
        requireForward();
        if (!masksDrawn && rnn.regularization().zones()) {
            throw new IllegalStateException(
                    "backward over zoneout needs masks; call drawMasks before forward");
        }
        if (wentBack) {
            throw new IllegalStateException(
                    "backward was called twice after one forward pass, which it writes over; call forward again");
        }
        wentBack = true;
    }

    void requireBackward() {
        if (!wentBack) {
            throw new IllegalStateException("no backward pass yet; call backward first");
        }
    }
}
