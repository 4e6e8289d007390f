package ebbtide.engine;

/** Passes of a network that keep few states; whoever calls has checked the arguments. */
interface Checkpoints {
    /** The bytes of the workspace. */
    long bytes();

    /** Whether sequences may differ in length. */
    boolean variableLengths();

    /** Sets the lengths of the sequences, or null where all are full. */
    void lengths(int[] lengths);

    /** Draws new masks, or none. */
    void masks(boolean drawn, long seed);

    /** As {@link UnrolledNetwork#forward}. */
    long forward(Tensor x, Tokens tokens, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn);

    /** As {@link UnrolledNetwork#backward}, from ∂L/∂ of the last states on. */
    void backward(
            Tensor dy,
            Tensor dhn,
            Tensor dcn,
            Tensor dx,
            Tensor dh0,
            Tensor dc0,
            Gradients gradients);
}
