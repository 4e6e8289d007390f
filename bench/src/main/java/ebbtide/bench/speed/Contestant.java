package ebbtide.bench.speed;

/**
 * Whoever computes a step of one shape: the engine on one set of kernels, or a peer. All work on the
 * same amount of data: inputs and ∂L/∂y come from outside, y, dx and the parameter gradients go there.
 */
interface Contestant {
    /** Returns the name that rows and ratios carry. */
    String name();

    /** Computes y. */
    void forward();

    /** Computes dx, dW, dU and db after {@link #forward}. */
    void backward();
}
