package ebbtide.bench.peers;

/** A peer that cannot run here; the message is the reason in a few words. */
public final class AbsentPeerException extends Exception {
    private static final long serialVersionUID = 1;

    AbsentPeerException(String reason) {
        super(reason);
    }
}
