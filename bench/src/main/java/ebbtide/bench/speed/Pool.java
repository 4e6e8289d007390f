package ebbtide.bench.speed;

import ebbtide.engine.Workers;

/** The threads that contestants of one thread count share, and what is measured on them. */
final class Pool implements AutoCloseable {
    final Workers workers;
    final FmaPeak peak;
    final ThreadAllocation allocation;

    Pool(int threads) {
        workers = Workers.of(threads);
        peak = new FmaPeak(workers);
        allocation = new ThreadAllocation(workers);
    }

    int threads() {
        return workers.threads();
    }

    @Override
    public void close() {
        workers.close();
    }
}
