package ebbtide.kernels;

/** The pointwise nonlinearities φ of a cell; each derivative is a function of the output y = φ(z). */
public enum Activation {
    /** φ(z) = 1 / (1 + e⁻ᶻ), φ′ = y·(1 − y). */
    SIGMOID,
    /** φ(z) = tanh z, φ′ = 1 − y². */
    TANH,
    /** φ(z) = z where z is not below zero (NaN and −0 pass), else 0; φ′ = 0 where y ≤ 0, else 1. */
    RELU,
    /** φ(z) = z, φ′ = 1. */
    IDENTITY
}
