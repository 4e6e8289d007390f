package ebbtide.engine;

import ebbtide.kernels.Kernels;

/** What all passes of one worker share. */
record WorkerContext(
        Kernels kernels,
        Partition partition,
        int worker,
        int workers,
        ActiveRows active,
        FusedProduct product) {}
