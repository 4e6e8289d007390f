package ebbtide.bench.peers;

/** Something that is loaded at most once, or found absent once and for all. */
final class Once<T> {
    /** Loads it. */
    interface Loading<T> {
        T load() throws AbsentPeerException;
    }

    private final Loading<T> loading;
    private T loaded;
    private AbsentPeerException absent;

    Once(Loading<T> loading) {
        this.loading = loading;
    }

    synchronized T get() throws AbsentPeerException {
        if (absent != null) {
            throw absent;
        }
        if (loaded == null) {
            try {
                loaded = loading.load();
            } catch (AbsentPeerException e) {
                absent = e;
                throw e;
            }
        }
        return loaded;
    }
}
