/** Cells, the time loop, gradients and training, on the kernels of {@code ebbtide.kernels}. */
module ebbtide.engine {
    requires transitive ebbtide.kernels;
    requires com.fasterxml.jackson.core;

    exports ebbtide.engine;
    exports ebbtide.engine.echo;
    exports ebbtide.engine.init;
    exports ebbtide.engine.io;
    exports ebbtide.engine.linalg;
    exports ebbtide.engine.loss;
    exports ebbtide.engine.optim;
    exports ebbtide.engine.random;

    uses ebbtide.engine.linalg.LinearAlgebraProvider;
}
