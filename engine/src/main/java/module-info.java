/** Cells, the time loop, gradients and training, on the kernels of {@code ebbtide.kernels}. */
module ebbtide.engine {
    requires transitive ebbtide.kernels;
    requires com.fasterxml.jackson.core;

    exports ebbtide.engine;
}
